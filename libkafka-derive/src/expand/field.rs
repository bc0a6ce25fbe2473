//! The code of one field in `Encode` and `Decode`.

use proc_macro2::TokenStream;
use quote::quote;

use super::context::Context;
use super::default;
use super::steps::{all, step};
use crate::ast::Field;
use crate::attr::DefaultValue;

/// An expression that writes the field and returns whether it succeeded.
pub(super) fn write_field(cx: &Context, field: &Field) -> TokenStream {
    let (krate, value) = (&cx.krate, cx.get(field, quote!(self)));
    let write = cx.if_nullable(
        field,
        quote!(#krate::__derive::write_field(io, #value)),
        quote!(#krate::__derive::write_required(io, #value)),
    );
    if field.attrs.not_flexible.is_none() {
        return write;
    }
    quote!(#krate::__derive::write_not_flexible(io, |io| #write))
}

/// An expression that returns whether the fields may be omitted, for a version that lacks them.
pub(super) fn absent(cx: &Context, fields: &[&Field]) -> TokenStream {
    let krate = &cx.krate;
    let checks = fields
        .iter()
        .filter(|field| field.attrs.ignorable.is_none())
        .map(|field| {
            let is_default = default::is_default(cx, field);
            let refuse = step(&field.plain_name(), quote!(#krate::__derive::refuse(io)));
            quote!((#is_default || #refuse))
        });
    all(checks)
}

/// An expression that reads the field and returns whether it succeeded.
pub(super) fn read_field(cx: &Context, field: &Field) -> TokenStream {
    let (krate, ident) = (&cx.krate, field.ident);
    let value = cx.get_mut(field, quote!(self));
    let read = cx.if_nullable(
        field,
        quote!(#krate::__derive::read_field(io, #value)),
        quote!(#krate::__derive::read_required(io, #value)),
    );
    // Elements are appended to an array, which must not keep those of its default.
    let own_default = field.attrs.default.as_ref().map(|default| &default.value);
    let read = match own_default {
        Some(DefaultValue::Array(_) | DefaultValue::Expr(_)) if field.number_size().is_none() => {
            quote!({
                self.#ident = ::core::default::Default::default();
                #read
            })
        }
        _ => read,
    };
    if field.attrs.not_flexible.is_none() {
        return read;
    }
    quote!(#krate::__derive::read_not_flexible(io, |io| #read))
}
