//! Decodes and encodes every message.
use libkafka_protocol::{Bytes, KafkaWire, for_each_message, messages::*};

fn round_trip<T: KafkaWire + for<'de> libkafka_protocol::wire::Decode<'de>>(
    version: i16,
    bytes: &Bytes,
    out: &mut Vec<u8>,
) {
    match T::decode_exact(version, bytes) {
        Ok(message) => drop(message.encode(version, out)),
        Err(error) => println!("{error}"),
    }
}

fn main() {
    let bytes = Bytes::from(std::env::args().nth(1).unwrap_or_default().into_bytes());
    let mut out = Vec::new();
    macro_rules! round_trips {
        ($($kind:ident $message:ident;)*) => {
            $(round_trip::<$message>($message::VERSIONS.max, &bytes, &mut out);)*
        };
    }
    for_each_message!(round_trips);
    println!("{} bytes", out.len());
}
