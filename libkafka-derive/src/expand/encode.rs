//! `Encode` and `Nullable`: fields in order, then the tagged ones.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Type, parse_quote};

use super::parts::{Part, parts, tuple};
use super::{Context, concat, default, encode_bound, in_steps, may_hold_errors, step};
use crate::ast::Field;

pub(super) fn expand(cx: &Context, fields: &[Field], unknown_tags: Option<&Ident>) -> TokenStream {
    let krate = &cx.krate;
    let (plain, tagged) = split(fields);
    let min_sizes = plain
        .iter()
        .filter(|f| f.attrs.versions.is_none())
        .map(|field| {
            let ty = field.ty;
            match field.number_size() {
                Some(size) => quote!(+ #size),
                None => quote!(+ <#ty as #krate::wire::Encode>::MIN_SIZE),
            }
        });
    let min_size = concat(min_sizes);
    let mut steps = Vec::new();
    for part in &parts(&plain) {
        let fields = part.fields();
        let write = match part {
            Part::Numbers(fields) => {
                let numbers = tuple(fields, TokenStream::new());
                quote!(w.numbers(#numbers))
            }
            Part::Single(field) => step(&field.plain_name(), write_field(cx, field)),
        };
        match cx.is_present(fields[0]) {
            Some(present) => {
                let absent = absent(cx, fields);
                steps.push(quote!(if #present { #write } else { #absent }));
            }
            None => steps.push(write),
        }
    }
    steps.extend(write_tags(cx, &tagged, unknown_tags));
    let version = cx.version(quote!(w), fields);
    let steps = in_steps(quote!(w), steps);
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
                #krate::FieldType::Struct(#krate::wire::schema::<Self>);
            const MIN_SIZE: usize = 0 #min_size;

            #[inline]
            fn write<'__w>(&'__w self, w: &mut #krate::Writer<'__w>)
                -> ::core::result::Result<(), #krate::Error>
            {
                #version
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

/// An expression that writes the field and says whether it could.
fn write_field(cx: &Context, field: &Field) -> TokenStream {
    let ident = field.ident;
    let write = cx.if_nullable(
        field,
        quote!(w.field(&self.#ident)),
        quote!(w.required(&self.#ident)),
    );
    if field.attrs.not_flexible.is_none() {
        return write;
    }
    quote!({
        let flexible = w.set_flexible(false);
        let ok = #write;
        w.set_flexible(flexible);
        ok
    })
}

/// What stands for fields in a version that lacks them: an expression that says whether they may
/// be left out.
fn absent(cx: &Context, fields: &[&Field]) -> TokenStream {
    let checks = fields
        .iter()
        .filter(|field| field.attrs.ignorable.is_none())
        .map(|field| {
            let is_default = default::is_default(cx, field);
            let refuse = step(&field.plain_name(), quote!(w.refuse()));
            quote!((#is_default || #refuse))
        });
    all(checks)
}

/// Whether all of `checks` hold.
fn all(checks: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let mut checks = checks.into_iter();
    match checks.next() {
        // In brackets: where a statement may begin, a block would end it.
        Some(first) => quote!((#first #(&& #checks)*)),
        None => quote!(true),
    }
}

/// An expression that writes the tagged fields and says whether it could, if there can be any.
fn write_tags(
    cx: &Context,
    tagged: &[(u32, &Field)],
    unknown_tags: Option<&Ident>,
) -> Option<TokenStream> {
    if tagged.is_empty() {
        return match unknown_tags {
            Some(ident) => Some(step("", quote!(w.unknown_tags(&self.#ident)))),
            None if cx.maybe_flexible() => Some(quote!(w.no_tags())),
            None => None,
        };
    }
    let flags: Vec<_> = tagged
        .iter()
        .map(|(tag, _)| format_ident!("tag_{tag}"))
        .collect();
    let set = concat(tagged.iter().zip(&flags).map(|((_, field), flag)| {
        let is_default = default::is_default(cx, field);
        let present = cx.is_present(field).map(|present| quote!((#present) &&));
        quote!(let #flag = #present !#is_default;)
    }));
    let dropped = tagged.iter().filter_map(|(_, field)| {
        let present = cx.is_present(field)?;
        let absent = absent(cx, &[field]);
        field
            .attrs
            .ignorable
            .is_none()
            .then(|| quote!(((#present) || #absent)))
    });
    let writes = tagged.iter().zip(&flags).map(|((tag, field), flag)| {
        let write = write_field(cx, field);
        // Even where the field is not written: on reading the tag would be it.
        let below = unknown_tags.map(|_| step("", quote!(w.tags_below(#tag, &mut unknown))));
        let below = below.map(|below| quote!(#below &&));
        let write = step(&field.plain_name(), quote!(w.tagged(#tag, |w| #write)));
        quote!(#below (!#flag || #write))
    });
    let rest = unknown_tags.map(|_| quote!(w.tags_left(unknown)));
    let writes = all(writes.chain(rest));
    let count = unknown_tags.map(|ident| quote!(+ self.#ident.len() as u32));
    let unknown = unknown_tags.map(|ident| quote!(let mut unknown = self.#ident.interleave();));
    // A message's `flexible` covers its tagged fields; an inner struct cannot know.
    let refused = match cx.input.attrs.versions {
        Some(_) => None,
        None => Some(tagged.iter().zip(&flags)),
    };
    let refused = refused
        .into_iter()
        .flatten()
        .filter(|((_, field), _)| field.attrs.ignorable.is_none())
        .map(|((_, field), flag)| {
            let refuse = step(&field.plain_name(), quote!(w.refuse()));
            quote!((!#flag || #refuse))
        });
    let unsaid = unknown_tags.map(|ident| step("", quote!(w.no_unknown_tags(&self.#ident))));
    let without = all(refused.chain(unsaid));
    let with = quote!(if w.flexible() {
        let count = 0 #(+ #flags as u32)* #count;
        w.unsigned_varint(count);
        count == 0 || {
            #unknown
            #writes
        }
    } else {
        #without
    });
    let steps = all(dropped.chain([with]));
    Some(quote!({ #set #steps }))
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
