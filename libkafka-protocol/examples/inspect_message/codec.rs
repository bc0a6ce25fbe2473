//! [`Codec`]: messages by their names.

use std::error::Error;

use libkafka_protocol::json::{FromJson, ToJson, Value};
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{Bytes, KafkaWire, for_each_message, messages::*};

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What can be done with a message of any type.
pub(crate) struct Codec {
    pub(crate) decode: fn(i16, &Bytes) -> Result<Decoded>,
    pub(crate) encode: fn(i16, &Value) -> Result<Vec<u8>>,
}

pub(crate) struct Decoded {
    pub(crate) json: Value,
    /// What it encodes to again.
    pub(crate) bytes: Vec<u8>,
    /// How many bytes follow it.
    pub(crate) trailing: usize,
}

impl Codec {
    /// The codec of a message by its name.
    pub(crate) fn of(name: &str) -> Result<Self> {
        macro_rules! dispatch {
            ($($kind:ident $message:ident;)*) => {
                match name {
                    $(stringify!($message) => Ok(Self {
                        decode: decode::<$message>,
                        encode: encode::<$message>,
                    }),)*
                    _ => Err(format!("no message is called {name:?}").into()),
                }
            };
        }
        for_each_message!(dispatch)
    }
}

fn decode<M>(version: i16, bytes: &Bytes) -> Result<Decoded>
where
    M: KafkaWire + ToJson + for<'de> Decode<'de>,
{
    let (message, rest) = M::decode(version, bytes)?;
    let mut again = Vec::new();
    message.encode(version, &mut again)?;
    Ok(Decoded {
        json: message.to_json(version)?,
        bytes: again,
        trailing: rest.len(),
    })
}

fn encode<M: KafkaWire + FromJson>(version: i16, json: &Value) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    M::from_json(version, json)?.encode(version, &mut bytes)?;
    Ok(bytes)
}
