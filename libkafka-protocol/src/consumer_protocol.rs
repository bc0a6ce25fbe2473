//! `to_bytes` and `from_bytes`: the two blobs of the classic consumer protocol.

use alloc::vec::Vec;

use bytes::Bytes;

use crate::error::{Error, ErrorKind};
use crate::input::Input;
use crate::message::KafkaWire;
use crate::messages::{ConsumerProtocolAssignment, ConsumerProtocolSubscription};
use crate::versions::Versions;
use crate::wire::Decode;

/// The size of the version in front of either blob, in bytes.
const PREFIX_SIZE: usize = 2;

impl ConsumerProtocolSubscription {
    /// Encodes the `metadata` of a protocol in a JoinGroup request: an int16 version, then the
    /// subscription.
    ///
    /// Use the newest version, `Self::VERSIONS.max`: older members read it as the newest version
    /// that they know.
    ///
    /// ```
    /// use libkafka_protocol::KafkaWire;
    /// use libkafka_protocol::messages::ConsumerProtocolSubscription;
    ///
    /// let subscription = ConsumerProtocolSubscription {
    ///     topics: vec!["orders".into()],
    ///     ..Default::default()
    /// };
    /// let metadata = subscription.to_bytes(ConsumerProtocolSubscription::VERSIONS.max)?;
    /// assert_eq!(ConsumerProtocolSubscription::from_bytes(&metadata)?, subscription);
    /// # Ok::<(), libkafka_protocol::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the version does not exist, or a string is longer than 32,767 bytes.
    pub fn to_bytes(&self, version: i16) -> Result<Bytes, Error> {
        to_bytes(self, version)
    }

    /// Decodes the metadata of a member, which the leader of the group finds in the JoinGroup
    /// response.
    ///
    /// A version newer than 3 is read as version 3 and the bytes after that are ignored, as Kafka
    /// does.
    ///
    /// # Errors
    /// If the bytes end too early, the version is negative, or the bytes are not a subscription.
    /// Offsets in the error count from the first byte after the version.
    pub fn from_bytes<'de>(metadata: impl Input<'de>) -> Result<Self, Error> {
        from_bytes(metadata.parts())
    }
}

impl ConsumerProtocolAssignment {
    /// Encodes the `assignment` of a member in a SyncGroup request: an int16 version, then the
    /// assignment.
    ///
    /// Use the newest version, `Self::VERSIONS.max`: older members read it as the newest version
    /// that they know.
    ///
    /// # Errors
    /// If the version does not exist, or a string is longer than 32,767 bytes.
    pub fn to_bytes(&self, version: i16) -> Result<Bytes, Error> {
        to_bytes(self, version)
    }

    /// Decodes the assignment in a SyncGroup response.
    ///
    /// A version newer than 3 is read as version 3 and the bytes after that are ignored, as Kafka
    /// does.
    ///
    /// # Errors
    /// If the bytes end too early, the version is negative, or the bytes are not an assignment. A
    /// leader that left this member out sends no bytes at all, which is an error too. Offsets in
    /// the error count from the first byte after the version.
    pub fn from_bytes<'de>(assignment: impl Input<'de>) -> Result<Self, Error> {
        from_bytes(assignment.parts())
    }
}

fn to_bytes<T: KafkaWire>(message: &T, version: i16) -> Result<Bytes, Error> {
    let mut bytes = Vec::from(version.to_be_bytes());
    message.encode(version, &mut bytes)?;
    Ok(bytes.into())
}

fn from_bytes<'de, T: KafkaWire + Decode<'de>>(
    (bytes, source): (&'de [u8], Option<&'de Bytes>),
) -> Result<T, Error> {
    let Versions { max, .. } = T::VERSIONS;
    let Some((prefix, rest)) = bytes.split_first_chunk::<PREFIX_SIZE>() else {
        let kind = ErrorKind::Incomplete {
            needed: PREFIX_SIZE,
            remaining: bytes.len(),
        };
        return Err(Error::new(kind, None).in_message(T::SCHEMA.name, max));
    };
    let version = i16::from_be_bytes(*prefix).min(max);
    let (message, _) = T::decode(version, (rest, source))?;
    Ok(message)
}
