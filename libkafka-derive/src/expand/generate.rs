//! `Generate`: fills each field that a version has with some value.
//!
//! The impl is wrapped in a macro of the protocol crate, which drops it unless a feature of that
//! crate needs it. The features of the user's crate do not matter.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::parse_quote;

use super::context::Context;
use super::parts::split;
use super::steps::concat;
use crate::ast::Field;

pub(super) fn expand(cx: &Context, fields: &[Field], unknown_tags: Option<&Ident>) -> TokenStream {
    let krate = &cx.krate;
    let fills = concat(fields.iter().map(|field| {
        let ident = field.ident;
        let value = if cx.is_generic() {
            quote!(value.#ident)
        } else {
            let value = cx.get_mut(field, quote!(value));
            quote!(*#value)
        };
        let fill = cx.if_nullable(
            field,
            quote!(#value = #krate::generate::Generate::generate(source);),
            quote! {
                #value = ::core::option::Option::Some(
                    #krate::generate::Generate::generate(source)
                );
            },
        );
        cx.if_present(field, fill, TokenStream::new())
    }));
    let fill_tags = unknown_tags.map(|ident| {
        let (_, tagged) = split(fields);
        let known = tagged.iter().map(|(tag, _)| tag);
        quote!(#krate::__derive::fill_unknown_tags(source, &mut value.#ident, &[#(#known),*]);)
    });
    implement(
        cx,
        quote! {
            let version = source.version();
            let _ = version;
            #[allow(unused_mut)]
            let mut value = <Self as ::core::default::Default>::default();
            #fills
            #fill_tags
            value
        },
    )
}

pub(super) fn expand_newtype(cx: &Context) -> TokenStream {
    let krate = &cx.krate;
    implement(
        cx,
        quote!(Self(#krate::generate::Generate::generate(source))),
    )
}

fn implement(cx: &Context, body: TokenStream) -> TokenStream {
    let krate = &cx.krate;
    let generate = quote!(#krate::generate::Generate<'__source>);
    let generics = cx.outlived_by(parse_quote!('__source), parse_quote!(#generate));
    let implementation = cx.implement_with(
        generics,
        generate,
        quote! {
            fn generate(source: &mut #krate::generate::Source<'__source>) -> Self { #body }
        },
    );
    quote!(#krate::__derive::if_generate! { #implementation })
}
