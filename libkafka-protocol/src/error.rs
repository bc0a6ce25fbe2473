//! `Error`: why a message could not be decoded or encoded.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::api_key::ApiKey;
use crate::versions::Versions;

/// Why a message could not be decoded or encoded, and where.
///
/// [`kind`](Self::kind) says what is wrong; [`message_name`](Self::message_name),
/// [`version`](Self::version), [`path`](Self::path) and [`offset`](Self::offset) say where. It is
/// one pointer wide, so it costs nothing when all goes well.
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Detail>);

#[derive(Clone, PartialEq, Eq)]
struct Detail {
    kind: ErrorKind,
    message: Option<Message>,
    offset: Option<usize>,
    /// The innermost step first: each level adds its own as the error passes through.
    path: Vec<Step>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Message {
    name: &'static str,
    version: i16,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Field(&'static str),
    Index(usize),
}

/// What is wrong with a message or its bytes.
// `Display` is written by hand: a derive for it would be a tenth of the time to build this crate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input ends before the value does.
    Incomplete {
        /// The number of bytes that the value takes.
        needed: usize,
        /// The number of bytes that are left.
        remaining: usize,
    },
    /// An array has more elements than the remaining bytes can hold.
    CountTooLarge {
        /// The number of elements in the array.
        count: usize,
        /// The number of bytes that are left.
        remaining: usize,
    },
    /// A length or count is below -1, which is null.
    NegativeLength(i32),
    /// A field is null but not nullable in this version.
    UnexpectedNull,
    /// A string is not UTF-8.
    InvalidUtf8 {
        /// The number of valid bytes at the start of the string.
        valid_up_to: usize,
    },
    /// A varint is too long, or its value does not fit its type.
    VarintOverflow {
        /// The width of the type in bits: 32 or 64.
        bits: u8,
    },
    /// A tag is not higher than the one before it.
    TagOrder {
        /// The tag.
        tag: u32,
        /// The tag before it.
        previous: u32,
    },
    /// The value of a tagged field is shorter than the size in front of it.
    TagSize {
        /// The tag.
        tag: u32,
        /// The number of bytes that the value left unread.
        unread: usize,
    },
    /// A tagged field exists, but not in this version.
    TagNotInVersion {
        /// The tag.
        tag: u32,
    },
    /// This many bytes follow the end of the message.
    TrailingBytes(usize),
    /// The message does not exist in this version.
    UnsupportedVersion {
        /// The versions in which the message exists.
        supported: Versions,
    },
    /// A request header names an API or a version that this library does not know.
    UnknownApi {
        /// The API.
        api_key: ApiKey,
        /// The version.
        version: i16,
    },
    /// A request header names a different API from that of the request to decode.
    UnexpectedApi {
        /// The API of the request to decode.
        expected: ApiKey,
        /// The API that the header names.
        found: ApiKey,
    },
    /// A field is set to something other than its default, and this version lacks the field.
    /// Clear the field or use another version.
    NotInVersion,
    /// A string, array or byte string is longer than this version can encode.
    TooLong {
        /// The length of the value, in bytes or elements.
        length: usize,
        /// The maximum.
        max: usize,
    },
    /// Unknown tags are set, and this version has no tagged fields.
    TagsNotInVersion,
    /// One of the unknown tags is the tag of a known field.
    TagIsKnown {
        /// The tag.
        tag: u32,
    },
    /// Decoding would take more memory than [`Limits`](crate::Limits) allow.
    MemoryLimit {
        /// The number of elements of the array, or one for a value in a box.
        count: usize,
        /// The number of bytes that remain of the limit.
        budget: usize,
    },
    /// Values are nested deeper than [`Limits`](crate::Limits) allow.
    TooDeep {
        /// The limit.
        limit: u16,
    },
    /// The JSON lacks a field that exists in this version.
    MissingField,
    /// A JSON value is of a type that the field does not accept, or out of its range.
    UnexpectedJson {
        /// What the field accepts.
        expected: &'static str,
        /// What was found instead.
        found: String,
    },
}

impl fmt::Display for ErrorKind {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incomplete { needed, remaining } => {
                write!(f, "{needed} bytes are needed, and {remaining} are left")
            }
            Self::CountTooLarge { count, remaining } => write!(
                f,
                "an array of {count} elements does not fit the {remaining} bytes that are left"
            ),
            Self::NegativeLength(length) => write!(
                f,
                "the length is {length}; the only negative length is -1 (null)"
            ),
            Self::UnexpectedNull => f.write_str("null, which this version does not allow"),
            Self::InvalidUtf8 { valid_up_to } => {
                write!(f, "not UTF-8 from byte {valid_up_to} of the string on")
            }
            Self::VarintOverflow { bits } => write!(f, "a varint that does not fit {bits} bits"),
            Self::TagOrder { tag, previous } => {
                write!(f, "tag {tag} after tag {previous}: tags must ascend")
            }
            Self::TagSize { tag, unread } => write!(
                f,
                "tag {tag} declares more bytes than its value takes; {unread} are left over"
            ),
            Self::TagNotInVersion { tag } => write!(f, "tag {tag} does not exist in this version"),
            Self::TrailingBytes(count) => write!(f, "{count} bytes follow the end of the message"),
            Self::UnsupportedVersion { supported } => {
                write!(f, "this version is not supported; versions {supported} are")
            }
            Self::UnknownApi { api_key, version } => {
                write!(
                    f,
                    "version {version} of API {api_key} is unknown to this library; a request of \
                     your own is decoded with frame::decode_request"
                )
            }
            Self::UnexpectedApi { expected, found } => {
                write!(f, "a request of API {found}, not of {expected}")
            }
            Self::NotInVersion => f.write_str(
                "set to a value other than its default, and this version does not have it",
            ),
            Self::TooLong { length, max } => write!(
                f,
                "a length of {length} is more than {max}, the most that this version can encode"
            ),
            Self::TagsNotInVersion => {
                f.write_str("unknown tags are set, and this version has no tagged fields")
            }
            Self::TagIsKnown { tag } => write!(
                f,
                "tag {tag} is set among the unknown tags, but it is a known field"
            ),
            Self::MemoryLimit { count, budget } => write!(
                f,
                "{count} elements would exceed the memory limit; {budget} bytes are left of it"
            ),
            Self::TooDeep { limit } => write!(f, "nested deeper than the limit of {limit} levels"),
            Self::MissingField => f.write_str("missing, and this version has it"),
            Self::UnexpectedJson { expected, found } => {
                write!(f, "expected {expected}, found {found}")
            }
        }
    }
}

impl core::error::Error for ErrorKind {}

impl Error {
    /// Makes an error of this kind at a byte offset of the input, if it has one.
    ///
    /// The code that calls yours adds the message, its version and the path.
    #[cold]
    #[inline(never)]
    pub fn new(kind: ErrorKind, offset: Option<usize>) -> Self {
        Self(Box::new(Detail {
            kind,
            message: None,
            offset,
            path: Vec::new(),
        }))
    }

    /// What is wrong.
    #[inline]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The name of the message in Kafka's schemas, such as `FetchResponse`. `None` for an error
    /// that you made and that has not passed through a message yet.
    #[inline]
    pub fn message_name(&self) -> Option<&'static str> {
        self.0.message.map(|message| message.name)
    }

    /// The version in which the message was being decoded or encoded. `None` if
    /// [`message_name`](Self::message_name) is `None`.
    #[inline]
    pub fn version(&self) -> Option<i16> {
        self.0.message.map(|message| message.version)
    }

    /// The position of the error in the input, in bytes from the start of the message. `None` for
    /// errors of encoding.
    #[inline]
    pub fn offset(&self) -> Option<usize> {
        self.0.offset
    }

    /// The path of the field that the error is in, from the outermost inwards:
    /// `responses[3].partitions[0].records`. Empty if the error is about the whole message.
    #[inline]
    pub fn path(&self) -> String {
        let mut path = String::new();
        let _ = self.write_path(&mut path);
        path
    }

    #[inline]
    fn write_path(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        for (i, step) in self.0.path.iter().rev().enumerate() {
            match step {
                Step::Field(name) if i == 0 => out.write_str(name)?,
                Step::Field(name) => write!(out, ".{name}")?,
                Step::Index(index) => write!(out, "[{index}]")?,
            }
        }
        Ok(())
    }

    /// Adds a field in front of the path, unless the name is empty.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub(crate) fn in_field(mut self, name: &'static str) -> Self {
        if !name.is_empty() {
            self.0.path.push(Step::Field(name));
        }
        self
    }

    /// Adds an array index in front of the path.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub(crate) fn at_index(mut self, index: usize) -> Self {
        self.0.path.push(Step::Index(index));
        self
    }

    /// Sets the message and its version.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub(crate) fn in_message(mut self, name: &'static str, version: i16) -> Self {
        self.0.message = Some(Message { name, version });
        self
    }
}

impl fmt::Display for Error {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Message { name, version }) = self.0.message {
            write!(f, "{name} v{version}: ")?;
        }
        if !self.0.path.is_empty() {
            self.write_path(f)?;
            f.write_str(": ")?;
        }
        self.0.kind.fmt(f)?;
        match self.0.offset {
            Some(offset) => write!(f, " (at byte {offset})"),
            None => Ok(()),
        }
    }
}

/// The same as [`Display`](fmt::Display), so that a `main` that returns the error prints a
/// sentence. [`kind`](Error::kind) and the other methods return the parts.
impl fmt::Debug for Error {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for Error {}
