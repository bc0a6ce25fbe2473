//! The functions that code derived by [`KafkaWire`](macro@crate::KafkaWire) calls. They are not for
//! any other use and change without notice.
//!
//! # Steps
//!
//! A derived `read` or `write` is one chain of `&&`: each step returns whether to go on, and a step
//! that returns false has left its error with the reader or writer. With a `Result` at each field,
//! a debug build would have twice as much code to check. With the name of each field beside its
//! error, a release build would have half as much again to compile.
//!
//! Derived code names the type of a field in [`Field`] alone (`<Type as Field>::get`), so that a
//! type that cannot be a field is one error, at the field.

mod field;
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
mod generate;
#[cfg(feature = "json")]
mod json;
mod numbers;
mod read;
mod read_tags;
mod write;
mod write_tags;

pub use self::field::Field;
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
pub use self::generate::fill_unknown_tags;
#[cfg(feature = "json")]
pub use self::json::{ObjectReader, ObjectWriter};
pub use self::numbers::{read_numbers, write_numbers};
pub use self::read::{finish_read, read_field, read_not_flexible, read_required};
pub use self::read_tags::{
    read_tag, read_tags, read_unknown_tag, read_unknown_tags, refuse_tag, skip_tag, skip_tags,
};
pub use self::write::{finish_write, refuse, write_field, write_not_flexible, write_required};
pub use self::write_tags::{
    refuse_unknown_tags, unknown_tags_between, write_no_tags, write_tag, write_unknown_tags,
};
pub use crate::message::schema_of;
pub use crate::schema::plain_field;
pub use crate::{__if_generate as if_generate, __if_json as if_json};
