//! The code: one file for each trait that a struct gets.

mod decode;
mod default;
mod encode;
mod generate;
mod json;
pub(crate) mod message;
mod parts;
mod schema;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{GenericParam, Generics, LifetimeParam, Path, Type, TypeParamBound, parse_quote};

use crate::ast::{Field, Input, Shape};
use crate::versions::Versions;

pub(crate) fn expand(input: &Input) -> TokenStream {
    let cx = Context {
        input,
        krate: input.krate(),
    };
    let mut parts = match &input.shape {
        Shape::Struct {
            fields,
            unknown_tags,
        } => vec![
            default::expand(&cx, fields, *unknown_tags),
            encode::expand(&cx, fields, *unknown_tags),
            decode::expand(&cx, fields, *unknown_tags),
            schema::expand(&cx, fields),
            message::expand(&cx, fields),
        ],
        Shape::Newtype(ty) => vec![
            default::expand_newtype(&cx),
            encode::expand_newtype(&cx, ty),
            decode::expand_newtype(&cx, ty),
        ],
    };
    if cfg!(feature = "json") {
        parts.push(match &input.shape {
            Shape::Struct { fields, .. } => json::expand(&cx, fields),
            Shape::Newtype(ty) => json::expand_newtype(&cx, ty),
        });
    }
    if cfg!(feature = "generate") {
        parts.push(match &input.shape {
            Shape::Struct {
                fields,
                unknown_tags,
            } => generate::expand(&cx, fields, *unknown_tags),
            Shape::Newtype(_) => generate::expand_newtype(&cx),
        });
    }
    concat(parts)
}

/// What every part needs.
struct Context<'a> {
    input: &'a Input<'a>,
    krate: Path,
}

impl Context<'_> {
    /// `impl<...> Trait for Struct<...> where ... { body }`, with `bound` on
    /// every type parameter.
    fn implement(&self, of: TokenStream, bound: TypeParamBound, body: TokenStream) -> TokenStream {
        self.implement_with(self.bounded(bound), of, body)
    }

    fn implement_with(
        &self,
        generics: Generics,
        of: TokenStream,
        body: TokenStream,
    ) -> TokenStream {
        let ident = &self.input.original.ident;
        let (_, ty_generics, _) = self.input.original.generics.split_for_impl();
        let (impl_generics, _, where_clause) = generics.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #impl_generics #of for #ident #ty_generics #where_clause { #body }
        }
    }

    /// The struct's generics, with `bound` on every type parameter.
    fn bounded(&self, bound: TypeParamBound) -> Generics {
        let mut generics = self.input.original.generics.clone();
        for param in generics.type_params_mut() {
            param.bounds.push(bound.clone());
        }
        generics
    }

    /// The struct's generics, with `bound` on every type parameter, and with a
    /// lifetime of what it is made from, which outlives every one of its own.
    fn outlived_by(&self, mut source: LifetimeParam, bound: TypeParamBound) -> Generics {
        let mut generics = self.bounded(bound);
        let lifetimes = generics.lifetimes().map(|param| param.lifetime.clone());
        source.bounds.extend(lifetimes);
        generics.params.insert(0, GenericParam::Lifetime(source));
        generics
    }

    /// Versions in which the struct can be met.
    fn versions(&self) -> Versions {
        self.input.versions()
    }

    /// Can the struct be met in a flexible version? Inner structs do not know.
    fn maybe_flexible(&self) -> bool {
        self.input.attrs.versions.is_none() || !self.input.flexible().is_empty()
    }

    /// Whether the version has the field; none if all have it.
    fn is_present(&self, field: &Field) -> Option<TokenStream> {
        field.versions().condition(self.versions())
    }

    /// Whether the version allows the field to be null; none if all do that have the field.
    fn is_nullable(&self, field: &Field) -> Option<TokenStream> {
        if !field.is_option() {
            return None;
        }
        let (versions, outer) = (field.versions(), self.versions());
        let present = Versions {
            min: versions.min.max(outer.min),
            max: versions.max.min(outer.max),
        };
        field.nullable().condition(present)
    }

    /// `let version = io.version();`, if any of the fields asks for it.
    fn version(&self, io: TokenStream, fields: &[Field]) -> TokenStream {
        let asks = |f: &Field| self.is_present(f).is_some() || self.is_nullable(f).is_some();
        if fields.iter().any(asks) {
            quote!(let version = #io.version();)
        } else {
            TokenStream::new()
        }
    }

    /// `if` the version has the field, `then`, `else` if it lacks it.
    fn if_present(&self, field: &Field, then: TokenStream, otherwise: TokenStream) -> TokenStream {
        choose(self.is_present(field), then, otherwise)
    }

    /// `if` the field may be null, `then`, `else` if it may not.
    fn if_nullable(&self, field: &Field, then: TokenStream, otherwise: TokenStream) -> TokenStream {
        choose(self.is_nullable(field), then, otherwise)
    }
}

/// The body of a method that reads or writes by `io`, made of [`step`]s: each is an expression that
/// says whether to go on, and the first that says no has left its error with `io`.
///
/// No `?`, and one place for the names of all fields: a `Result` at each step takes twice as much
/// code, of which a debug build feels every line.
fn in_steps(io: TokenStream, steps: Vec<TokenStream>) -> TokenStream {
    let mut steps = steps.into_iter();
    let Some(first) = steps.next() else {
        return quote!(::core::result::Result::Ok(()));
    };
    quote! {
        let mut field = "";
        let ok = #first #(&& #steps)*;
        #io.finish(ok, field)
    }
}

/// One of [`in_steps`]: `go_on` is an expression, `field` the name for its error.
fn step(field: &str, go_on: TokenStream) -> TokenStream {
    quote!({ field = #field; #go_on })
}

/// `if condition { then } else { otherwise }`, without what is empty.
fn choose(
    condition: Option<TokenStream>,
    then: TokenStream,
    otherwise: TokenStream,
) -> TokenStream {
    match condition {
        None => then,
        Some(condition) if otherwise.is_empty() => quote!(if #condition { #then }),
        Some(condition) => quote!(if #condition { #then } else { #otherwise }),
    }
}

/// Types that hold no error code, whatever their value; a method that does
/// nothing costs time to build all the same.
fn may_hold_errors(ty: &Type) -> bool {
    const NONE: [&str; 13] = [
        "bool",
        "i8",
        "i16",
        "u16",
        "i32",
        "u32",
        "i64",
        "f64",
        "String",
        "Bytes",
        "Uuid",
        "BrokerIds",
        "ApiKey",
    ];
    match ty {
        Type::Path(path) => path.path.segments.last().is_none_or(|segment| {
            let syn::PathArguments::AngleBracketed(args) = &segment.arguments else {
                return !NONE.iter().any(|name| segment.ident == name);
            };
            args.args.iter().any(|arg| match arg {
                syn::GenericArgument::Type(ty) => may_hold_errors(ty),
                _ => false,
            })
        }),
        Type::Group(group) => may_hold_errors(&group.elem),
        Type::Reference(_) => false,
        _ => true,
    }
}

/// The bound `krate::wire::Encode`.
fn encode_bound(krate: &Path) -> TypeParamBound {
    parse_quote!(#krate::wire::Encode)
}

/// All of `parts`, one after the other.
fn concat<T: ToTokens>(parts: impl IntoIterator<Item = T>) -> TokenStream {
    let mut all = TokenStream::new();
    for part in parts {
        part.to_tokens(&mut all);
    }
    all
}
