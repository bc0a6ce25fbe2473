//! `KafkaWire`, and `Request` or `Response` where there is an API key.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Context, encode_bound};
use crate::ast::Field;
use crate::valid::{BROKERS, Role, role};

pub(super) fn expand(cx: &Context, fields: &[Field]) -> TokenStream {
    let krate = &cx.krate;
    if cx.input.attrs.versions.is_none() {
        return TokenStream::new();
    }
    let message = cx.implement(
        quote!(#krate::KafkaWire),
        encode_bound(krate),
        TokenStream::new(),
    );
    let role = match &cx.input.attrs.api_key {
        Some(key) => match role(cx.input) {
            Role::Request => request(cx, key.value),
            Role::Response => response(cx, key.value, fields),
            Role::None => TokenStream::new(),
        },
        None => TokenStream::new(),
    };
    quote!(#message #role)
}

fn request(cx: &Context, key: i16) -> TokenStream {
    let (krate, attrs) = (&cx.krate, &cx.input.attrs);
    let broker = attrs.broker.as_ref().map_or("any", |broker| &broker.value);
    let kind = BROKERS
        .iter()
        .find(|(name, _)| *name == broker)
        .map_or("Any", |(_, kind)| kind);
    let kind = format_ident!("{kind}");
    let response = match &attrs.response {
        Some(response) => {
            let ty = &response.value;
            quote!(#ty)
        }
        None => {
            let ident = &cx.input.original.ident;
            let name = ident.to_string();
            let stem = name.strip_suffix("Request").unwrap_or(&name);
            let response = syn::Ident::new(&format!("{stem}Response"), ident.span());
            quote!(#response)
        }
    };
    cx.implement(
        quote!(#krate::Request),
        encode_bound(krate),
        quote! {
            const API_KEY: #krate::ApiKey = #krate::ApiKey(#key);
            const BROKER: #krate::BrokerKind = #krate::BrokerKind::#kind;
            type Response = #response;
        },
    )
}

fn response(cx: &Context, key: i16, fields: &[Field]) -> TokenStream {
    let krate = &cx.krate;
    let throttle = fields
        .iter()
        .find(|field| field.ident == "throttle_time_ms")
        .map(|field| {
            let ident = field.ident;
            quote! {
                #[inline]
                fn throttle_time_ms(&self) -> ::core::option::Option<i32> {
                    ::core::option::Option::Some(self.#ident)
                }
            }
        });
    cx.implement(
        quote!(#krate::Response),
        encode_bound(krate),
        quote! {
            const API_KEY: #krate::ApiKey = #krate::ApiKey(#key);
            #throttle
        },
    )
}
