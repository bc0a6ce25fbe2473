//! A whole message: what a struct with `versions` is.

use alloc::vec::Vec;

use crate::reader::Input;
use crate::wire::{Decode, Encode};
use crate::writer::Writer;
use crate::{Error, ErrorKind, Limits, Reader, StructSchema, Versions};

/// A struct whose fields stand on the wire: every struct that derives
/// [`KafkaWire`](macro@crate::KafkaWire), messages and their inner structs.
pub trait WireStruct: Encode {
    /// What its annotations say, as data.
    const SCHEMA: &'static StructSchema;
}

/// A message: a struct that knows in which versions it exists.
///
/// Derived by [`KafkaWire`](macro@crate::KafkaWire), where the annotations are
/// explained. One struct serves all versions; the version is an argument
/// wherever bytes are involved.
///
/// ```
/// use libkafka_protocol::KafkaWire;
/// use libkafka_protocol::messages::HeartbeatRequest;
///
/// let request = HeartbeatRequest {
///     group_id: "checkout".into(),
///     generation_id: 7,
///     ..Default::default()
/// };
/// let mut body = Vec::new();
/// request.encode(4, &mut body)?;
/// assert_eq!(HeartbeatRequest::decode_exact(4, &body)?, request);
/// # Ok::<(), libkafka_protocol::Error>(())
/// ```
pub trait KafkaWire: WireStruct {
    /// Versions in which the message exists.
    const VERSIONS: Versions = Self::SCHEMA.versions;

    /// Versions with compact lengths and tagged fields (KIP-482).
    const FLEXIBLE: Versions = Self::SCHEMA.flexible;

    /// Appends the message to `out`.
    ///
    /// # Errors
    /// If the version does not exist, or cannot carry a value that is set:
    /// nothing is left out in silence but ignorable fields. `out` is then as it
    /// was.
    fn encode(&self, version: i16, out: &mut Vec<u8>) -> Result<(), Error> {
        let start = out.len();
        let mut w = Writer::new(
            core::mem::take(out),
            version,
            Self::FLEXIBLE.contains(version),
        );
        let result = encode_message(self, &mut w);
        *out = w.into_inner();
        if result.is_err() {
            out.truncate(start);
        }
        result
    }

    /// Decodes a message from the start of `input` and returns it with the
    /// bytes that follow.
    ///
    /// # Errors
    /// If the version does not exist or the bytes are not such a message.
    fn decode<'de>(version: i16, input: impl Input<'de>) -> Result<(Self, &'de [u8]), Error>
    where
        Self: Decode<'de>,
    {
        Self::decode_with(version, input, Limits::default())
    }

    /// Decodes a message that takes up all of `input`.
    ///
    /// # Errors
    /// As [`decode`](Self::decode), and [`ErrorKind::TrailingBytes`].
    fn decode_exact<'de>(version: i16, input: impl Input<'de>) -> Result<Self, Error>
    where
        Self: Decode<'de>,
    {
        let input = input.parts();
        let (message, rest) = Self::decode(version, input)?;
        if rest.is_empty() {
            return Ok(message);
        }
        Err(trailing(input.0, rest, Self::SCHEMA.name, version))
    }

    /// As [`decode`](Self::decode), within limits of the caller's.
    ///
    /// # Errors
    /// As [`decode`](Self::decode).
    fn decode_with<'de>(
        version: i16,
        input: impl Input<'de>,
        limits: Limits,
    ) -> Result<(Self, &'de [u8]), Error>
    where
        Self: Decode<'de>,
    {
        let mut message = Self::default();
        let mut r = Reader::new(input, version, Self::FLEXIBLE.contains(version), limits);
        let result = match check_version(Self::VERSIONS, version) {
            Ok(()) => message.read(&mut r),
            Err(error) => Err(error),
        };
        match result {
            Ok(()) => Ok((message, r.rest())),
            Err(error) => Err(error.in_message(Self::SCHEMA.name, version)),
        }
    }
}

/// Writes a message of a version that `w` knows.
pub(crate) fn encode_message<'a, T: KafkaWire + ?Sized>(
    message: &'a T,
    w: &mut Writer<'a>,
) -> Result<(), Error> {
    let version = w.version();
    let result = match check_version(T::VERSIONS, version) {
        Ok(()) => message.write(w),
        Err(error) => Err(error),
    };
    result.map_err(|error| error.in_message(T::SCHEMA.name, version))
}

/// Checks that a message exists in a version.
#[inline(never)]
fn check_version(supported: Versions, version: i16) -> Result<(), Error> {
    if supported.contains(version) {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::UnsupportedVersion { supported },
        None,
    ))
}

#[cold]
#[inline(never)]
fn trailing(input: &[u8], rest: &[u8], message: &'static str, version: i16) -> Error {
    let offset = input.len() - rest.len();
    Error::new(ErrorKind::TrailingBytes(rest.len()), Some(offset)).in_message(message, version)
}
