//! `expand`: all of the generated code, trait by trait.

use proc_macro2::TokenStream;

use super::context::Context;
use super::steps::concat;
use super::{decode, default, encode, generate, json, message, schema, value};
use crate::ast::{Input, Shape};

/// Writes the code of a struct.
pub(crate) fn expand(input: &Input) -> TokenStream {
    let cx = Context {
        input,
        krate: input.krate(),
    };
    let mut parts = match &input.shape {
        Shape::Struct {
            fields,
            unknown_tags,
        } => vec![
            default::expand(&cx, fields, *unknown_tags),
            value::expand(&cx, fields, *unknown_tags),
            encode::expand(&cx, fields, *unknown_tags),
            decode::expand(&cx, fields, *unknown_tags),
            schema::expand(&cx, fields),
            message::expand(&cx, fields),
        ],
        Shape::Newtype(ty) => vec![
            default::expand_newtype(&cx),
            value::expand_newtype(&cx, ty),
            encode::expand_newtype(&cx, ty),
            decode::expand_newtype(&cx, ty),
        ],
    };
    if cfg!(feature = "json") {
        parts.push(match &input.shape {
            Shape::Struct { fields, .. } => json::expand(&cx, fields),
            Shape::Newtype(ty) => json::expand_newtype(&cx, ty),
        });
    }
    if cfg!(feature = "generate") {
        parts.push(match &input.shape {
            Shape::Struct {
                fields,
                unknown_tags,
            } => generate::expand(&cx, fields, *unknown_tags),
            Shape::Newtype(_) => generate::expand_newtype(&cx),
        });
    }
    concat(parts)
}
