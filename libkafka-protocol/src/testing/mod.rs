//! Tests of a message, yours or Kafka's, in one line (features `proptest` and
//! `arbitrary`).
//!
//! - `check` is the whole test, with values and damage drawn by proptest.
//! - [`check_value`] and [`check_bytes`] are its parts: what a fuzz target does
//!   with its input.
//!
//! Decoding keeps to the default [`Limits`](crate::Limits): a struct that needs
//! more memory than they allow fails here.

mod round_trip;

#[cfg(feature = "proptest")]
mod check;
#[cfg(feature = "proptest")]
mod damage;

use core::fmt::Debug;

#[cfg(feature = "proptest")]
pub use self::check::{check, check_with};

use self::round_trip::{check_encoded, followed};
use crate::KafkaWire;
use crate::wire::Decode;

/// Tests that a value survives: it becomes bytes, these the same value, and
/// that the same bytes, whether the input is a [`Bytes`](crate::Bytes) or a
/// slice; what follows the message is left to the caller, or an error where the
/// message must take up all.
///
/// # Panics
/// If not, or if `version` cannot carry the value.
pub fn check_value<T>(version: i16, value: &T)
where
    T: KafkaWire + for<'a> Decode<'a> + PartialEq + Debug,
{
    let checked = followed(version, value)
        .and_then(|bytes| check_encoded(version, value, &bytes).map(|_| ()));
    if let Err(reason) = checked {
        panic!("{} v{version}: {reason}\n{value:?}", T::SCHEMA.name);
    }
}

/// Tests bytes that may be anything: they fail to decode, or are a message that
/// survives as in [`check_value`].
///
/// ```
/// use libkafka_protocol::messages::FetchResponse;
/// use libkafka_protocol::testing::check_bytes;
///
/// // The body of a `fuzz_target!`.
/// fn survives(data: &[u8]) {
///     check_bytes::<FetchResponse>(13, data);
/// }
/// # survives(&[0; 30]);
/// ```
///
/// # Panics
/// If not.
pub fn check_bytes<T>(version: i16, bytes: &[u8])
where
    T: KafkaWire + for<'a> Decode<'a> + PartialEq + Debug,
{
    if let Ok((value, _)) = T::decode(version, bytes) {
        check_value(version, &value);
    }
}
