//! Regular expressions that clients send (KIP-848, KIP-1152).

use libkafka_protocol::ErrorCode;
use regex::{Regex, RegexBuilder};

/// Most memory that a compiled expression takes: clients are not to be trusted with more.
const SIZE_LIMIT: usize = 1 << 20;

/// An expression that matches whole names, as Kafka takes it.
pub(crate) fn whole(pattern: &str) -> Result<Regex, ErrorCode> {
    let anchored = RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(SIZE_LIMIT)
        .build();
    anchored.map_err(|error| {
        log::debug!("{error}");
        ErrorCode::INVALID_REGULAR_EXPRESSION
    })
}

/// What RE2/J, by which Kafka reads patterns, says of one that is none; as far as that is known.
pub(crate) fn why_invalid(pattern: &str) -> Option<&'static str> {
    let error = regex::Regex::new(pattern).err()?.to_string();
    if error.contains("unclosed character class") {
        Some("missing closing ]")
    } else if error.contains("unclosed group") {
        Some("missing closing )")
    } else if error.contains("unopened group") {
        Some("unexpected )")
    } else {
        None
    }
}
