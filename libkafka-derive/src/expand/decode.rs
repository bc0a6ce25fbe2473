//! `Decode`: the fields in order, each read in place, then the tagged fields.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Generics, Type, parse_quote};

use super::context::Context;
use super::field::read_field;
use super::parts::{Part, parts, split, tuple};
use super::steps::{in_steps, step};
use super::tags;
use crate::ast::Field;

pub(super) fn expand(cx: &Context, fields: &[Field], unknown_tags: Option<&Ident>) -> TokenStream {
    let krate = &cx.krate;
    let (plain, tagged) = split(fields);
    let mut steps: Vec<_> = parts(&plain)
        .iter()
        .map(|part| {
            let read = match part {
                Part::Numbers(fields) => step("", read_numbers(cx, fields)),
                Part::Single(field) => step(&field.plain_name(), read_field(cx, field)),
            };
            match cx.is_present(part.fields()[0]) {
                Some(present) => quote!((!(#present) || #read)),
                None => read,
            }
        })
        .collect();
    steps.extend(tags::read(cx, &tagged, unknown_tags).map(|tags| step("", tags)));
    let version = cx.version(fields);
    let steps = in_steps(quote!(#krate::__derive::finish_read), steps);
    cx.implement_with(
        generics(cx),
        quote!(#krate::wire::Decode<'__de>),
        quote! {
            #[inline]
            fn read(&mut self, io: &mut #krate::Reader<'__de>)
                -> ::core::result::Result<(), #krate::Error>
            {
                #version
                #steps
            }
        },
    )
}

pub(super) fn expand_newtype(cx: &Context, ty: &Type) -> TokenStream {
    let krate = &cx.krate;
    cx.implement_with(
        generics(cx),
        quote!(#krate::wire::Decode<'__de>),
        quote! {
            #[inline]
            fn read(&mut self, io: &mut #krate::Reader<'__de>)
                -> ::core::result::Result<(), #krate::Error>
            {
                #krate::wire::Decode::read(&mut self.0, io)
            }

            #[inline]
            fn read_nullable(
                value: &mut ::core::option::Option<Self>,
                io: &mut #krate::Reader<'__de>,
            ) -> ::core::result::Result<(), #krate::Error> {
                let mut inner = ::core::option::Option::None;
                <#ty as #krate::wire::Decode<'__de>>::read_nullable(&mut inner, io)?;
                *value = inner.map(Self);
                ::core::result::Result::Ok(())
            }
        },
    )
}

fn generics(cx: &Context) -> Generics {
    let krate = &cx.krate;
    cx.outlived_by(
        parse_quote!('__de),
        parse_quote!(#krate::wire::Decode<'__de>),
    )
}

/// An expression that reads neighbouring numbers and returns whether it succeeded.
fn read_numbers(cx: &Context, fields: &[&Field]) -> TokenStream {
    let krate = &cx.krate;
    let numbers = tuple(fields, quote!(&mut));
    let names = fields.iter().map(|field| field.plain_name());
    quote!(#krate::__derive::read_numbers(io, #numbers, &[#(#names),*]))
}
