//! What may stand in the annotations of a field, each mistake in its place.

use libkafka_protocol::KafkaWire;

#[derive(KafkaWire)]
#[kafka(versions = "0-9", flexible = "0+")]
struct Message {
    #[kafka(version = "1+")]
    misspelt: i32,
    #[kafka(versions = "1+", versions = "2+")]
    twice: i32,
    #[kafka(versions = "one")]
    no_number: i32,
    #[kafka(tag = "0")]
    tag_is_text: i32,
    #[kafka(tag = -1)]
    negative_tag: i32,
    #[kafka(tag = 4294967296)]
    tag_too_large: i32,
    #[kafka(nullable)]
    nullable_since_when: Option<String>,
    #[kafka(default)]
    default_to_what: i32,
    #[kafka(default = )]
    nothing: i32,
    #[kafka(ignorable, ignorable)]
    ignorable_twice: i32,
    #[kafka(name = node)]
    name_is_no_text: i32,
    #[kafka(not_flexible, compact)]
    unknown: String,
}

fn main() {}
