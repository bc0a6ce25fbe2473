//! `Decode`: fields in order, each read in its place, then the tagged ones.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Generics, Type, parse_quote};

use super::encode::split;
use super::{Context, concat};
use crate::ast::Field;

pub(super) fn expand(cx: &Context, fields: &[Field], unknown_tags: Option<&Ident>) -> TokenStream {
    let krate = &cx.krate;
    let (plain, tagged) = split(fields);
    let reads = plain
        .iter()
        .map(|field| cx.if_present(field, read_field(cx, field), TokenStream::new()));
    let reads = concat(reads);
    let tags = read_tags(cx, &tagged, unknown_tags);
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
                #reads
                #tags
                ::core::result::Result::Ok(())
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

fn read_field(cx: &Context, field: &Field) -> TokenStream {
    let (krate, ident, name) = (&cx.krate, field.ident, field.plain_name());
    let read = cx.if_nullable(
        field,
        quote!(#krate::wire::get(&mut self.#ident, r, #name)?;),
        quote!(#krate::wire::get_required(&mut self.#ident, r, #name)?;),
    );
    if field.attrs.not_flexible.is_none() {
        return read;
    }
    quote! {
        let flexible = r.set_flexible(false);
        #read
        r.set_flexible(flexible);
    }
}

fn read_tags(cx: &Context, tagged: &[(u32, &Field)], unknown_tags: Option<&Ident>) -> TokenStream {
    let krate = &cx.krate;
    if tagged.is_empty() {
        return match unknown_tags {
            Some(ident) => quote!(self.#ident.read(r)?;),
            None if cx.maybe_flexible() => quote!(r.skip_tags()?;),
            None => TokenStream::new(),
        };
    }
    let known = concat(tagged.iter().map(|(tag, field)| {
        let (name, read) = (field.plain_name(), read_field(cx, field));
        let read = quote! {
            #krate::wire::get_tagged(r, #tag, size, #name, |r| {
                #read
                ::core::result::Result::Ok(())
            })?;
        };
        let body = cx.if_present(
            field,
            read,
            quote!(return ::core::result::Result::Err(r.tag_not_in_version(#tag));),
        );
        quote!(#tag => { #body })
    }));
    let unknown = match unknown_tags {
        Some(ident) => quote!(self.#ident.push(tag, r.take(size)?)),
        None => quote!({
            r.take(size)?;
        }),
    };
    quote! {
        if r.flexible() {
            let mut previous = ::core::option::Option::None;
            for _ in 0..r.unsigned_varint()? {
                let (tag, size) = r.tag(&mut previous)?;
                match tag {
                    #known
                    _ => #unknown,
                }
            }
        }
    }
}
