//! Structs as a user writes them, against bytes written by hand from the
//! protocol guide.

mod defaults;
mod messages;
mod shapes;
mod tags;
mod versions;

use std::fmt::Debug;

use libkafka_protocol::wire::Decode;
use libkafka_protocol::{Error, ErrorKind, KafkaWire};

/// The bytes of a message that must be encoded.
fn encode<T: KafkaWire>(message: &T, version: i16) -> Vec<u8> {
    let mut bytes = Vec::new();
    message.encode(version, &mut bytes).unwrap();
    bytes
}

/// The error of a message that must not be encoded; nothing is left behind.
fn refused<T: KafkaWire>(message: &T, version: i16) -> Error {
    let mut bytes = vec![7];
    let error = message.encode(version, &mut bytes).unwrap_err();
    assert_eq!(bytes, [7]);
    error
}

/// `bytes` are what `message` becomes, and it becomes of them.
#[track_caller]
fn both_ways<'de, T>(version: i16, bytes: &'de [u8], message: T)
where
    T: KafkaWire + Decode<'de> + PartialEq + Debug,
{
    assert_eq!(encode(&message, version), bytes);
    assert_eq!(T::decode_exact(version, bytes).unwrap(), message);
}

/// What an error says.
#[track_caller]
fn assert_error(error: &Error, path: &str, offset: Option<usize>, kind: ErrorKind) {
    assert_eq!(
        (error.path().as_str(), error.offset(), error.kind()),
        (path, offset, &kind),
        "{error}"
    );
}
