//! Generated values for tests (features `arbitrary` and `proptest`).
//!
//! [`Generate`] makes a value from arbitrary bytes, and only a value that the version can carry:
//! fields that the version lacks have their defaults, only nullable fields are null, strings are
//! within their limit, and unknown tags occur only in flexible versions and never have a known
//! number. So every value can be encoded, and decodes to itself.
//!
//! The derive implements it for every struct, including yours. Edge cases are more frequent than
//! chance would make them: the ends of number types, lengths at which a varint grows, empty, null,
//! text with several bytes to a character, NaN.
//!
//! - With `arbitrary`, a fuzz target takes an [`InVersion`].
//! - With `proptest`, `strategy` and `any_version` draw values, and `testing::check` runs the whole
//!   test.

mod source;
mod value;
mod versioned;

#[cfg(feature = "arbitrary")]
mod arbitrary;
#[cfg(feature = "proptest")]
pub(crate) mod strategy;

pub use self::source::{Generate, Source};
#[cfg(feature = "proptest")]
pub use self::strategy::{any_version, strategy};
pub use self::versioned::{InVersion, message_from_bytes, versions};
