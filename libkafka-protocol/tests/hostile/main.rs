//! Bytes that mean harm: every one ends in a typed error that says where, in
//! little memory, or decodes in memory and time linear in its length.
//!
//! Runs in release too, where it tries 200,000 inputs a message:
//! `cargo test --release -p libkafka-protocol --test hostile`. The number can
//! be set by `LIBKAFKA_RANDOM_TRIES`.

mod allocations;
mod claims;
mod headers;
mod large;
mod memory;
mod minimal;
mod random;
mod tags;
mod targets;
mod values;
mod versions;

use std::fmt::Debug;

use allocations::Allocations;
use libkafka_protocol::{Bytes, Error, ErrorKind, KafkaWire, wire::Decode};

/// What an error may cost, in bytes of memory, whatever the input claims.
const COST_OF_AN_ERROR: usize = 4096;

/// Decodes `bytes`, which must fail, and checks what the error says.
#[track_caller]
fn refuses<T>(version: i16, bytes: &[u8], path: &str, offset: usize, kind: ErrorKind)
where
    T: KafkaWire + for<'de> Decode<'de> + Debug,
{
    let input = Bytes::copy_from_slice(bytes);
    let (result, cost) = Allocations::of(|| T::decode_exact(version, &input));
    let error = result.expect_err("these bytes are no such message");
    says::<T>(&error, version, path, Some(offset), kind);
    assert!(cost.total <= COST_OF_AN_ERROR, "{error}: {cost:?}");
}

/// What an error says of a message.
#[track_caller]
fn says<T: KafkaWire>(
    error: &Error,
    version: i16,
    path: &str,
    offset: Option<usize>,
    kind: ErrorKind,
) {
    let message = T::SCHEMA.name;
    assert_eq!(
        (
            error.message_name(),
            error.version(),
            error.path().as_str(),
            error.offset(),
            error.kind()
        ),
        (Some(message), Some(version), path, offset, &kind),
        "{error}"
    );
}
