//! The code for a struct that has faults: the errors, and the traits without bodies, so that uses
//! of the struct are not errors as well.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, parse_quote};

use crate::attr::{Errors, StructAttrs};
use crate::expand::answer;
use crate::valid::{Role, role_of};

pub(crate) fn expand(input: &DeriveInput, error: &syn::Error) -> TokenStream {
    let errors = error.to_compile_error();
    let attrs = StructAttrs::parse(&input.attrs, &mut Errors::default());
    let krate = match &attrs.krate {
        Some(krate) => krate.value.clone(),
        None => parse_quote!(::libkafka_protocol),
    };
    let ident = &input.ident;
    let name = ident.to_string();
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let mut decode = input.generics.clone();
    decode.params.insert(0, parse_quote!('__de));
    let (decode_generics, _, _) = decode.split_for_impl();
    let mut generate = input.generics.clone();
    generate.params.insert(0, parse_quote!('__source));
    let (generate_generics, _, _) = generate.split_for_impl();
    let role = match attrs.api_key {
        Some(_) => role_of(ident, &attrs),
        None => Role::None,
    };
    let role = match role {
        Role::Request => {
            let response = answer(ident, &attrs);
            quote! {
                #[automatically_derived]
                impl #impl_generics #krate::Request for #ident #ty_generics #where_clause {
                    const API_KEY: #krate::ApiKey = #krate::ApiKey(0);
                    const TARGET: #krate::TargetKind = #krate::TargetKind::Any;
                    type Response = #response;
                }
            }
        }
        Role::Response => quote! {
            #[automatically_derived]
            impl #impl_generics #krate::Response for #ident #ty_generics #where_clause {
                const API_KEY: #krate::ApiKey = #krate::ApiKey(0);
            }
        },
        Role::None => TokenStream::new(),
    };
    quote! {
        #errors
        #role

        #[automatically_derived]
        impl #impl_generics ::core::default::Default for #ident #ty_generics #where_clause {
            fn default() -> Self { ::core::unreachable!() }
        }
        #[automatically_derived]
        impl #impl_generics #krate::wire::Value for #ident #ty_generics #where_clause {
            const TYPE: #krate::FieldType = #krate::FieldType::Bool;
            const MIN_SIZE: usize = 0;
            fn is_default(&self) -> bool { ::core::unreachable!() }
        }
        #[automatically_derived]
        impl #impl_generics #krate::wire::Encode for #ident #ty_generics #where_clause {
            fn write<'__w>(&'__w self, _: &mut #krate::Writer<'__w>)
                -> ::core::result::Result<(), #krate::Error> { ::core::unreachable!() }
        }
        #[automatically_derived]
        impl #decode_generics #krate::wire::Decode<'__de> for #ident #ty_generics #where_clause {
            fn read(&mut self, _: &mut #krate::Reader<'__de>)
                -> ::core::result::Result<(), #krate::Error> { ::core::unreachable!() }
        }
        #[automatically_derived]
        impl #impl_generics #krate::wire::Nullable for #ident #ty_generics #where_clause {}
        #[automatically_derived]
        impl #impl_generics #krate::WireStruct for #ident #ty_generics #where_clause {
            const SCHEMA: &'static #krate::StructSchema = &#krate::StructSchema {
                name: #name,
                api_key: ::core::option::Option::None,
                versions: #krate::Versions::NONE,
                flexible: #krate::Versions::NONE,
                fields: &[],
            };
        }
        #[automatically_derived]
        impl #impl_generics #krate::KafkaWire for #ident #ty_generics #where_clause {}
        #krate::__derive::if_json! {
            #[automatically_derived]
            impl #impl_generics #krate::json::ToJson for #ident #ty_generics #where_clause {
                fn write_json(&self, _: i16)
                    -> ::core::result::Result<#krate::json::Value, #krate::Error>
                { ::core::unreachable!() }
            }
            #[automatically_derived]
            impl #impl_generics #krate::json::FromJson for #ident #ty_generics #where_clause {
                fn read_json(_: i16, _: &#krate::json::Value)
                    -> ::core::result::Result<Self, #krate::Error>
                { ::core::unreachable!() }
            }
        }
        #krate::__derive::if_generate! {
            #[automatically_derived]
            impl #generate_generics #krate::generate::Generate<'__source>
                for #ident #ty_generics #where_clause
            {
                fn generate(_: &mut #krate::generate::Source<'__source>) -> Self {
                    ::core::unreachable!()
                }
            }
        }
    }
}
