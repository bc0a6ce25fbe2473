//! `WireStruct`: the annotations as data.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::context::Context;
use super::steps::concat;
use crate::ast::Field;
use crate::attr::DefaultValue;
use crate::versions::Versions;

pub(super) fn expand(cx: &Context, fields: &[Field]) -> TokenStream {
    let krate = &cx.krate;
    let attrs = &cx.input.attrs;
    let name = cx.input.original.ident.to_string();
    let api_key = option(attrs.api_key.as_ref().map(|key| key.value));
    let versions = cx.input.versions().value(krate);
    let flexible = cx.input.flexible().value(krate);
    let fields = concat(fields.iter().map(|field| field_schema(cx, field)));
    cx.implement(
        quote!(#krate::WireStruct),
        cx.value_bound(),
        quote! {
            const SCHEMA: &'static #krate::StructSchema = &#krate::StructSchema {
                name: #name,
                api_key: #api_key,
                versions: #versions,
                flexible: #flexible,
                fields: &[#fields],
            };
        },
    )
}

/// Says only what is not so of most fields: a debug build has to check all of it.
fn field_schema(cx: &Context, field: &Field) -> TokenStream {
    let krate = &cx.krate;
    let (name, ty) = (field.schema_name(), cx.constant(field, "TYPE"));
    let plain = quote!(#krate::__derive::plain_field(#name, #ty));
    let mut other = TokenStream::new();
    if field.versions() != Versions::ALL {
        let versions = field.versions().value(krate);
        other.extend(quote!(versions: #versions,));
    }
    if field.nullable() != Versions::NONE {
        let nullable = field.nullable().value(krate);
        other.extend(quote!(nullable: #nullable,));
    }
    if let Some(tag) = &field.attrs.tag {
        let tag = some(tag.value);
        other.extend(quote!(tag: #tag,));
    }
    if let Some(default) = &field.attrs.default {
        let default = some(match &default.value {
            DefaultValue::Text(text) => text.value(),
            DefaultValue::Bytes(bytes) => bytes.to_token_stream().to_string(),
            DefaultValue::Empty => String::new(),
            // Tokens are printed with spaces between them, `- 1`.
            DefaultValue::Array(tokens) | DefaultValue::Expr(tokens) => {
                tokens.to_string().replace(' ', "")
            }
        });
        other.extend(quote!(default: #default,));
    }
    if field.attrs.ignorable.is_some() {
        other.extend(quote!(ignorable: true,));
    }
    if field.attrs.not_flexible.is_some() {
        other.extend(quote!(not_flexible: true,));
    }
    match other.is_empty() {
        true => quote!(#plain,),
        false => quote!(#krate::FieldSchema { #other ..#plain },),
    }
}

fn option<T: ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => some(value),
        None => quote!(::core::option::Option::None),
    }
}

fn some(value: impl ToTokens) -> TokenStream {
    quote!(::core::option::Option::Some(#value))
}
