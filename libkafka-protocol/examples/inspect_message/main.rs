//! Decodes messages given in hex and encodes messages given in JSON: one line in, one line out.
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

mod codec;
mod text;

use std::io::{self, BufRead, Write};

use libkafka_protocol::frame::{LENGTH_SIZE, decode_request_header};
use libkafka_protocol::json::ToJson;

use self::codec::{Codec, Result};
use self::text::{hex_of, parse, status, unhex, word};

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
        line.clear();
    }
    Ok(())
}

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
    let message = (codec.decode)(parse(version)?, &unhex(hex)?)?;
    let (status, bytes) = (status(message.trailing), hex_of(&message.bytes));
    Ok(format!("{status} {bytes} {}", message.json))
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
    let message = (Codec::of(&name)?.decode)(version, &body)?;
    let (status, json) = (status(message.trailing), message.json);
    Ok(format!("{status} {header} {name} {version} {json}"))
}
