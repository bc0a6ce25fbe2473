//! How the plain fields of a struct are taken: numbers that stand next to one another in one go,
//! every other field by itself.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ast::Field;

/// Most numbers in one go: the protocol crate's `wire::numbers` has tuples up to it.
const MAX_NUMBERS: usize = 8;

/// What is written or read by one call.
pub(super) enum Part<'a, 'f> {
    /// Two or more neighbouring numbers in the same versions.
    Numbers(&'f [&'f Field<'a>]),
    /// Anything else.
    Single(&'f Field<'a>),
}

impl<'a, 'f> Part<'a, 'f> {
    /// The fields of it, which are all in the same versions.
    pub(super) fn fields(&self) -> &[&'f Field<'a>] {
        match self {
            Part::Numbers(fields) => fields,
            Part::Single(field) => std::slice::from_ref(field),
        }
    }
}

pub(super) fn parts<'a, 'f>(plain: &'f [&'f Field<'a>]) -> Vec<Part<'a, 'f>> {
    let alike = |a: &&Field, b: &&Field| {
        a.number_size().is_some() && b.number_size().is_some() && a.versions() == b.versions()
    };
    plain
        .chunk_by(alike)
        .flat_map(|fields| fields.chunks(MAX_NUMBERS))
        .map(|fields| match fields {
            [field] => Part::Single(field),
            _ => Part::Numbers(fields),
        })
        .collect()
}

/// The fields as a tuple, each behind `before`.
pub(super) fn tuple(fields: &[&Field], before: TokenStream) -> TokenStream {
    let idents = fields.iter().map(|field| field.ident);
    quote!((#(#before self.#idents,)*))
}
