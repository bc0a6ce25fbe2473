//! `Default`, with the defaults of the annotations; and whether a field has its default.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::parse_quote;

use super::context::Context;
use super::steps::concat;
use crate::ast::Field;
use crate::attr::DefaultValue;

pub(super) fn expand(cx: &Context, fields: &[Field], unknown_tags: Option<&Ident>) -> TokenStream {
    let values = concat(fields.iter().map(|field| {
        let (ident, mut value) = (field.ident, value(field));
        if field.attrs.default.is_none() && field.number_size().is_none() && !cx.is_generic() {
            value = cx.make(field, value);
        }
        quote!(#ident: #value,)
    }));
    let unknown_tags =
        unknown_tags.map(|ident| quote!(#ident: ::core::default::Default::default(),));
    cx.implement(
        quote!(::core::default::Default),
        parse_quote!(::core::default::Default),
        quote! {
            #[inline]
            fn default() -> Self {
                Self { #values #unknown_tags }
            }
        },
    )
}

pub(super) fn expand_newtype(cx: &Context) -> TokenStream {
    cx.implement(
        quote!(::core::default::Default),
        parse_quote!(::core::default::Default),
        quote! {
            #[inline]
            fn default() -> Self {
                Self(::core::default::Default::default())
            }
        },
    )
}

/// The default, as an expression.
fn value(field: &Field) -> TokenStream {
    let default = field.attrs.default.as_ref().map(|default| &default.value);
    let value = match default {
        None => {
            let zero = || quote!(::core::default::Default::default());
            return field.zero().unwrap_or_else(zero);
        }
        Some(DefaultValue::Empty) => quote!(::core::default::Default::default()),
        Some(DefaultValue::Text(text)) => quote!(::core::convert::From::from(#text)),
        Some(DefaultValue::Bytes(bytes)) => quote!(::core::convert::From::from(&#bytes[..])),
        Some(DefaultValue::Array(array)) => quote!(::core::iter::FromIterator::from_iter(#array)),
        Some(DefaultValue::Expr(expr)) => quote!(#expr),
    };
    if field.is_option() {
        quote!(::core::option::Option::Some(#value))
    } else {
        value
    }
}

/// Whether the field has its default, as an expression that can follow a `!`.
pub(super) fn is_default(cx: &Context, field: &Field) -> TokenStream {
    let (krate, ident) = (&cx.krate, field.ident);
    let default = field.attrs.default.as_ref().map(|default| &default.value);
    let (some, value) = (quote!(::core::option::Option::Some), value(field));
    match (default, field.is_option()) {
        (None, _) | (Some(DefaultValue::Empty), false) => match field.zero() {
            Some(zero) => quote!((self.#ident == #zero)),
            None => {
                let value = cx.get(field, quote!(self));
                quote!(#krate::wire::Value::is_default(#value))
            }
        },
        (Some(DefaultValue::Empty), true) => {
            quote!(::core::matches!(&self.#ident, #some(v) if #krate::wire::Value::is_default(v)))
        }
        (Some(DefaultValue::Text(text)), optional) => {
            is_literal(field, optional, quote!(str), quote!(#text))
        }
        (Some(DefaultValue::Bytes(bytes)), optional) => {
            is_literal(field, optional, quote!([u8]), quote!(&#bytes[..]))
        }
        (Some(DefaultValue::Array(_)), _) => {
            let ty = field.ty;
            quote!({ let default: #ty = #value; self.#ident == default })
        }
        (Some(DefaultValue::Expr(_)), _) => quote!((self.#ident == #value)),
    }
}

/// Whether a string or bytes equal a literal, without copying the literal.
fn is_literal(field: &Field, optional: bool, ty: TokenStream, literal: TokenStream) -> TokenStream {
    let ident = field.ident;
    let as_ref = quote!(::core::convert::AsRef::<#ty>::as_ref);
    if optional {
        let some = quote!(::core::option::Option::Some);
        quote!(::core::matches!(&self.#ident, #some(v) if #as_ref(v) == #literal))
    } else {
        quote!((#as_ref(&self.#ident) == #literal))
    }
}
