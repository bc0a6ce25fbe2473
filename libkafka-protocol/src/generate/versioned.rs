//! `InVersion`: a message and the version that it was generated for.

use super::source::{Generate, Source};
use crate::message::KafkaWire;
use crate::schema::StructSchema;
use crate::versions::Versions;

/// A message and a version that can carry it.
#[derive(Debug, Clone, PartialEq)]
pub struct InVersion<T> {
    /// The version.
    pub version: i16,
    /// The message.
    pub message: T,
}

/// Generates a message that `version` can carry from `bytes`. Returns it with the bytes that it did
/// not need.
pub fn message_from_bytes<'a, T: KafkaWire + Generate<'a>>(
    version: i16,
    bytes: &'a [u8],
) -> (T, &'a [u8]) {
    let mut source = Source::new(bytes, version, T::FLEXIBLE.contains(version));
    (T::generate(&mut source), source.rest())
}

/// The versions of a message that are worth testing: all of them or, if the range has no end
/// (`"0+"`), those up to one after the last change.
pub fn versions<T: KafkaWire>() -> Versions {
    let Versions { min, max } = T::VERSIONS;
    if max < i16::MAX {
        return T::VERSIONS;
    }
    let last = last_change(T::SCHEMA, SCHEMA_DEPTH).max(min);
    Versions::new(min, last.saturating_add(1))
}

/// A struct may contain itself, and its schema with it.
const SCHEMA_DEPTH: u8 = 8;

/// The highest version that an annotation names.
fn last_change(schema: &StructSchema, depth: u8) -> i16 {
    let mut last = end(schema.flexible);
    for field in schema.fields {
        last = last.max(end(field.versions)).max(end(field.nullable));
        if let (Some(inner), true) = (field.ty.inner(), depth > 0) {
            last = last.max(last_change(inner, depth - 1));
        }
    }
    last
}

fn end(versions: Versions) -> i16 {
    if versions.max == i16::MAX {
        versions.min
    } else {
        versions.max
    }
}
