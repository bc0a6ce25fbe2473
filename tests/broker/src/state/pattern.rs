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
