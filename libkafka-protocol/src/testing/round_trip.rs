//! `check_encoded`: the properties of every value and its bytes.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Debug;

use bytes::Bytes;

use crate::error::{Error, ErrorKind};
use crate::limits::Limits;
use crate::message::KafkaWire;
use crate::wire::Decode;

/// The bytes after a message in the tests.
const REST: &[u8] = b"rest";

/// The most prefixes of one encoding that are tried, spread evenly.
#[cfg(feature = "proptest")]
const MAX_PREFIXES: usize = 96;

/// Fails with a reason if `holds` is false.
fn ensure(holds: bool, reason: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason()) }
}

/// Encodes a value and appends [`REST`].
pub(super) fn encode_with_rest<T: KafkaWire>(version: i16, value: &T) -> Result<Bytes, String> {
    let mut bytes = encode(version, value)?;
    bytes.extend_from_slice(REST);
    Ok(bytes.into())
}

/// Compares a value with what its bytes, from [`encode_with_rest`], decode to. Returns the bytes
/// without [`REST`].
///
/// The value and the bytes have separate lifetimes, since the value may borrow from other bytes.
pub(super) fn check_encoded<'de, T>(
    version: i16,
    value: &T,
    with_rest: &'de Bytes,
) -> Result<&'de [u8], String>
where
    T: KafkaWire + Decode<'de> + PartialEq + Debug,
{
    let bytes = &with_rest[..with_rest.len() - REST.len()];
    let decoded =
        T::decode_exact(version, bytes).map_err(|error| format!("does not decode: {error}"))?;
    same_bytes(version, &decoded, bytes)?;
    // A value with NaN is not even itself.
    #[allow(clippy::eq_op)]
    let is_itself = value == value;
    ensure(!is_itself || decoded == *value, || {
        format!("the value changed: it became {decoded:?}")
    })?;

    // Decoded from a `Bytes`, fields may be slices of it.
    let (decoded, rest) =
        T::decode(version, with_rest).map_err(|error| format!("of `Bytes`: {error}"))?;
    ensure(rest == REST, || {
        format!("{} bytes are left, not {}", rest.len(), REST.len())
    })?;
    same_bytes(version, &decoded, bytes)?;
    let (decoded, overlooked) = T::decode_lenient(version, with_rest, Limits::default())
        .map_err(|error| format!("leniently: {error}"))?;
    same_bytes(version, &decoded, bytes)?;
    let faults = (overlooked.trailing_bytes, overlooked.null_arrays);
    ensure(faults == (REST.len(), 0), || {
        format!(
            "{overlooked} are overlooked, of {} bytes that follow",
            REST.len()
        )
    })?;
    let all = T::decode_exact(version, with_rest);
    let trailing = all.as_ref().map_err(Error::kind).err();
    ensure(
        trailing == Some(&ErrorKind::TrailingBytes(REST.len())),
        || format!("with bytes that follow: {all:?}"),
    )?;
    Ok(bytes)
}

fn same_bytes<T: KafkaWire>(version: i16, value: &T, bytes: &[u8]) -> Result<(), String> {
    let again = encode(version, value)?;
    ensure(again == bytes, || {
        format!("the bytes changed: {} became {}", hex(bytes), hex(&again))
    })
}

/// Checks that no prefix of a message is a message.
#[cfg(feature = "proptest")]
pub(super) fn check_prefixes<'de, T>(version: i16, bytes: &'de [u8]) -> Result<(), String>
where
    T: KafkaWire + Decode<'de> + Debug,
{
    let step = bytes.len().div_ceil(MAX_PREFIXES).max(1);
    for length in (0..bytes.len()).step_by(step) {
        let decoded = T::decode_exact(version, &bytes[..length]);
        ensure(decoded.is_err(), || {
            let all = bytes.len();
            format!("the first {length} bytes of {all} are a message too: {decoded:?}")
        })?;
    }
    Ok(())
}

pub(super) fn encode<T: KafkaWire>(version: i16, value: &T) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    match value.encode(version, &mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) => Err(format!("does not encode: {error}")),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
