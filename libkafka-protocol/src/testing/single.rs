//! `check_value` and `check_bytes`: the test of a single value or input.

use core::fmt::Debug;

use super::round_trip::{check_encoded, encode_with_rest};
use crate::message::KafkaWire;
use crate::wire::Decode;

/// Tests that a value survives a round trip: it is encoded, decoded to the same value and encoded
/// to the same bytes again, whether the input is a [`Bytes`](crate::Bytes) or a slice. Bytes after
/// the message are returned by `decode`, counted by `decode_lenient` and refused by `decode_exact`.
///
/// # Panics
/// If the value does not survive, or `version` cannot carry it.
pub fn check_value<T>(version: i16, value: &T)
where
    T: KafkaWire + for<'a> Decode<'a> + PartialEq + Debug,
{
    let checked = encode_with_rest(version, value)
        .and_then(|bytes| check_encoded(version, value, &bytes).map(|_| ()));
    if let Err(reason) = checked {
        panic!("{} v{version}: {reason}\n{value:?}", T::SCHEMA.name);
    }
}

/// Tests arbitrary bytes: either they fail to decode, or they decode to a message that passes
/// [`check_value`].
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
/// If the bytes decode to a message that does not pass [`check_value`].
pub fn check_bytes<T>(version: i16, bytes: &[u8])
where
    T: KafkaWire + for<'a> Decode<'a> + PartialEq + Debug,
{
    if let Ok((value, _)) = T::decode(version, bytes) {
        check_value(version, &value);
    }
}
