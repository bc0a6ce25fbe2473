//! [`Edges`]: bytes and the messages that they are, for Kafka too.

use std::fmt::Debug;

use libkafka_protocol::wire::Decode;
use libkafka_protocol::{Error, ErrorKind, KafkaWire};
use libkafka_testkafka::Oracle;

/// Bytes that Kafka too has to read and write, by message and version.
#[derive(Default)]
pub(super) struct Edges(pub(super) Vec<(&'static str, i16, Vec<u8>)>);

impl Edges {
    /// `message` becomes `bytes`, and they become it.
    #[track_caller]
    pub(super) fn both_ways<T>(&mut self, version: i16, bytes: &[u8], message: &T)
    where
        T: KafkaWire + for<'de> Decode<'de> + PartialEq + Debug,
    {
        let mut encoded = Vec::new();
        message.encode(version, &mut encoded).unwrap();
        assert_eq!(encoded, bytes);
        assert_eq!(&T::decode_exact(version, bytes).unwrap(), message);
        self.0.push((T::SCHEMA.name, version, bytes.to_vec()));
    }

    #[track_caller]
    pub(super) fn agree_with_kafka(self) {
        let mut oracle = Oracle::shared();
        for (name, version, bytes) in self.0 {
            let read = oracle.check(name, version, &bytes).unwrap().unwrap();
            assert_eq!((read.bytes, read.trailing), (bytes, 0), "{name} v{version}");
        }
    }
}

/// Bytes that no one takes: what we say of them.
#[track_caller]
pub(super) fn refused<T: KafkaWire + for<'de> Decode<'de> + Debug>(
    version: i16,
    bytes: &[u8],
) -> ErrorKind {
    T::decode_exact(version, bytes).unwrap_err().kind().clone()
}

pub(super) fn encode<T: KafkaWire>(message: &T, version: i16) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    message.encode(version, &mut bytes).map(|()| bytes)
}
