//! A whole message: what a struct with `versions` is.

use alloc::vec::Vec;
use core::mem;

use bytes::Bytes;

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
        Identity::of::<Self>().encode(&mut |w| self.write(w), version, out)
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
        let mut message = Self::default();
        let read = &mut |r: &mut Reader<'de>| message.read(r);
        Identity::of::<Self>().decode_exact(read, version, input.parts())?;
        Ok(message)
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
        let read = &mut |r: &mut Reader<'de>| message.read(r);
        let rest = Identity::of::<Self>().decode(read, version, input.parts(), limits)?;
        Ok((message, rest))
    }
}

/// Reads the fields of a message.
type Read<'r, 'de> = &'r mut dyn FnMut(&mut Reader<'de>) -> Result<(), Error>;

/// Writes the fields of a message.
type Write<'w, 'a> = &'w mut dyn FnMut(&mut Writer<'a>) -> Result<(), Error>;

/// What the code around a message's fields knows of it. That code is the same for all messages,
/// and built once: as part of each it would be a sixth of a program that uses them all.
#[derive(Clone, Copy)]
pub(crate) struct Identity {
    name: &'static str,
    versions: Versions,
    flexible: Versions,
}

impl Identity {
    #[inline]
    pub(crate) const fn of<T: KafkaWire + ?Sized>() -> Self {
        Self {
            name: T::SCHEMA.name,
            versions: T::VERSIONS,
            flexible: T::FLEXIBLE,
        }
    }

    fn decode<'de>(
        self,
        read: Read<'_, 'de>,
        version: i16,
        input: (&'de [u8], Option<&'de Bytes>),
        limits: Limits,
    ) -> Result<&'de [u8], Error> {
        let mut r = Reader::new(input, version, self.flexible.contains(version), limits);
        match self.check(version).and_then(|()| read(&mut r)) {
            Ok(()) => Ok(r.rest()),
            Err(error) => Err(error.in_message(self.name, version)),
        }
    }

    fn decode_exact<'de>(
        self,
        read: Read<'_, 'de>,
        version: i16,
        input: (&'de [u8], Option<&'de Bytes>),
    ) -> Result<(), Error> {
        let rest = self.decode(read, version, input, Limits::default())?;
        if rest.is_empty() {
            return Ok(());
        }
        let offset = input.0.len() - rest.len();
        let error = Error::new(ErrorKind::TrailingBytes(rest.len()), Some(offset));
        Err(error.in_message(self.name, version))
    }

    fn encode(self, write: Write<'_, '_>, version: i16, out: &mut Vec<u8>) -> Result<(), Error> {
        let start = out.len();
        let mut w = Writer::new(mem::take(out), version, self.flexible.contains(version));
        let result = self.write(write, &mut w);
        *out = w.into_inner();
        if result.is_err() {
            out.truncate(start);
        }
        result
    }

    /// Writes a message in the version of the writer.
    pub(crate) fn write<'a>(self, write: Write<'_, 'a>, w: &mut Writer<'a>) -> Result<(), Error> {
        let version = w.version();
        let result = self.check(version).and_then(|()| write(w));
        result.map_err(|error| error.in_message(self.name, version))
    }

    /// Checks that the message exists in a version.
    fn check(self, version: i16) -> Result<(), Error> {
        if self.versions.contains(version) {
            return Ok(());
        }
        let supported = self.versions;
        Err(Error::new(
            ErrorKind::UnsupportedVersion { supported },
            None,
        ))
    }
}
