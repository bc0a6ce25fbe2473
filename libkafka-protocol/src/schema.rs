//! What a derived struct looks like on the wire, as data.

use crate::Versions;

/// A struct as its annotations describe it, in the terms of Kafka's schemas.
#[derive(Debug, Clone, Copy)]
pub struct StructSchema {
    /// Name of the struct, which is Kafka's name of the schema.
    pub name: &'static str,
    /// Key of the API that it is a request or a response of.
    pub api_key: Option<i16>,
    /// Versions in which it exists; [`Versions::ALL`] for inner structs, which
    /// follow the message that they stand in.
    pub versions: Versions,
    /// Versions with compact lengths and tagged fields; [`Versions::NONE`] for
    /// inner structs, which follow the message that they stand in.
    pub flexible: Versions,
    /// The fields, in the order in which they are written.
    pub fields: &'static [FieldSchema],
}

/// A field of a [`StructSchema`].
#[derive(Debug, Clone, Copy)]
pub struct FieldSchema {
    /// Name in Kafka's schema with a small first letter, as in its JSON.
    pub name: &'static str,
    /// Type of the value.
    pub ty: FieldType,
    /// Versions that have the field.
    pub versions: Versions,
    /// Versions in which it may be null.
    pub nullable: Versions,
    /// Tag, if it is a tagged field.
    pub tag: Option<u32>,
    /// Default as written in the annotation; none where it is the zero of the
    /// type, or null where the field is nullable.
    pub default: Option<&'static str>,
    /// Whether a version that lacks the field drops its value in silence.
    pub ignorable: bool,
    /// Whether its length keeps the old, fixed-size form in flexible versions.
    pub not_flexible: bool,
}

/// Type of a field.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum FieldType {
    /// A byte, zero or not.
    Bool,
    /// A signed byte.
    Int8,
    /// Two bytes, signed.
    Int16,
    /// Two bytes, unsigned.
    Uint16,
    /// Four bytes, signed.
    Int32,
    /// Four bytes, unsigned.
    Uint32,
    /// Eight bytes, signed.
    Int64,
    /// Eight bytes, IEEE 754.
    Float64,
    /// UTF-8 with a length.
    String,
    /// Bytes with a length; what Kafka calls `bytes` and `records`.
    Bytes,
    /// Sixteen bytes.
    Uuid,
    /// A count and that many elements.
    Array(&'static FieldType),
    /// A struct; a function, since a struct may contain itself.
    Struct(fn() -> &'static StructSchema),
}

impl FieldType {
    /// The schema of the struct that a field of this type holds, directly or
    /// as the element of an array.
    #[inline]
    pub fn inner(&self) -> Option<&'static StructSchema> {
        match self {
            Self::Struct(schema) => Some(schema()),
            Self::Array(element) => element.inner(),
            _ => None,
        }
    }
}
