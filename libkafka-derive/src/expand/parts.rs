//! `Part`: what is written and read in one step: neighbouring numbers together, every other field
//! by itself.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ast::Field;

/// The most numbers in one step: the protocol crate's `__derive::numbers` has tuples of up to this
/// size.
const MAX_NUMBERS: usize = 8;

/// Fields that are written or read by one call.
pub(super) enum Part<'a, 'f> {
    /// Two or more neighbouring numbers in the same versions.
    Numbers(&'f [&'f Field<'a>]),
    /// Anything else.
    Single(&'f Field<'a>),
}

impl<'a, 'f> Part<'a, 'f> {
    /// The fields of the part, which all exist in the same versions.
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

/// The fields as a tuple, each preceded by `before`.
pub(super) fn tuple(fields: &[&Field], before: TokenStream) -> TokenStream {
    let idents = fields.iter().map(|field| field.ident);
    quote!((#(#before self.#idents,)*))
}

/// Splits the fields into plain ones, in order, and tagged ones, by tag.
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
