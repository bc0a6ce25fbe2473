//! What must hold of every value and its bytes.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Debug;

use bytes::Bytes;

use crate::wire::Decode;
use crate::{Error, ErrorKind, KafkaWire};

/// What follows a message in the tests.
const REST: &[u8] = b"rest";

/// Most prefixes of one encoding that are tried; of a longer one, as many
/// spread over it.
#[cfg(feature = "proptest")]
const MAX_PREFIXES: usize = 96;

/// A reason to fail, if `holds` does not.
fn ensure(holds: bool, reason: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason()) }
}

/// The bytes of a value, and [`REST`] behind them.
pub(super) fn followed<T: KafkaWire>(version: i16, value: &T) -> Result<Bytes, String> {
    let mut bytes = encode(version, value)?;
    bytes.extend_from_slice(REST);
    Ok(bytes.into())
}

/// Holds a value against what its bytes, [`followed`], decode to; the bytes are
/// returned.
///
/// Value and bytes have a lifetime each, since the value may borrow from other
/// bytes than these.
pub(super) fn check_encoded<'de, T>(
    version: i16,
    value: &T,
    followed: &'de Bytes,
) -> Result<&'de [u8], String>
where
    T: KafkaWire + Decode<'de> + PartialEq + Debug,
{
    let bytes = &followed[..followed.len() - REST.len()];
    let decoded =
        T::decode_exact(version, bytes).map_err(|error| format!("does not decode: {error}"))?;
    same_bytes(version, &decoded, bytes)?;
    // A value with NaN is not even itself.
    #[allow(clippy::eq_op)]
    let is_itself = value == value;
    ensure(!is_itself || decoded == *value, || {
        format!("the value changed: it became {decoded:?}")
    })?;

    // Where there is a `Bytes`, what is decoded may be slices of it.
    let (decoded, rest) =
        T::decode(version, followed).map_err(|error| format!("of `Bytes`: {error}"))?;
    ensure(rest == REST, || {
        format!("{} bytes are left, not {}", rest.len(), REST.len())
    })?;
    same_bytes(version, &decoded, bytes)?;
    let all = T::decode_exact(version, followed);
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

/// Holds that no message is the start of another.
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
