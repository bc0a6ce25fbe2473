//! The tagged fields of `Encode` and `Decode`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::context::Context;
use super::default;
use super::field::{absent, read_field, write_field};
use super::steps::{all, concat, step};
use crate::ast::Field;

/// An expression that writes the tagged fields and returns whether it succeeded; `None` if there
/// cannot be any.
pub(super) fn write(
    cx: &Context,
    tagged: &[(u32, &Field)],
    unknown_tags: Option<&Ident>,
) -> Option<TokenStream> {
    let krate = &cx.krate;
    if tagged.is_empty() {
        return match unknown_tags {
            Some(ident) => Some(step(
                "",
                quote!(#krate::__derive::write_unknown_tags(io, &self.#ident)),
            )),
            None if cx.maybe_flexible() => Some(quote!(#krate::__derive::write_no_tags(io))),
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
        // Even if the field is not written: a reader would take the unknown tag for it.
        let below = unknown_tags.map(|_| step("", quote!(unknown.write_below(io, #tag))));
        let below = below.map(|below| quote!(#below &&));
        let write = step(
            &field.plain_name(),
            quote!(#krate::__derive::write_tag(io, #tag, |io| #write)),
        );
        quote!(#below (!#flag || #write))
    });
    let rest = unknown_tags.map(|_| quote!(unknown.write_rest(io)));
    let writes = all(writes.chain(rest));
    let count = unknown_tags.map(|ident| quote!(+ self.#ident.len() as u32));
    let unknown = unknown_tags.map(
        |ident| quote!(let mut unknown = #krate::__derive::unknown_tags_between(&self.#ident);),
    );
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
            let refuse = step(&field.plain_name(), quote!(#krate::__derive::refuse(io)));
            quote!((!#flag || #refuse))
        });
    let unsaid = unknown_tags.map(|ident| {
        step(
            "",
            quote!(#krate::__derive::refuse_unknown_tags(io, &self.#ident)),
        )
    });
    let without = all(refused.chain(unsaid));
    let with = quote!(if io.flexible() {
        let count = 0 #(+ #flags as u32)* #count;
        io.unsigned_varint(count);
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

/// An expression that reads the tagged fields and returns whether it succeeded; `None` if there
/// cannot be any.
pub(super) fn read(
    cx: &Context,
    tagged: &[(u32, &Field)],
    unknown_tags: Option<&Ident>,
) -> Option<TokenStream> {
    let krate = &cx.krate;
    if tagged.is_empty() {
        return match unknown_tags {
            Some(ident) => Some(quote!(#krate::__derive::read_unknown_tags(io, &mut self.#ident))),
            None if cx.maybe_flexible() => Some(quote!(#krate::__derive::skip_tags(io))),
            None => None,
        };
    }
    let known = concat(tagged.iter().map(|(tag, field)| {
        let (name, read) = (field.plain_name(), read_field(cx, field));
        let read = quote!(#krate::__derive::read_tag(io, #tag, size, #name, |io| #read));
        let absent = quote!(#krate::__derive::refuse_tag(io, #tag, #name));
        let body = cx.if_present(field, read, absent);
        quote!(#tag => { #body })
    }));
    let unknown = match unknown_tags {
        Some(ident) => quote!(#krate::__derive::read_unknown_tag(io, tag, size, &mut self.#ident)),
        None => quote!(#krate::__derive::skip_tag(io, size)),
    };
    Some(quote! {
        #krate::__derive::read_tags(io, |io, tag, size| match tag {
            #known
            _ => #unknown,
        })
    })
}
