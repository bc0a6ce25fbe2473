//! What the targets share: every message, to be picked by the input.
#![forbid(unsafe_code)]

use std::fmt::Debug;

use arbitrary::{Arbitrary, Result, Unstructured};
use libkafka_protocol::frame::LENGTH_SIZE;
use libkafka_protocol::generate::{Generate, InVersion};
use libkafka_protocol::testing::{check_bytes, check_value};
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{ApiKey, KafkaWire, Versions, for_each_message, messages::*};

/// A message of any type.
pub struct Message {
    kind: &'static str,
    key: Option<i16>,
    versions: Versions,
    check_bytes: fn(i16, &[u8]),
    check_value: fn(&mut Unstructured<'_>) -> Result<()>,
    /// Makes a value of the input; its version and its bytes.
    encoded: fn(&mut Unstructured<'_>) -> Result<(i16, Vec<u8>)>,
}

impl Message {
    const fn of<M>(kind: &'static str) -> Self
    where
        M: KafkaWire + for<'a> Decode<'a> + for<'a> Generate<'a> + PartialEq + Debug,
    {
        Self {
            kind,
            key: M::SCHEMA.api_key,
            versions: M::VERSIONS,
            check_bytes: check_bytes::<M>,
            check_value: |input| {
                let made = InVersion::<M>::arbitrary(input)?;
                check_value(made.version, &made.message);
                Ok(())
            },
            encoded: |input| {
                let made = InVersion::<M>::arbitrary(input)?;
                Ok((made.version, encode(made.version, &made.message)))
            },
        }
    }
}

macro_rules! messages {
    ($($kind:ident $message:ident;)*) => {
        /// All of them.
        static MESSAGES: &[Message] = &[$(Message::of::<$message>(stringify!($kind))),*];
    };
}
for_each_message!(messages);

/// Takes the input for a message of one of these kinds: the first byte says
/// which, the second in which version, and the rest is the message.
pub fn message(kinds: &[&str], input: &[u8]) {
    let [which, version, bytes @ ..] = input else {
        return;
    };
    let Some(message) = pick(*which, |message| kinds.contains(&message.kind)) else {
        return;
    };
    let Versions { min, max } = message.versions;
    let version = min + i16::from(*version) % (max - min + 1);
    (message.check_bytes)(version, bytes);
}

/// Makes a message of the input: the first byte says which.
pub fn value(input: &[u8]) {
    if let [which, bytes @ ..] = input
        && let Some(message) = pick(*which, |_| true)
    {
        // Too few bytes to pick a version.
        let _ = (message.check_value)(&mut Unstructured::new(bytes));
    }
}

fn pick(which: u8, eligible: impl Fn(&Message) -> bool) -> Option<&'static Message> {
    let eligible: Vec<_> = MESSAGES
        .iter()
        .filter(|message| eligible(message))
        .collect();
    let index = usize::from(which).checked_rem(eligible.len())?;
    eligible.get(index).copied()
}

/// Makes a request of the input, of one of the APIs that have these `keys`, and
/// gives its frame.
pub fn request_frame(keys: &[ApiKey], input: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let key = *input.choose(keys)?;
    let of_key = |message: &&Message| message.kind == "request" && message.key == Some(key.0);
    let request = MESSAGES.iter().find(of_key);
    let request = request.ok_or(arbitrary::Error::IncorrectFormat)?;
    let (version, body) = (request.encoded)(input)?;
    let header = RequestHeader {
        request_api_key: key,
        request_api_version: version,
        client_id: Some("fuzz".into()),
        ..Default::default()
    };
    let header_version = key.request_header_version(version);
    let header = encode(header_version.unwrap_or_default(), &header);
    Ok(frame(&[&header[..], &body].concat()))
}

/// `bytes` behind their length.
pub fn frame(bytes: &[u8]) -> Vec<u8> {
    let length: [u8; LENGTH_SIZE] = (bytes.len() as u32).to_be_bytes();
    [&length[..], bytes].concat()
}

fn encode<M: KafkaWire>(version: i16, message: &M) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Err(error) = message.encode(version, &mut bytes) {
        panic!("{error}");
    }
    bytes
}
