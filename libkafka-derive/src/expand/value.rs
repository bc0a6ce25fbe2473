//! `Value` and `Nullable`: the properties of the struct that encoding and decoding share.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Type, parse_quote};

use super::context::Context;
use super::default;
use super::steps::concat;
use crate::ast::{Field, is_certain};

pub(super) fn expand(cx: &Context, fields: &[Field], unknown_tags: Option<&Ident>) -> TokenStream {
    let krate = &cx.krate;
    let plain = fields.iter().filter(|field| field.attrs.tag.is_none());
    let min_size = concat(
        plain
            .filter(|field| field.attrs.versions.is_none())
            .map(|field| {
                let min_size = cx.constant(field, "MIN_SIZE");
                match field.number_size() {
                    Some(size) => quote!(+ #size),
                    None => quote!(+ #min_size),
                }
            }),
    );
    let is_default = concat(fields.iter().map(|field| {
        let is_default = default::is_default(cx, field);
        quote!(&& #is_default)
    }));
    let no_unknown_tags = unknown_tags.map(|ident| quote!(&& self.#ident.is_empty()));
    let error_codes = error_codes(cx, fields);
    let value = cx.implement(
        quote!(#krate::wire::Value),
        cx.value_bound(),
        quote! {
            const TYPE: #krate::FieldType =
                #krate::FieldType::Struct(#krate::__derive::schema_of::<Self>);
            const MIN_SIZE: usize = 0 #min_size;

            #[inline]
            fn is_default(&self) -> bool {
                true #is_default #no_unknown_tags
            }

            #error_codes
        },
    );
    let nullable = cx.implement(
        quote!(#krate::wire::Nullable),
        cx.value_bound(),
        TokenStream::new(),
    );
    quote!(#value #nullable)
}

/// The methods about error codes. The types decide whether they hold any: here it is only certain
/// that numbers, text and lists of these do not.
fn error_codes(cx: &Context, fields: &[Field]) -> TokenStream {
    let krate = &cx.krate;
    let visits: Vec<_> = fields
        .iter()
        .filter(|field| !is_certain(field.ty) && !matches!(field.ty, Type::Reference(_)))
        .map(|field| {
            let holds = cx.constant(field, "HOLDS_ERROR_CODES");
            let value = cx.get(field, quote!(self));
            quote! {
                if #holds {
                    #krate::wire::Value::error_codes(#value, visit);
                }
            }
        })
        .collect();
    if visits.is_empty() {
        return quote!(
            const HOLDS_ERROR_CODES: bool = false;
        );
    }
    quote! {
        #[inline]
        fn error_codes(&self, visit: &mut dyn ::core::ops::FnMut(#krate::ErrorCode)) {
            #(#visits)*
        }
    }
}

pub(super) fn expand_newtype(cx: &Context, ty: &Type) -> TokenStream {
    let krate = &cx.krate;
    let value = cx.implement(
        quote!(#krate::wire::Value),
        cx.value_bound(),
        quote! {
            const TYPE: #krate::FieldType = <#ty as #krate::wire::Value>::TYPE;
            const MIN_SIZE: usize = <#ty as #krate::wire::Value>::MIN_SIZE;
            const HOLDS_ERROR_CODES: bool = <#ty as #krate::wire::Value>::HOLDS_ERROR_CODES;

            #[inline]
            fn is_default(&self) -> bool {
                #krate::wire::Value::is_default(&self.0)
            }

            #[inline]
            fn error_codes(&self, visit: &mut dyn ::core::ops::FnMut(#krate::ErrorCode)) {
                #krate::wire::Value::error_codes(&self.0, visit);
            }
        },
    );
    let nullable = nullable_if(cx, ty);
    quote!(#value #nullable)
}

/// `Nullable` of a newtype, if its field is nullable: a number cannot be null.
fn nullable_if(cx: &Context, ty: &Type) -> TokenStream {
    let krate = &cx.krate;
    let mut generics = cx.bounded(cx.value_bound());
    // Without the lifetime, a bound that does not hold is an error of its own.
    let bound = parse_quote!(for<'__any> #ty: #krate::wire::Nullable);
    generics.make_where_clause().predicates.push(bound);
    cx.implement_with(generics, quote!(#krate::wire::Nullable), TokenStream::new())
}
