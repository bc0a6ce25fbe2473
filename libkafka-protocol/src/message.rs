//! `KafkaWire`: a message, which is a struct with `versions`.

use alloc::vec::Vec;
use core::mem;

use bytes::Bytes;

use crate::error::{Error, ErrorKind};
use crate::input::Input;
use crate::limits::Limits;
use crate::overlooked::Overlooked;
use crate::reader::Reader;
use crate::schema::StructSchema;
use crate::versions::Versions;
use crate::wire::{Decode, Encode, Value};
use crate::writer::Writer;

/// A struct whose fields are encoded one after the other: every struct that derives
/// [`KafkaWire`](macro@crate::KafkaWire), messages and the structs inside them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a struct of a Kafka message",
    label = "needs `#[derive(KafkaWire)]`"
)]
pub trait WireStruct: Value {
    /// The struct as its annotations describe it.
    const SCHEMA: &'static StructSchema;
}

/// Returns the schema of a struct, for [`FieldType::Struct`](crate::FieldType::Struct).
pub fn schema_of<T: WireStruct + ?Sized>() -> &'static StructSchema {
    T::SCHEMA
}

/// A message: a struct that knows in which versions it exists.
///
/// Derived by [`KafkaWire`](macro@crate::KafkaWire), which explains the annotations. One struct
/// serves all versions; the version is an argument wherever bytes are involved.
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
///
/// # Which function to decode with
///
/// - [`decode_exact`](Self::decode_exact) for bytes that you or Kafka itself wrote: it refuses
///   everything that does not follow the schema.
/// - [`decode_lenient`](Self::decode_lenient) for bytes from clients and brokers of others. Some of
///   them send a few bytes too many, which Kafka overlooks.
///   [`frame::decode_request`](crate::frame::decode_request) and
///   [`frame::decode_response`](crate::frame::decode_response) use it.
/// - [`decode`](Self::decode) if something else follows the message, or may follow it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Kafka message",
    label = "needs `#[derive(KafkaWire)]` and `#[kafka(versions = \"...\")]`"
)]
pub trait KafkaWire: WireStruct + Encode {
    /// The versions in which the message exists.
    const VERSIONS: Versions = Self::SCHEMA.versions;

    /// The versions with compact lengths and tagged fields (KIP-482).
    const FLEXIBLE: Versions = Self::SCHEMA.flexible;

    /// Appends the message to `out`.
    ///
    /// # Errors
    /// If the version does not exist, or lacks a field that is set and not ignorable. `out` is
    /// unchanged then.
    fn encode(&self, version: i16, out: &mut Vec<u8>) -> Result<(), Error> {
        MessageInfo::of::<Self>().encode(&mut |w| self.write(w), version, out)
    }

    /// Decodes a message from the start of `input` and returns it with the bytes that follow.
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
    /// If [`decode`](Self::decode) fails, or bytes follow the message
    /// ([`ErrorKind::TrailingBytes`]).
    fn decode_exact<'de>(version: i16, input: impl Input<'de>) -> Result<Self, Error>
    where
        Self: Decode<'de>,
    {
        let mut message = Self::default();
        let read = &mut |r: &mut Reader<'de>| message.read(r);
        MessageInfo::of::<Self>().decode_exact(read, version, input.parts())?;
        Ok(message)
    }

    /// Like [`decode`](Self::decode), within the given limits.
    ///
    /// # Errors
    /// If [`decode`](Self::decode) fails.
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
        let rest = MessageInfo::of::<Self>().decode(read, version, input.parts(), limits)?;
        Ok((message, rest))
    }

    /// Decodes a message from `input`, within the given limits, and overlooks two faults: bytes
    /// after the message, and arrays that are null although the version does not allow null, which
    /// become empty. Returns the message with a count of both faults.
    ///
    /// ```
    /// use libkafka_protocol::messages::LeaveGroupResponse;
    /// use libkafka_protocol::{KafkaWire, Limits};
    ///
    /// // Throttle time, error code, a null array of members, tags, and one byte too many.
    /// let body = [0, 0, 0, 0, 0, 0, 0, 0, 0];
    /// let (response, overlooked) =
    ///     LeaveGroupResponse::decode_lenient(4, &body, Limits::default())?;
    /// assert!(response.members.is_empty());
    /// assert_eq!((overlooked.null_arrays, overlooked.trailing_bytes), (1, 1));
    /// assert!(LeaveGroupResponse::decode_exact(4, &body).is_err());
    /// # Ok::<(), libkafka_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the version does not exist or the bytes have other faults.
    fn decode_lenient<'de>(
        version: i16,
        input: impl Input<'de>,
        limits: Limits,
    ) -> Result<(Self, Overlooked), Error>
    where
        Self: Decode<'de>,
    {
        let mut message = Self::default();
        let read = &mut |r: &mut Reader<'de>| message.read(r);
        let overlooked =
            MessageInfo::of::<Self>().decode_lenient(read, version, input.parts(), limits)?;
        Ok((message, overlooked))
    }
}

/// A function that reads the fields of a message.
type Read<'r, 'de> = &'r mut dyn FnMut(&mut Reader<'de>) -> Result<(), Error>;

/// A function that writes the fields of a message.
type Write<'w, 'a> = &'w mut dyn FnMut(&mut Writer<'a>) -> Result<(), Error>;

/// The bytes of an [`Input`].
type Parts<'de> = (&'de [u8], Option<&'de Bytes>);

/// Everything that the code around a message's fields needs to know of the message. That code is
/// the same for all messages and compiled once: compiled for each, it would be a sixth of a program
/// that uses them all.
#[derive(Clone, Copy)]
pub(crate) struct MessageInfo {
    name: &'static str,
    versions: Versions,
    flexible: Versions,
}

impl MessageInfo {
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
        input: Parts<'de>,
        limits: Limits,
    ) -> Result<&'de [u8], Error> {
        let mut r = Reader::new(input, version, self.flexible.contains(version), limits);
        self.read(read, &mut r)?;
        Ok(r.rest())
    }

    fn decode_exact<'de>(
        self,
        read: Read<'_, 'de>,
        version: i16,
        input: Parts<'de>,
    ) -> Result<(), Error> {
        let rest = self.decode(read, version, input, Limits::default())?;
        if rest.is_empty() {
            return Ok(());
        }
        let offset = input.0.len() - rest.len();
        let error = Error::new(ErrorKind::TrailingBytes(rest.len()), Some(offset));
        Err(error.in_message(self.name, version))
    }

    fn decode_lenient<'de>(
        self,
        read: Read<'_, 'de>,
        version: i16,
        input: Parts<'de>,
        limits: Limits,
    ) -> Result<Overlooked, Error> {
        let mut r = Reader::new(input, version, self.flexible.contains(version), limits);
        r.set_lenient();
        self.read(read, &mut r)?;
        Ok(Overlooked {
            trailing_bytes: r.rest().len(),
            null_arrays: r.null_arrays(),
        })
    }

    fn read<'de>(self, read: Read<'_, 'de>, r: &mut Reader<'de>) -> Result<(), Error> {
        let version = r.version();
        let result = self.check(version).and_then(|()| read(r));
        result.map_err(|error| error.in_message(self.name, version))
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
