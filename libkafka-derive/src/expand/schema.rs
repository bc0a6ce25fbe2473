//! `WireStruct`: the annotations as data.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::context::Context;
use super::steps::concat;
use crate::ast::Field;
use crate::attr::DefaultValue;

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

fn field_schema(cx: &Context, field: &Field) -> TokenStream {
    let krate = &cx.krate;
    let (name, ty) = (field.schema_name(), cx.constant(field, "TYPE"));
    let versions = field.versions().value(krate);
    let nullable = field.nullable().value(krate);
    let tag = option(field.attrs.tag.as_ref().map(|tag| tag.value));
    let default = option(
        field
            .attrs
            .default
            .as_ref()
            .map(|default| match &default.value {
                DefaultValue::Text(text) => text.value(),
                DefaultValue::Bytes(bytes) => bytes.to_token_stream().to_string(),
                DefaultValue::Empty => String::new(),
                // Tokens are printed with spaces between them, `- 1`.
                DefaultValue::Array(tokens) | DefaultValue::Expr(tokens) => {
                    tokens.to_string().replace(' ', "")
                }
            }),
    );
    let ignorable = field.attrs.ignorable.is_some();
    let not_flexible = field.attrs.not_flexible.is_some();
    quote! {
        #krate::FieldSchema {
            name: #name,
            ty: #ty,
            versions: #versions,
            nullable: #nullable,
            tag: #tag,
            default: #default,
            ignorable: #ignorable,
            not_flexible: #not_flexible,
        },
    }
}

fn option<T: ToTokens>(value: Option<T>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}
