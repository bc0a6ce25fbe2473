//! `Encode`: the fields in order, then the tagged fields.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Type;

use super::context::Context;
use super::field::{absent, write_field};
use super::parts::{Part, parts, split, tuple};
use super::steps::{in_steps, step};
use super::tags;
use crate::ast::Field;

pub(super) fn expand(cx: &Context, fields: &[Field], unknown_tags: Option<&Ident>) -> TokenStream {
    let krate = &cx.krate;
    let (plain, tagged) = split(fields);
    let mut steps = Vec::new();
    for part in &parts(&plain) {
        let fields = part.fields();
        let write = match part {
            Part::Numbers(fields) => {
                let numbers = tuple(fields, TokenStream::new());
                quote!(#krate::__derive::write_numbers(io, #numbers))
            }
            Part::Single(field) => step(&field.plain_name(), write_field(cx, field)),
        };
        match cx.is_present(fields[0]) {
            Some(present) => {
                let absent = absent(cx, fields);
                steps.push(quote!(if #present { #write } else { #absent }));
            }
            None => steps.push(write),
        }
    }
    steps.extend(tags::write(cx, &tagged, unknown_tags));
    let version = cx.version(fields);
    let steps = in_steps(quote!(#krate::__derive::finish_write), steps);
    cx.implement(
        quote!(#krate::wire::Encode),
        cx.encode_bound(),
        quote! {
            #[inline]
            fn write<'__w>(&'__w self, io: &mut #krate::Writer<'__w>)
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
    cx.implement(
        quote!(#krate::wire::Encode),
        cx.encode_bound(),
        quote! {
            #[inline]
            fn write<'__w>(&'__w self, io: &mut #krate::Writer<'__w>)
                -> ::core::result::Result<(), #krate::Error>
            {
                #krate::wire::Encode::write(&self.0, io)
            }

            #[inline]
            fn write_nullable<'__w>(
                value: ::core::option::Option<&'__w Self>,
                io: &mut #krate::Writer<'__w>,
            ) -> ::core::result::Result<(), #krate::Error> {
                <#ty as #krate::wire::Encode>::write_nullable(value.map(|value| &value.0), io)
            }
        },
    )
}
