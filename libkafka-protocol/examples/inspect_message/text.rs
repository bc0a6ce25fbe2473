//! [`word`], [`parse`], [`hex_of`], [`unhex`]: what a line consists of.

use libkafka_protocol::Bytes;

use super::codec::Result;

/// The first word, and what follows it.
pub(crate) fn word(text: &str) -> (&str, &str) {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

pub(crate) fn parse(version: &str) -> Result<i16> {
    let parsed = version.parse();
    parsed.map_err(|_| format!("{version:?} is not a version").into())
}

pub(crate) fn status(trailing: usize) -> String {
    match trailing {
        0 => "ok".to_owned(),
        trailing => format!("trailing {trailing}"),
    }
}

pub(crate) fn hex_of(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "-".to_owned();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn unhex(hex: &str) -> Result<Bytes> {
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
