//! `ToJson` and `FromJson`: the fields in order. The schema decides at run time which of them a
//! version has, because build time matters more here than speed.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Type, parse_quote};

use super::context::Context;
use super::default;
use super::steps::concat;
use crate::ast::Field;

pub(super) fn expand(cx: &Context, fields: &[Field]) -> TokenStream {
    let krate = &cx.krate;
    let puts = concat(fields.iter().map(|field| {
        let (value, is_default) = (cx.get(field, quote!(self)), is_default(cx, field));
        let put = match field.is_option() {
            true => quote!(put_nullable),
            false => quote!(put),
        };
        quote!(object.#put(#value, #is_default)?;)
    }));
    let gets = concat(fields.iter().map(|field| {
        let value = cx.get_mut(field, quote!(value));
        let get = match field.is_option() {
            true => quote!(get_nullable),
            false => quote!(get),
        };
        quote!(object.#get(#value)?;)
    }));
    impls(
        cx,
        quote! {
            let mut object = #krate::__derive::ObjectWriter::new::<Self>(version);
            #puts
            ::core::result::Result::Ok(object.finish())
        },
        quote! {
            let mut object = #krate::__derive::ObjectReader::new::<Self>(version, json)?;
            let mut value = <Self as ::core::default::Default>::default();
            #gets
            ::core::result::Result::Ok(value)
        },
    )
}

pub(super) fn expand_newtype(cx: &Context, ty: &Type) -> TokenStream {
    let krate = &cx.krate;
    impls(
        cx,
        quote!(#krate::json::ToJson::write_json(&self.0, version)),
        quote! {
            let value = <#ty as #krate::json::FromJson>::read_json(version, json)?;
            ::core::result::Result::Ok(Self(value))
        },
    )
}

/// The impls, if the protocol crate has the feature. A struct that borrows has no `FromJson`,
/// because it cannot borrow from JSON.
fn impls(cx: &Context, write: TokenStream, read: TokenStream) -> TokenStream {
    let krate = &cx.krate;
    let to_json = cx.implement(
        quote!(#krate::json::ToJson),
        parse_quote!(#krate::json::ToJson),
        quote! {
            fn write_json(&self, version: i16)
                -> ::core::result::Result<#krate::json::Value, #krate::Error>
            {
                #write
            }
        },
    );
    let borrows = cx.input.original.generics.lifetimes().next().is_some();
    let from_json = (!borrows).then(|| {
        cx.implement(
            quote!(#krate::json::FromJson),
            parse_quote!(#krate::json::FromJson),
            quote! {
                fn read_json(version: i16, json: &#krate::json::Value)
                    -> ::core::result::Result<Self, #krate::Error>
                {
                    #read
                }
            },
        )
    });
    quote!(#krate::__derive::if_json! { #to_json #from_json })
}

/// Whether the field has its default, if that matters.
fn is_default(cx: &Context, field: &Field) -> TokenStream {
    let may_lack = !field.versions().covers(cx.versions()) && field.attrs.ignorable.is_none();
    if may_lack || field.attrs.tag.is_some() {
        default::is_default(cx, field)
    } else {
        quote!(false)
    }
}
