//! `StructSchema`: the encoding of a struct, as data.

use crate::versions::Versions;

/// A struct as its annotations describe it, in the terms of Kafka's schemas.
#[derive(Debug, Clone, Copy)]
pub struct StructSchema {
    /// The name of the struct, which is the name of the schema in Kafka.
    pub name: &'static str,
    /// The key of the API, if the struct is a request or a response.
    pub api_key: Option<i16>,
    /// The versions in which the struct exists; [`Versions::ALL`] for inner structs, which exist in
    /// the versions of the message that contains them.
    pub versions: Versions,
    /// The versions with compact lengths and tagged fields; [`Versions::NONE`] for inner structs,
    /// which are flexible if the message that contains them is.
    pub flexible: Versions,
    /// The fields, in the order in which they are written.
    pub fields: &'static [FieldSchema],
}

/// A field of a [`StructSchema`].
#[derive(Debug, Clone, Copy)]
pub struct FieldSchema {
    /// The name in Kafka's JSON: the schema's name with a lower-case first letter.
    pub name: &'static str,
    /// The type of the value.
    pub ty: FieldType,
    /// The versions that have the field.
    pub versions: Versions,
    /// The versions in which the field may be null.
    pub nullable: Versions,
    /// The tag, if this is a tagged field.
    pub tag: Option<u32>,
    /// The default as the annotation has it. `None` if the default is null, for a nullable field,
    /// or the zero of the type.
    pub default: Option<&'static str>,
    /// Whether a version that lacks the field drops its value instead of refusing to encode it.
    pub ignorable: bool,
    /// Whether the length has the old, fixed form even in flexible versions.
    pub not_flexible: bool,
}

/// A field as most are: in all versions, never null and untagged, with the zero of its type as
/// default.
pub const fn plain_field(name: &'static str, ty: FieldType) -> FieldSchema {
    FieldSchema {
        name,
        ty,
        versions: Versions::ALL,
        nullable: Versions::NONE,
        tag: None,
        default: None,
        ignorable: false,
        not_flexible: false,
    }
}

/// The type of a field.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum FieldType {
    /// A byte: zero is false, anything else is true.
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
    /// Bytes with a length. Kafka calls them `bytes` or `records`.
    Bytes,
    /// Sixteen bytes.
    Uuid,
    /// A count and that many elements.
    Array(&'static FieldType),
    /// A struct; a function, since a struct may contain itself.
    Struct(fn() -> &'static StructSchema),
}

impl FieldType {
    /// The schema of the struct that a field of this type contains, directly or in an array.
    #[inline]
    pub fn inner(&self) -> Option<&'static StructSchema> {
        match self {
            Self::Struct(schema) => Some(schema()),
            Self::Array(element) => element.inner(),
            _ => None,
        }
    }
}
