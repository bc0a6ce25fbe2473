//! A field whose type the protocol lacks is one error, at the type.

use std::collections::HashMap;

use libkafka_protocol::{KafkaWire, UnknownTags};

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-2", flexible = "1+")]
struct Foreign {
    unsigned: u64,
    size: Vec<usize>,
    raw: Option<Vec<u8>>,
    number: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-2", flexible = "1+")]
struct Collections {
    settings: HashMap<String, String>,
    shared: Vec<std::sync::Arc<String>>,
    fixed: [i8; 4],
    pair: Option<(i32, i32)>,
}

/// Without the derive.
#[derive(Debug, Clone, PartialEq, Default)]
struct Inner {
    id: i32,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-2", flexible = "1+")]
struct Outer {
    #[kafka(versions = "1+")]
    inner: Inner,
    #[kafka(versions = "1+", ignorable)]
    list: Vec<Inner>,
    #[kafka(nullable = "1+")]
    maybe: Option<Inner>,
    #[kafka(versions = "1+", tag = 0)]
    tagged: Inner,
    unknown_tags: UnknownTags,
}

fn main() {}
