//! Every message behind one face, by name.

use libkafka_protocol::messages::*;
use libkafka_protocol::{Bytes, Error, KafkaWire, Limits, StructSchema, WireStruct};

/// A message that bytes can be thrown at.
pub(crate) struct Target {
    pub(crate) schema: &'static StructSchema,
    /// Decodes and drops.
    pub(crate) decode: fn(i16, &Bytes, Limits) -> Result<(), Error>,
}

/// All messages of Kafka.
pub(crate) fn all() -> Vec<Target> {
    macro_rules! targets {
        ($($kind:ident $message:ident;)*) => {
            vec![$(Target {
                schema: $message::SCHEMA,
                decode: |version, bytes, limits| {
                    $message::decode_with(version, bytes, limits).map(drop)
                },
            }),*]
        };
    }
    libkafka_protocol::for_each_message!(targets)
}
