//! `Encode` and `Nullable`: fields in order, then the tagged ones.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Type, parse_quote};

use super::{Context, choose, concat, default, encode_bound, in_steps, may_hold_errors, step};
use crate::ast::Field;

pub(super) fn expand(cx: &Context, fields: &[Field], unknown_tags: Option<&Ident>) -> TokenStream {
    let krate = &cx.krate;
    let (plain, tagged) = split(fields);
    let min_sizes = plain
        .iter()
        .filter(|f| f.attrs.versions.is_none())
        .map(|field| {
            let ty = field.ty;
            quote!(+ <#ty as #krate::wire::Encode>::MIN_SIZE)
        });
    let min_size = concat(min_sizes);
    let writes = concat(plain.iter().map(|field| {
        let write = step(&field.plain_name(), write_field(cx, field));
        cx.if_present(field, write, refuse_unless_default(cx, field))
    }));
    let tags = write_tags(cx, &tagged, unknown_tags);
    let steps = in_steps(quote!(#writes #tags));
    let is_default = fields.iter().map(|field| {
        let is_default = default::is_default(cx, field);
        quote!(&& #is_default)
    });
    let is_default = concat(is_default);
    let no_unknown_tags = unknown_tags.map(|ident| quote!(&& self.#ident.is_empty()));
    let error_codes = error_codes(cx, fields);
    let encode = cx.implement(
        quote!(#krate::wire::Encode),
        encode_bound(krate),
        quote! {
            const TYPE: #krate::FieldType =
                #krate::FieldType::Struct(|| <Self as #krate::WireStruct>::SCHEMA);
            const MIN_SIZE: usize = 0 #min_size;

            #[inline]
            fn write<'__w>(&'__w self, w: &mut #krate::Writer<'__w>)
                -> ::core::result::Result<(), #krate::Error>
            {
                let version = w.version();
                let _ = version;
                #steps
            }

            #[inline]
            fn is_default(&self) -> bool {
                true #is_default #no_unknown_tags
            }

            #error_codes
        },
    );
    let nullable = nullable(cx);
    quote!(#encode #nullable)
}

pub(super) fn expand_newtype(cx: &Context, ty: &Type) -> TokenStream {
    let krate = &cx.krate;
    let encode = cx.implement(
        quote!(#krate::wire::Encode),
        encode_bound(krate),
        quote! {
            const TYPE: #krate::FieldType = <#ty as #krate::wire::Encode>::TYPE;
            const MIN_SIZE: usize = <#ty as #krate::wire::Encode>::MIN_SIZE;

            #[inline]
            fn write<'__w>(&'__w self, w: &mut #krate::Writer<'__w>)
                -> ::core::result::Result<(), #krate::Error>
            {
                #krate::wire::Encode::write(&self.0, w)
            }

            #[inline]
            fn write_nullable<'__w>(
                value: ::core::option::Option<&'__w Self>,
                w: &mut #krate::Writer<'__w>,
            ) -> ::core::result::Result<(), #krate::Error> {
                <#ty as #krate::wire::Encode>::write_nullable(value.map(|value| &value.0), w)
            }

            #[inline]
            fn is_default(&self) -> bool {
                #krate::wire::Encode::is_default(&self.0)
            }

            #[inline]
            fn error_codes(&self, visit: &mut dyn ::core::ops::FnMut(#krate::ErrorCode)) {
                #krate::wire::Encode::error_codes(&self.0, visit);
            }
        },
    );
    let nullable = nullable_if(cx, ty);
    quote!(#encode #nullable)
}

fn nullable(cx: &Context) -> TokenStream {
    let krate = &cx.krate;
    cx.implement(
        quote!(#krate::wire::Nullable),
        encode_bound(krate),
        TokenStream::new(),
    )
}

/// `Nullable` of a newtype, if what is in it is: a number has no form for null.
fn nullable_if(cx: &Context, ty: &Type) -> TokenStream {
    let krate = &cx.krate;
    let mut generics = cx.bounded(encode_bound(krate));
    // Without the lifetime a bound that does not hold is an error of its own.
    let bound = parse_quote!(for<'__any> #ty: #krate::wire::Nullable);
    generics.make_where_clause().predicates.push(bound);
    cx.implement_with(generics, quote!(#krate::wire::Nullable), TokenStream::new())
}

/// Plain fields in order, and tagged ones by tag.
pub(super) fn split<'a, 'f>(
    fields: &'f [Field<'a>],
) -> (Vec<&'f Field<'a>>, Vec<(u32, &'f Field<'a>)>) {
    let (mut plain, mut tagged) = (Vec::new(), Vec::new());
    for field in fields {
        match &field.attrs.tag {
            Some(tag) => tagged.push((tag.value, field)),
            None => plain.push(field),
        }
    }
    tagged.sort_by_key(|(tag, _)| *tag);
    (plain, tagged)
}

/// An expression that writes the field and is the result.
fn write_field(cx: &Context, field: &Field) -> TokenStream {
    let (krate, ident) = (&cx.krate, field.ident);
    let write = cx.if_nullable(
        field,
        quote!(#krate::wire::Encode::write(&self.#ident, w)),
        quote!(#krate::wire::write_required(&self.#ident, w)),
    );
    if field.attrs.not_flexible.is_none() {
        return write;
    }
    quote!({
        let flexible = w.set_flexible(false);
        let result = #write;
        w.set_flexible(flexible);
        result
    })
}

/// What happens to a field in a version that lacks it.
fn refuse_unless_default(cx: &Context, field: &Field) -> TokenStream {
    if field.attrs.ignorable.is_some() {
        return TokenStream::new();
    }
    let is_default = default::is_default(cx, field);
    refuse_if(quote!(!#is_default), &field.plain_name())
}

fn refuse_if(condition: TokenStream, name: &str) -> TokenStream {
    quote! {
        if #condition {
            field = #name;
            break 'steps w.not_in_version();
        }
    }
}

fn write_tags(cx: &Context, tagged: &[(u32, &Field)], unknown_tags: Option<&Ident>) -> TokenStream {
    if tagged.is_empty() {
        return match unknown_tags {
            Some(ident) => step("", quote!(self.#ident.write(w))),
            None if cx.maybe_flexible() => step("", quote!(w.no_tags())),
            None => TokenStream::new(),
        };
    }
    let flags: Vec<_> = tagged
        .iter()
        .map(|(tag, _)| quote::format_ident!("tag_{tag}"))
        .collect();
    let present = concat(tagged.iter().zip(&flags).map(|((_, field), flag)| {
        let is_default = default::is_default(cx, field);
        let refuse = refuse_unless_default(cx, field);
        let flagged = cx.if_present(field, quote!(!#is_default), quote!({ #refuse false }));
        quote!(let #flag = #flagged;)
    }));
    let writes = concat(tagged.iter().zip(&flags).map(|((tag, field), flag)| {
        let write = write_field(cx, field);
        let below = unknown_tags.map(|_| step("", quote!(unknown.write_below(#tag, w))));
        let write = step(&field.plain_name(), quote!(w.tagged(#tag, |w| #write)));
        // Even where the field is not written: on reading the tag would be it.
        quote!(#below if #flag { #write })
    }));
    let count = unknown_tags.map(|ident| quote!(+ self.#ident.len() as u32));
    let unknown = unknown_tags.map(|ident| quote!(let mut unknown = self.#ident.interleave();));
    let rest = unknown_tags.map(|_| quote!(unknown.write_rest(w);));
    let absent = unknown_tags.map(|ident| step("", quote!(self.#ident.check_absent(w))));
    let refused = tagged
        .iter()
        .zip(&flags)
        .filter(|((_, field), _)| field.attrs.ignorable.is_none())
        .map(|((_, field), flag)| refuse_if(quote!(#flag), &field.plain_name()));
    // A message's `flexible` covers its tagged fields; an inner struct cannot know.
    let refused = match cx.input.attrs.versions {
        Some(_) => TokenStream::new(),
        None => concat(refused),
    };
    let absent = quote!(#refused #absent);
    let write = choose(
        Some(quote!(w.flexible())),
        quote! {
            let count = 0 #(+ #flags as u32)* #count;
            w.unsigned_varint(count);
            if count > 0 {
                #unknown
                #writes
                #rest
            }
        },
        absent,
    );
    quote!(#present #write)
}

fn error_codes(cx: &Context, fields: &[Field]) -> TokenStream {
    let krate = &cx.krate;
    let visits: Vec<_> = fields
        .iter()
        .filter(|field| may_hold_errors(field.ty))
        .map(|field| {
            let ident = field.ident;
            quote!(#krate::wire::Encode::error_codes(&self.#ident, visit);)
        })
        .collect();
    if visits.is_empty() {
        return TokenStream::new();
    }
    quote! {
        #[inline]
        fn error_codes(&self, visit: &mut dyn ::core::ops::FnMut(#krate::ErrorCode)) {
            #(#visits)*
        }
    }
}
