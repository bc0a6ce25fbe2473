//! The code: one file for each trait that a struct gets.

mod decode;
mod default;
mod encode;
mod generate;
mod json;
pub(crate) mod message;
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

    /// `if` the version has the field, `then`, `else` if it lacks it.
    fn if_present(&self, field: &Field, then: TokenStream, otherwise: TokenStream) -> TokenStream {
        choose(field.versions().condition(self.versions()), then, otherwise)
    }

    /// `if` the field may be null, `then`, `else` if it may not.
    fn if_nullable(&self, field: &Field, then: TokenStream, otherwise: TokenStream) -> TokenStream {
        if !field.is_option() {
            return then;
        }
        let (versions, outer) = (field.versions(), self.versions());
        let present = Versions {
            min: versions.min.max(outer.min),
            max: versions.max.min(outer.max),
        };
        choose(field.nullable().condition(present), then, otherwise)
    }
}

/// Code made of [`step`]s that ends in `Ok`, or in the error of a step with the
/// name of its field.
///
/// One place for the errors of all fields. To name the field at each of them
/// takes a third more to build, and makes each message half as large again.
fn in_steps(steps: TokenStream) -> TokenStream {
    if steps.is_empty() {
        return quote!(::core::result::Result::Ok(()));
    }
    quote! {
        let mut field: &'static str;
        let error = 'steps: {
            #steps
            return ::core::result::Result::Ok(());
        };
        ::core::result::Result::Err(error.in_field(field))
    }
}

/// One of [`in_steps`]: `result` is an expression, `field` the name for its
/// error, empty for none.
fn step(field: &str, result: TokenStream) -> TokenStream {
    quote! {
        field = #field;
        if let ::core::result::Result::Err(error) = #result {
            break 'steps error;
        }
    }
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
