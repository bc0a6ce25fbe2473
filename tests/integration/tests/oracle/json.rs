//! Bytes and JSON: fresh messages of Kafka's making, and bytes that are not quite a message.

use std::collections::BTreeMap;

use libkafka_protocol::json::{FromJson, ToJson, Value};
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{Bytes, Error, ErrorKind, KafkaWire, for_each_message, messages::*};
use libkafka_testkafka::{Oracle, require};

/// Of the messages that Kafka makes; another than that of the golden file.
const SEED: u64 = 20;

/// Damaged messages that are tried.
const MUTATIONS: usize = 8000;

/// Longer messages are not damaged: most of what they say is said by shorter ones too.
const LONGEST: usize = 2000;

/// A message of any type.
struct Codec {
    decode: fn(i16, &Bytes) -> Result<Decoded, Error>,
    encode: fn(i16, &Value) -> Result<Vec<u8>, Error>,
    flexible: fn(i16) -> bool,
}

#[derive(Debug)]
struct Decoded {
    bytes: Vec<u8>,
    json: Value,
    trailing: usize,
}

impl Codec {
    fn of(name: &str) -> Self {
        macro_rules! dispatch {
            ($($kind:ident $message:ident;)*) => {
                match name {
                    $(stringify!($message) => Self {
                        decode: decode::<$message>,
                        encode: encode::<$message>,
                        flexible: |version| $message::FLEXIBLE.contains(version),
                    },)*
                    _ => panic!("no such message: {name}"),
                }
            };
        }
        for_each_message!(dispatch)
    }
}

fn decode<M>(version: i16, bytes: &Bytes) -> Result<Decoded, Error>
where
    M: KafkaWire + ToJson + for<'de> Decode<'de>,
{
    let (message, rest) = M::decode(version, bytes)?;
    let mut again = Vec::new();
    message.encode(version, &mut again)?;
    Ok(Decoded {
        bytes: again,
        json: message.to_json(version)?,
        trailing: rest.len(),
    })
}

fn encode<M: KafkaWire + FromJson>(version: i16, json: &Value) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    M::from_json(version, json)?.encode(version, &mut bytes)?;
    Ok(bytes)
}

fn messages() -> impl Iterator<Item = (String, i16, Bytes, Value)> {
    let messages = Oracle::messages(SEED, 6).expect("Kafka makes messages");
    messages.map(|line| {
        let name = line["name"].as_str().expect("a name").to_owned();
        let version = line["version"].as_i64().expect("a version") as i16;
        let hex = line["hex"].as_str().expect("hex").as_bytes();
        let digit = |digit: u8| (digit as char).to_digit(16).expect("a hex digit") as u8;
        let pairs = hex.as_chunks().0.iter();
        let bytes = pairs.map(|[high, low]| digit(*high) << 4 | digit(*low));
        (name, version, bytes.collect(), line)
    })
}

/// Empties what Kafka shows as empty whatever is in it: records.
pub(crate) fn without_records(ours: &mut Value, kafkas: &Value) {
    match (ours, kafkas) {
        (Value::String(ours), Value::String(kafkas)) if kafkas.is_empty() => ours.clear(),
        (Value::Array(ours), Value::Array(kafkas)) => {
            for (ours, kafkas) in ours.iter_mut().zip(kafkas) {
                without_records(ours, kafkas);
            }
        }
        (Value::Object(ours), Value::Object(kafkas)) => {
            for (key, kafkas) in kafkas {
                if let Some(ours) = ours.get_mut(key) {
                    without_records(ours, kafkas);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn fresh_messages_of_kafkas_have_the_same_bytes_and_json_here() {
    require!();
    let mut count = 0;
    for (name, version, bytes, line) in messages() {
        let mut decoded = (Codec::of(&name).decode)(version, &bytes)
            .unwrap_or_else(|error| panic!("{error}\n{line}"));
        assert_eq!(decoded.bytes, bytes, "{line}");
        assert_eq!(decoded.trailing, 0, "{line}");
        without_records(&mut decoded.json, &line["json"]);
        assert_eq!(decoded.json, line["json"], "{name} v{version}");
        count += 1;
    }
    assert_eq!(count, 3840);
}

#[test]
fn kafka_and_this_library_make_the_same_bytes_of_json() {
    require!();
    let mut oracle = Oracle::shared();
    let mut unread = 0;
    for (name, version, _, line) in messages() {
        let json = &line["json"];
        let ours = (Codec::of(&name).encode)(version, json)
            .unwrap_or_else(|error| panic!("{error}\n{json}"));
        match oracle.encode(&name, version, json).expect("an answer") {
            Ok(kafkas) => assert_eq!(ours, kafkas.bytes, "{name} v{version} {json}"),
            // What Kafka writes of a number that is not finite, it cannot read.
            Err(refused) => {
                let refused = refused.to_string();
                assert!(refused.contains("expected a floating point"), "{refused}");
                unread += 1;
            }
        }
    }
    assert!(unread < 20, "{unread}");
}

/// Changes one to three bytes, or their number.
fn damage(bytes: &mut Vec<u8>, random: &mut fastrand::Rng) {
    for _ in 0..random.usize(1..4) {
        let at = random.usize(..=bytes.len());
        match random.u8(..6) {
            0 => bytes.insert(at, random.u8(..)),
            1 => bytes.truncate(at),
            _ if at == bytes.len() => bytes.push(random.u8(..)),
            2 => bytes[at] = random.u8(..),
            3 => bytes[at] ^= 1 << random.u8(..8),
            4 => bytes[at] = [0, 1, 0x7f, 0x80, 0xfe, 0xff][random.usize(..6)],
            _ => {
                bytes.remove(at);
            }
        }
    }
}

/// The ways to be stricter than Kafka.
fn stricter(error: &Error, flexible: bool) -> Option<&'static str> {
    Some(match error.kind() {
        ErrorKind::InvalidUtf8 { .. } => "not UTF-8",
        ErrorKind::NegativeLength(_) => "a length below -1",
        ErrorKind::TagOrder { .. } => "tags out of order",
        ErrorKind::TagSize { .. } => "a tagged field shorter than its size",
        ErrorKind::VarintOverflow { .. } => "a varint that overflows",
        // Kafka reads a known tag wherever it ends.
        ErrorKind::Incomplete { .. } | ErrorKind::CountTooLarge { .. } if flexible => {
            "a tagged field longer than its size"
        }
        _ => return None,
    })
}

#[test]
fn damaged_messages_are_what_kafka_takes_them_for_or_an_error_of_a_stated_kind() {
    require!();
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut oracle = Oracle::shared();
    let messages: Vec<_> = messages()
        .filter(|(_, _, bytes, _)| bytes.len() <= LONGEST)
        .collect();
    let (mut same, mut errors, mut kinds) = (0, 0, BTreeMap::new());
    for _ in 0..MUTATIONS {
        let (name, version, bytes, _) = &messages[random.usize(..messages.len())];
        let mut damaged = bytes.to_vec();
        damage(&mut damaged, &mut random);
        let (codec, damaged) = (Codec::of(name), Bytes::from(damaged));
        let ours = (codec.decode)(*version, &damaged);
        let kafkas = oracle.check(name, *version, &damaged).expect("an answer");
        match (ours, kafkas) {
            (Ok(mut ours), Ok(kafkas)) => {
                without_records(&mut ours.json, &kafkas.json);
                assert_eq!(
                    ours.trailing, kafkas.trailing,
                    "{name} v{version} {damaged:02x?}"
                );
                assert_eq!(ours.bytes, kafkas.bytes, "{name} v{version} {damaged:02x?}");
                assert_eq!(ours.json, kafkas.json, "{name} v{version} {damaged:02x?}");
                same += 1;
            }
            (Err(_), Err(_)) => errors += 1,
            (Err(error), Ok(kafkas)) => match stricter(&error, (codec.flexible)(*version)) {
                Some(kind) => *kinds.entry(kind).or_insert(0) += 1,
                None => panic!("{error}, where Kafka reads {kafkas:?} of {damaged:02x?}"),
            },
            (Ok(ours), Err(refused)) => {
                panic!("{ours:?} of {damaged:02x?} for {name} v{version}, where Kafka: {refused}")
            }
        }
    }
    println!("{same} the same, {errors} errors to both, stricter here: {kinds:?}");
    assert!(same > MUTATIONS / 5 && errors > MUTATIONS / 5);
}
