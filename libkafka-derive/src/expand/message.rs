//! `KafkaWire`, and `Request` or `Response` where there is an API key.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::context::Context;
use crate::ast::Field;
use crate::attr::StructAttrs;
use crate::valid::{Role, role};

pub(super) fn expand(cx: &Context, fields: &[Field]) -> TokenStream {
    let krate = &cx.krate;
    if cx.input.attrs.versions.is_none() {
        return TokenStream::new();
    }
    let message = cx.implement(
        quote!(#krate::KafkaWire),
        cx.encode_bound(),
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
    let kind = attrs.broker.as_ref().map_or("Any", |broker| broker.value);
    let kind = format_ident!("{kind}");
    let response = answer(&cx.input.original.ident, attrs);
    cx.implement_with(
        cx.encode_and_decode(),
        quote!(#krate::Request),
        quote! {
            const API_KEY: #krate::ApiKey = #krate::ApiKey(#key);
            const TARGET: #krate::TargetKind = #krate::TargetKind::#kind;
            type Response = #response;
        },
    )
}

/// The type that answers a request: the one that its annotation names, or the one that follows from
/// the request's name.
pub(crate) fn answer(request: &Ident, attrs: &StructAttrs) -> TokenStream {
    if let Some(response) = &attrs.response {
        return response.value.to_token_stream();
    }
    let name = request.to_string();
    let stem = name.strip_suffix("Request").unwrap_or(&name);
    // A missing response is reported at the derive. At a token of the user's the compiler would
    // suggest to replace that token, `api_key` or the struct's name, by the name of another type.
    Ident::new(&format!("{stem}Response"), Span::call_site()).into_token_stream()
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
    cx.implement_with(
        cx.encode_and_decode(),
        quote!(#krate::Response),
        quote! {
            const API_KEY: #krate::ApiKey = #krate::ApiKey(#key);
            #throttle
        },
    )
}
