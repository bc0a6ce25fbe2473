//! Decodes messages given in hex and encodes messages given in JSON: one line in, one line out.
//!
//! `cargo run -p libkafka-protocol --features json --example inspect_message`
//!
//! | line | answer |
//! | --- | --- |
//! | `NAME VERSION HEX` | `ok HEX JSON`: the bytes that the message encodes to again, and the message |
//! | | `trailing N HEX JSON`: the same, and N bytes follow the message |
//! | `enc NAME VERSION JSON` | `ok HEX` |
//! | `frame HEX` | `ok HEADER NAME VERSION JSON`: a request's header as JSON, and the request |
//! | | `trailing N HEADER NAME VERSION JSON`: the same, and N bytes follow the request |
//! | any that fails | `err MESSAGE` |
//!
//! NAME is the name of a schema of Kafka: `FetchRequest`, `RequestHeader`, `AbortedTxn`. No bytes
//! are written as `-`. The length field in front of a frame may be omitted. The keys of JSON are
//! sorted.

use std::error::Error;
use std::io::{self, BufRead, Write};

use libkafka_protocol::frame::{LENGTH_SIZE, decode_request_header};
use libkafka_protocol::json::{FromJson, ToJson, Value};
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{Bytes, KafkaWire, for_each_message, messages::*};

const USAGE: &str = "\
Decodes messages given in hex and encodes messages given in JSON: one line in, one line out.

Usage: cargo run -p libkafka-protocol --features json --example inspect_message

Lines:
  frame HEX               a request with its header
  NAME VERSION HEX        a message, such as FetchRequest; - for no bytes
  enc NAME VERSION JSON   a message to encode";

fn main() -> io::Result<()> {
    if std::env::args_os().any(|argument| argument == "-h" || argument == "--help") {
        println!("{USAGE}");
        return Ok(());
    }
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        writeln!(output, "{}", answer(&line))?;
        output.flush()?;
        line.clear();
    }
    Ok(())
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The answer to a line, itself a single line.
pub(crate) fn answer(line: &[u8]) -> String {
    let answer = std::str::from_utf8(line)
        .map_err(Into::into)
        .and_then(|line| match word(line) {
            ("enc", rest) => enc(rest),
            ("frame", rest) => frame(rest),
            (name, rest) => inspect(name, rest),
        });
    answer.unwrap_or_else(|error| format!("err {error}").replace(['\r', '\n'], " "))
}

/// `NAME VERSION HEX`
fn inspect(name: &str, rest: &str) -> Result<String> {
    let codec = Codec::of(name)?;
    let (version, hex) = word(rest);
    let Decoded {
        json,
        bytes,
        trailing,
    } = (codec.decode)(parse(version)?, &unhex(hex)?)?;
    Ok(format!("{} {} {json}", status(trailing), hex_of(&bytes)))
}

/// `enc NAME VERSION JSON`
fn enc(rest: &str) -> Result<String> {
    let (name, rest) = word(rest);
    let codec = Codec::of(name)?;
    let (version, json) = word(rest);
    let bytes = (codec.encode)(parse(version)?, &serde_json::from_str(json)?)?;
    Ok(format!("ok {}", hex_of(&bytes)))
}

/// `frame HEX`
fn frame(rest: &str) -> Result<String> {
    let mut frame = unhex(rest)?;
    let length = frame.len().wrapping_sub(LENGTH_SIZE) as u32;
    if frame.starts_with(&length.to_be_bytes()) {
        frame = frame.slice(LENGTH_SIZE..);
    }
    let (header, body) = decode_request_header(&frame)?;
    let (api_key, version) = (header.request_api_key, header.request_api_version);
    let (api, header_version) = api_key
        .name()
        .zip(api_key.request_header_version(version))
        .ok_or_else(|| format!("version {version} of API {api_key} is unknown"))?;
    let (name, header) = (format!("{api}Request"), header.to_json(header_version)?);
    let Decoded { json, trailing, .. } = (Codec::of(&name)?.decode)(version, &body)?;
    Ok(format!(
        "{} {header} {name} {version} {json}",
        status(trailing)
    ))
}

/// What can be done with a message of any type.
struct Codec {
    decode: fn(i16, &Bytes) -> Result<Decoded>,
    encode: fn(i16, &Value) -> Result<Vec<u8>>,
}

struct Decoded {
    json: Value,
    /// What it encodes to again.
    bytes: Vec<u8>,
    /// How many bytes follow it.
    trailing: usize,
}

impl Codec {
    /// The codec of a message by its name.
    fn of(name: &str) -> Result<Self> {
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

/// The first word, and what follows it.
fn word(text: &str) -> (&str, &str) {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

fn parse(version: &str) -> Result<i16> {
    let parsed = version.parse();
    parsed.map_err(|_| format!("{version:?} is not a version").into())
}

fn status(trailing: usize) -> String {
    match trailing {
        0 => "ok".to_owned(),
        trailing => format!("trailing {trailing}"),
    }
}

fn hex_of(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "-".to_owned();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(hex: &str) -> Result<Bytes> {
    if matches!(hex, "" | "-") {
        return Ok(Bytes::new());
    }
    let digits = hex.chars().map(|digit| digit.to_digit(16));
    let digits: Option<Vec<u32>> = digits.collect();
    match digits.as_deref().map(|digits| digits.as_chunks()) {
        Some((pairs, [])) => Ok(pairs
            .iter()
            .map(|[high, low]| (high << 4 | low) as u8)
            .collect()),
        Some(_) => Err("an odd number of hex digits".into()),
        None => Err("not hex".into()),
    }
}
