//! `Context`: the struct that code is generated for.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericParam, Generics, LifetimeParam, Path, Type, TypeParamBound, parse_quote};

use super::steps::choose;
use crate::ast::{Field, Input, is_certain};
use crate::versions::Versions;

/// The struct that code is generated for, and the path of the protocol crate.
pub(super) struct Context<'a> {
    pub(super) input: &'a Input<'a>,
    pub(super) krate: Path,
}

impl Context<'_> {
    /// `impl<...> Trait for Struct<...> where ... { body }`, with `bound` on every type parameter.
    pub(super) fn implement(
        &self,
        of: TokenStream,
        bound: TypeParamBound,
        body: TokenStream,
    ) -> TokenStream {
        self.implement_with(self.bounded(bound), of, body)
    }

    pub(super) fn implement_with(
        &self,
        generics: Generics,
        of: TokenStream,
        body: TokenStream,
    ) -> TokenStream {
        let ident = &self.input.original.ident;
        let (_, ty_generics, _) = self.input.original.generics.split_for_impl();
        let (impl_generics, _, where_clause) = generics.split_for_impl();
        // Errors about a missing impl would list those of all messages.
        let unlisted = generics
            .type_params()
            .next()
            .is_none()
            .then(|| quote!(#[diagnostic::do_not_recommend]));
        quote! {
            #[automatically_derived]
            #unlisted
            impl #impl_generics #of for #ident #ty_generics #where_clause { #body }
        }
    }

    /// The bound `wire::Value`.
    pub(super) fn value_bound(&self) -> TypeParamBound {
        let krate = &self.krate;
        parse_quote!(#krate::wire::Value)
    }

    /// The bound `wire::Encode`.
    pub(super) fn encode_bound(&self) -> TypeParamBound {
        let krate = &self.krate;
        parse_quote!(#krate::wire::Encode)
    }

    /// The struct's generics, with the bounds for structs that are written, read and owned.
    pub(super) fn encode_and_decode(&self) -> Generics {
        let krate = &self.krate;
        let mut generics = self.bounded(self.encode_bound());
        for param in generics.type_params_mut() {
            let decode = parse_quote!(for<'__de> #krate::wire::Decode<'__de>);
            param.bounds.push(decode);
        }
        generics
    }

    /// The struct's generics, with `bound` on every type parameter.
    pub(super) fn bounded(&self, bound: TypeParamBound) -> Generics {
        let mut generics = self.input.original.generics.clone();
        for param in generics.type_params_mut() {
            param.bounds.push(bound.clone());
        }
        generics
    }

    /// The struct's generics, with `bound` on every type parameter, and with the lifetime of the
    /// source that it is read from, which outlives all of its own lifetimes.
    pub(super) fn outlived_by(&self, mut source: LifetimeParam, bound: TypeParamBound) -> Generics {
        let mut generics = self.bounded(bound);
        let lifetimes = generics.lifetimes().map(|param| param.lifetime.clone());
        source.bounds.extend(lifetimes);
        generics.params.insert(0, GenericParam::Lifetime(source));
        generics
    }

    /// Whether the struct has type parameters. `Default` and `Generate` of such a struct have no
    /// bound that makes its fields `__derive::Field`.
    pub(super) fn is_generic(&self) -> bool {
        self.input.original.generics.type_params().next().is_some()
    }

    /// A reference to the field of `value`, through `__derive::Field`; its doc says why. Not for a
    /// type that is certain to be one: it is most of what a debug build has to check.
    pub(super) fn get(&self, field: &Field, value: TokenStream) -> TokenStream {
        let (krate, ty, ident) = (&self.krate, field.ty, field.ident);
        if is_certain(ty) {
            return quote!(&#value.#ident);
        }
        quote_spanned!(at(ty)=> <#ty as #krate::__derive::Field<_>>::get(&#value.#ident))
    }

    /// Like [`get`](Self::get), but mutable.
    pub(super) fn get_mut(&self, field: &Field, value: TokenStream) -> TokenStream {
        let (krate, ty, ident) = (&self.krate, field.ty, field.ident);
        if is_certain(ty) {
            return quote!(&mut #value.#ident);
        }
        quote_spanned!(at(ty)=> <#ty as #krate::__derive::Field<_>>::get_mut(&mut #value.#ident))
    }

    /// A value of the field, through `__derive::Field`.
    pub(super) fn make(&self, field: &Field, value: TokenStream) -> TokenStream {
        let (krate, ty) = (&self.krate, field.ty);
        if is_certain(ty) {
            return value;
        }
        quote_spanned!(at(ty)=> <#ty as #krate::__derive::Field<_>>::make(#value))
    }

    /// A constant of the `wire::Value` of the field's type, through `__derive::Field`.
    pub(super) fn constant(&self, field: &Field, name: &str) -> TokenStream {
        let (krate, ty) = (&self.krate, field.ty);
        let name = Ident::new(name, at(ty));
        if is_certain(ty) {
            return quote!(<#ty as #krate::wire::Value>::#name);
        }
        quote_spanned! {at(ty)=>
            <<#ty as #krate::__derive::Field<_>>::Itself as #krate::wire::Value>::#name
        }
    }

    /// The versions in which the struct can occur.
    pub(super) fn versions(&self) -> Versions {
        self.input.versions()
    }

    /// Whether the struct can occur in a flexible version. Always true for inner structs, which
    /// cannot tell.
    pub(super) fn maybe_flexible(&self) -> bool {
        self.input.attrs.versions.is_none() || !self.input.flexible().is_empty()
    }

    /// The condition that the version has the field; `None` if all versions have it.
    pub(super) fn is_present(&self, field: &Field) -> Option<TokenStream> {
        field.versions().condition(self.versions())
    }

    /// The condition that the field may be null; `None` if it may be in all versions that have it.
    pub(super) fn is_nullable(&self, field: &Field) -> Option<TokenStream> {
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

    /// `let version = io.version();`, if any of the fields needs it.
    pub(super) fn version(&self, fields: &[Field]) -> TokenStream {
        let asks = |f: &Field| self.is_present(f).is_some() || self.is_nullable(f).is_some();
        if fields.iter().any(asks) {
            quote!(let version = io.version();)
        } else {
            TokenStream::new()
        }
    }

    /// `then` if the version has the field, otherwise `otherwise`.
    pub(super) fn if_present(
        &self,
        field: &Field,
        then: TokenStream,
        otherwise: TokenStream,
    ) -> TokenStream {
        choose(self.is_present(field), then, otherwise)
    }

    /// `then` if the field may be null, otherwise `otherwise`.
    pub(super) fn if_nullable(
        &self,
        field: &Field,
        then: TokenStream,
        otherwise: TokenStream,
    ) -> TokenStream {
        choose(self.is_nullable(field), then, otherwise)
    }
}

/// Where errors about a type are reported: all at one place, so that equal errors are printed only
/// once.
fn at(ty: &Type) -> Span {
    Span::call_site().located_at(ty.span())
}
