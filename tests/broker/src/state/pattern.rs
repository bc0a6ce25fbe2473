//! Regular expressions that clients send (KIP-848, KIP-1152).

use libkafka_protocol::ErrorCode;
use regex::{Regex, RegexBuilder};

/// The maximum memory of a compiled expression: clients are not trusted with more.
const SIZE_LIMIT: usize = 1 << 20;

/// An expression that matches whole names, as Kafka uses it.
pub(crate) fn whole(pattern: &str) -> Result<Regex, ErrorCode> {
    let anchored = RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(SIZE_LIMIT)
        .build();
    anchored.map_err(|error| {
        log::debug!("{error}");
        ErrorCode::INVALID_REGULAR_EXPRESSION
    })
}

/// The error of RE2/J, with which Kafka parses patterns, for an invalid one; as far as it is known.
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
