//! Values made up for tests (features `arbitrary` and `proptest`).
//!
//! [`Generate`] makes a value out of arbitrary bytes, and only such a value as
//! the version asked for can carry: fields that it lacks stay at their
//! defaults, null stands only where it may, strings keep to their limit,
//! unknown tags come in flexible versions and never under a known number. What
//! is made can be encoded, and decodes to itself.
//!
//! The derive implements it for every struct, yours among them. Edges are more
//! frequent than chance would have them: the ends of number types, lengths
//! where a varint grows, empty, null, text of several bytes to a character,
//! NaN.
//!
//! - With `arbitrary`, [`InVersion`] is what a fuzz target takes.
//! - With `proptest`, `strategy` and `any_version` draw values, and
//!   `testing::check` runs the whole test.

mod source;
mod value;
mod versioned;

#[cfg(feature = "arbitrary")]
mod arbitrary;
#[cfg(feature = "proptest")]
pub(crate) mod strategy;

pub use self::source::Source;
#[cfg(feature = "proptest")]
pub use self::strategy::{any_version, strategy};
pub use self::versioned::{InVersion, message, versions};

/// A value that can be made up from bytes that live for `'source`.
///
/// Derived by [`KafkaWire`](macro@crate::KafkaWire). Every sequence of bytes
/// makes a value, and the fewer and the smaller they are the simpler it is: no
/// bytes at all make zeros, empty strings and empty arrays.
pub trait Generate<'source>: Default {
    /// Makes a value for the version that `source` knows.
    fn generate(source: &mut Source<'source>) -> Self;
}
