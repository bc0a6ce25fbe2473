//! Bytes made by Kafka 4.4.0's own classes: random instances of every message
//! in every version, decoded and encoded again.

use std::io::{BufRead, BufReader};

use libkafka_protocol::{Bytes, Error, KafkaWire, messages::*};

/// Decodes a message by name and encodes it again.
fn round_trip(name: &str, version: i16, bytes: &Bytes) -> Result<Vec<u8>, Error> {
    macro_rules! dispatch {
        ($($kind:ident $message:ident;)*) => {
            match name {
                $(stringify!($message) => {
                    let message = $message::decode_exact(version, bytes)?;
                    let mut out = Vec::new();
                    message.encode(version, &mut out)?;
                    Ok(out)
                })*
                _ => panic!("no such message: {name}"),
            }
        };
    }
    libkafka_protocol::for_each_message!(dispatch)
}

fn unhex(text: &str) -> Bytes {
    (0..text.len() / 2)
        .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}

#[test]
fn every_message_of_kafkas_own_decodes_and_encodes_to_the_same_bytes() {
    let golden = &include_bytes!("golden/messages.jsonl.gz")[..];
    let mut count = 0;
    for line in BufReader::new(flate2::read::GzDecoder::new(golden)).lines() {
        let vector: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let name = vector["name"].as_str().unwrap();
        let version = vector["version"].as_i64().unwrap() as i16;
        let bytes = unhex(vector["hex"].as_str().unwrap());
        let mode = &vector["mode"];
        match round_trip(name, version, &bytes) {
            Ok(again) => assert!(
                bytes == again,
                "{name} v{version} ({mode}): {bytes:02x?} became {again:02x?}\n{}",
                vector["json"]
            ),
            Err(error) => panic!("{error} ({mode})"),
        }
        count += 1;
    }
    assert_eq!(count, 3840);
}
