//! `Decode`: fields in order, each read in its place, then the tagged ones.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Generics, Type, parse_quote};

use super::encode::split;
use super::parts::{Part, parts, tuple};
use super::{Context, concat, in_steps, step};
use crate::ast::Field;
use crate::attr::DefaultValue;

pub(super) fn expand(cx: &Context, fields: &[Field], unknown_tags: Option<&Ident>) -> TokenStream {
    let krate = &cx.krate;
    let (plain, tagged) = split(fields);
    let mut steps: Vec<_> = parts(&plain)
        .iter()
        .map(|part| {
            let read = match part {
                Part::Numbers(fields) => step("", read_numbers(fields)),
                Part::Single(field) => step(&field.plain_name(), read_field(cx, field)),
            };
            match cx.is_present(part.fields()[0]) {
                Some(present) => quote!((!(#present) || #read)),
                None => read,
            }
        })
        .collect();
    steps.extend(read_tags(cx, &tagged, unknown_tags).map(|tags| step("", tags)));
    let version = cx.version(quote!(r), fields);
    let steps = in_steps(quote!(r), steps);
    cx.implement_with(
        generics(cx),
        quote!(#krate::wire::Decode<'__de>),
        quote! {
            #[inline]
            fn read(&mut self, r: &mut #krate::Reader<'__de>)
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
            fn read(&mut self, r: &mut #krate::Reader<'__de>)
                -> ::core::result::Result<(), #krate::Error>
            {
                #krate::wire::Decode::read(&mut self.0, r)
            }

            #[inline]
            fn read_nullable(
                value: &mut ::core::option::Option<Self>,
                r: &mut #krate::Reader<'__de>,
            ) -> ::core::result::Result<(), #krate::Error> {
                let mut inner = ::core::option::Option::None;
                <#ty as #krate::wire::Decode<'__de>>::read_nullable(&mut inner, r)?;
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

/// An expression that reads neighbouring numbers and says whether they were there.
fn read_numbers(fields: &[&Field]) -> TokenStream {
    let numbers = tuple(fields, quote!(&mut));
    let names = fields.iter().map(|field| field.plain_name());
    quote!(r.numbers(#numbers, &[#(#names),*]))
}

/// An expression that reads the field and says whether it could.
fn read_field(cx: &Context, field: &Field) -> TokenStream {
    let ident = field.ident;
    let read = cx.if_nullable(
        field,
        quote!(r.field(&mut self.#ident)),
        quote!(r.required(&mut self.#ident)),
    );
    // What is read into an array is added to it, and a default of its own would
    // stand in front.
    let own_default = field.attrs.default.as_ref().map(|default| &default.value);
    let read = match own_default {
        Some(DefaultValue::Array(_) | DefaultValue::Expr(_)) => quote!({
            self.#ident = ::core::default::Default::default();
            #read
        }),
        _ => read,
    };
    if field.attrs.not_flexible.is_none() {
        return read;
    }
    quote!({
        let flexible = r.set_flexible(false);
        let ok = #read;
        r.set_flexible(flexible);
        ok
    })
}

/// An expression that reads the tagged fields and says whether it could, if there can be any.
fn read_tags(
    cx: &Context,
    tagged: &[(u32, &Field)],
    unknown_tags: Option<&Ident>,
) -> Option<TokenStream> {
    if tagged.is_empty() {
        return match unknown_tags {
            Some(ident) => Some(quote!(r.unknown_tags(&mut self.#ident))),
            None if cx.maybe_flexible() => Some(quote!(r.skip_tags())),
            None => None,
        };
    }
    let known = concat(tagged.iter().map(|(tag, field)| {
        let (name, read) = (field.plain_name(), read_field(cx, field));
        let read = quote!(r.tagged(#tag, size, #name, |r| #read));
        let absent = quote!(r.tag_not_in_version(#tag, #name));
        let body = cx.if_present(field, read, absent);
        quote!(#tag => { #body })
    }));
    let unknown = match unknown_tags {
        Some(ident) => quote!(r.unknown_tag(tag, size, &mut self.#ident)),
        None => quote!(r.skip_tag(size)),
    };
    Some(quote! {
        r.tags(|r, tag, size| match tag {
            #known
            _ => #unknown,
        })
    })
}
