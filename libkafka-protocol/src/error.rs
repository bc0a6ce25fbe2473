//! What can go wrong between a struct and its bytes.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::{ApiKey, Versions};

/// Why a message could not be decoded or encoded, and where.
///
/// One pointer wide, so that the good path carries no weight of it; everything
/// is behind [`kind`](Self::kind), [`message`](Self::message),
/// [`version`](Self::version), [`path`](Self::path) and
/// [`offset`](Self::offset).
#[derive(Clone, PartialEq, Eq)]
pub struct Error(Box<Detail>);

#[derive(Clone, PartialEq, Eq)]
struct Detail {
    kind: ErrorKind,
    message: &'static str,
    version: i16,
    offset: Option<usize>,
    /// Innermost step first: each level adds its own on the way out.
    path: Vec<Step>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Field(&'static str),
    Index(usize),
}

/// What exactly was wrong.
///
// Its words stand below by hand: a derive for them, with its own build, would be a tenth of what
// this crate costs to build.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input ends before the value does.
    Incomplete {
        /// Bytes that the value claims to take.
        needed: usize,
        /// Bytes that are there.
        remaining: usize,
    },
    /// An array claims more elements than the bytes left could hold.
    CountTooLarge {
        /// Elements claimed.
        count: usize,
        /// Bytes that are there.
        remaining: usize,
    },
    /// A length or count below the -1 that stands for null.
    NegativeLength(i32),
    /// Null in a field that is not nullable in this version.
    UnexpectedNull,
    /// A string that is not UTF-8.
    InvalidUtf8 {
        /// Bytes of the string that are valid.
        valid_up_to: usize,
    },
    /// A varint that goes on after its last possible byte, or overflows.
    VarintOverflow {
        /// Width of the type, 32 or 64.
        bits: u8,
    },
    /// Tags that repeat or descend; they must be strictly ascending.
    TagOrder {
        /// The offending tag.
        tag: u32,
        /// The one before it.
        previous: u32,
    },
    /// A tagged field whose value takes less than its declared size.
    TagSize {
        /// The tag.
        tag: u32,
        /// Bytes of the declared size that the value left unread.
        unread: usize,
    },
    /// A tag that is known, but not in this version.
    TagNotInVersion {
        /// The tag.
        tag: u32,
    },
    /// Bytes after the end of the message.
    TrailingBytes(usize),
    /// The message does not exist in the version asked for.
    UnsupportedVersion {
        /// Versions in which the message exists.
        supported: Versions,
    },
    /// A request header names an API or a version that this library does not
    /// know.
    UnknownApi {
        /// The API.
        api_key: ApiKey,
        /// The version.
        version: i16,
    },
    /// A field is set to something other than its default, and this version
    /// cannot carry it. Clear the field or use another version.
    NotInVersion,
    /// A string, array or byte sequence that is longer than its length field
    /// can say.
    TooLong {
        /// Length of the value, in bytes or elements.
        length: usize,
        /// The most that fits.
        max: usize,
    },
    /// Unknown tags in a version that has no tagged fields.
    TagsNotInVersion,
    /// An unknown tag with the number of a known one.
    TagIsKnown {
        /// The tag.
        tag: u32,
    },
    /// Decoding would take more memory than the limit allows.
    MemoryLimit {
        /// Elements of the array, or one for what is in a box.
        count: usize,
        /// Bytes that were left of the limit.
        budget: usize,
    },
    /// Values nested deeper than the limit.
    TooDeep {
        /// The limit.
        limit: u16,
    },
    /// JSON without a field that this version has.
    MissingField,
    /// JSON of another type than the field's, or out of its range.
    UnexpectedJson {
        /// What the field takes.
        expected: &'static str,
        /// What was there.
        found: String,
    },
}

impl fmt::Display for ErrorKind {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incomplete { needed, remaining } => {
                write!(f, "{needed} bytes are needed where {remaining} are left")
            }
            Self::CountTooLarge { count, remaining } => write!(
                f,
                "an array of {count} elements cannot stand in the {remaining} bytes that are left"
            ),
            Self::NegativeLength(length) => write!(
                f,
                "the length is {length}, and only -1 (null) may be negative"
            ),
            Self::UnexpectedNull => f.write_str("null, where this version allows none"),
            Self::InvalidUtf8 { valid_up_to } => {
                write!(f, "not UTF-8 from the string's byte {valid_up_to} on")
            }
            Self::VarintOverflow { bits } => write!(f, "a varint that does not fit {bits} bits"),
            Self::TagOrder { tag, previous } => {
                write!(f, "tag {tag} after tag {previous}: tags must ascend")
            }
            Self::TagSize { tag, unread } => write!(
                f,
                "tag {tag} declares more bytes than its value takes: {unread} are left over"
            ),
            Self::TagNotInVersion { tag } => write!(f, "tag {tag} does not exist in this version"),
            Self::TrailingBytes(count) => write!(f, "{count} bytes follow the end of the message"),
            Self::UnsupportedVersion { supported } => {
                write!(f, "this version is not supported; versions {supported} are")
            }
            Self::UnknownApi { api_key, version } => {
                write!(f, "version {version} of API {api_key} is unknown")
            }
            Self::NotInVersion => f.write_str(
                "set to a value other than its default, and this version does not have it",
            ),
            Self::TooLong { length, max } => write!(
                f,
                "a length of {length} is more than the {max} that this version can write"
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
    /// A new error of this kind at a byte offset of the input, if it has one.
    ///
    /// Message, version and path are added by the levels above.
    #[cold]
    #[inline(never)]
    pub fn new(kind: ErrorKind, offset: Option<usize>) -> Self {
        Self(Box::new(Detail {
            kind,
            message: "",
            version: -1,
            offset,
            path: Vec::new(),
        }))
    }

    /// What was wrong.
    #[inline]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Name of the message, as in Kafka's schemas (`FetchResponse`).
    #[inline]
    pub fn message(&self) -> &'static str {
        self.0.message
    }

    /// The version that it was to be read or written in.
    #[inline]
    pub fn version(&self) -> i16 {
        self.0.version
    }

    /// Where in the input, in bytes from the start of the message; none when
    /// the error is one of encoding.
    #[inline]
    pub fn offset(&self) -> Option<usize> {
        self.0.offset
    }

    /// The field, from the outermost inwards: `responses[3].partitions[0].records`.
    /// Empty if the error is about the message as a whole.
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

    /// The same error, one field further out; no field if the name is empty.
    #[doc(hidden)]
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn in_field(mut self, name: &'static str) -> Self {
        if !name.is_empty() {
            self.0.path.push(Step::Field(name));
        }
        self
    }

    /// The same error, one array element further out.
    #[doc(hidden)]
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn at_index(mut self, index: usize) -> Self {
        self.0.path.push(Step::Index(index));
        self
    }

    /// The same error, told which message it is of.
    #[doc(hidden)]
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn in_message(mut self, message: &'static str, version: i16) -> Self {
        self.0.message = message;
        self.0.version = version;
        self
    }
}

impl fmt::Display for Error {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.message.is_empty() {
            write!(f, "{} v{}: ", self.0.message, self.0.version)?;
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

impl fmt::Debug for Error {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("message", &self.0.message)
            .field("version", &self.0.version)
            .field("path", &self.path())
            .field("offset", &self.0.offset)
            .finish()
    }
}

impl core::error::Error for Error {}
