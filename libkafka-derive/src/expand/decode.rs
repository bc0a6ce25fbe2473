//! `Decode`: fields in order, each read in its place, then the tagged ones.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Generics, Type, parse_quote};

use super::encode::split;
use super::{Context, concat, in_steps, step};
use crate::ast::Field;
use crate::attr::DefaultValue;

pub(super) fn expand(cx: &Context, fields: &[Field], unknown_tags: Option<&Ident>) -> TokenStream {
    let krate = &cx.krate;
    let (plain, tagged) = split(fields);
    let reads = concat(plain.iter().map(|field| {
        let step = step(&field.plain_name(), read_field(cx, field));
        cx.if_present(field, step, TokenStream::new())
    }));
    let tags = read_tags(cx, &tagged, unknown_tags).map(|tags| step("", tags));
    let steps = in_steps(quote!(#reads #tags));
    cx.implement_with(
        generics(cx),
        quote!(#krate::wire::Decode<'__de>),
        quote! {
            #[inline]
            fn read(&mut self, r: &mut #krate::Reader<'__de>)
                -> ::core::result::Result<(), #krate::Error>
            {
                let version = r.version();
                let _ = version;
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

/// An expression that reads the field and is the result.
fn read_field(cx: &Context, field: &Field) -> TokenStream {
    let (krate, ident) = (&cx.krate, field.ident);
    let read = cx.if_nullable(
        field,
        quote!(#krate::wire::Decode::read(&mut self.#ident, r)),
        quote!(#krate::wire::read_required(&mut self.#ident, r)),
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
        let result = #read;
        r.set_flexible(flexible);
        result
    })
}

/// An expression that reads the tagged fields and is the result, if there can
/// be any.
fn read_tags(
    cx: &Context,
    tagged: &[(u32, &Field)],
    unknown_tags: Option<&Ident>,
) -> Option<TokenStream> {
    if tagged.is_empty() {
        return match unknown_tags {
            Some(ident) => Some(quote!(self.#ident.read(r))),
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
        Some(ident) => quote!(self.#ident.read_one(tag, size, r)),
        None => quote!(r.take(size).map(|_| ())),
    };
    Some(quote! {
        r.tags(|r, tag, size| match tag {
            #known
            _ => #unknown,
        })
    })
}
