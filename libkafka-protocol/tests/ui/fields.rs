//! Annotations of a field that are well-formed and make no sense together.

use libkafka_protocol::KafkaWire;

#[derive(KafkaWire)]
#[kafka(versions = "2-9", flexible = "6+")]
struct Message {
    #[kafka(versions = "0-1")]
    gone: i32,
    #[kafka(versions = "10+")]
    to_come: i32,
    #[kafka(nullable = "3+")]
    no_option: String,
    #[kafka(versions = "5+", nullable = "2-4")]
    null_before_it_exists: Option<String>,
    #[kafka(ignorable)]
    everywhere: i32,
    #[kafka(versions = "0+", ignorable)]
    everywhere_in_words: i32,
    #[kafka(tag = 0)]
    tagged_always: i32,
    #[kafka(versions = "5+", tag = 1)]
    tagged_too_early: i32,
    #[kafka(versions = "6+", tag = 7)]
    seven: i32,
    #[kafka(versions = "7+", tag = 7)]
    seven_again: i32,
}

/// An inner struct does not know in which versions it will be met.
#[derive(KafkaWire)]
struct Inner {
    #[kafka(versions = "none")]
    never: i32,
    #[kafka(ignorable)]
    everywhere: i32,
    #[kafka(versions = "6+", tag = 3)]
    three: i32,
    #[kafka(versions = "6+", tag = 3)]
    three_again: i32,
}

fn main() {}
