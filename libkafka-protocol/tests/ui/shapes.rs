//! What the derive can work on.

use libkafka_protocol::{KafkaWire, UnknownTags};

#[derive(KafkaWire)]
enum Acks {
    All,
}

#[derive(KafkaWire)]
union Either {
    number: i32,
}

#[derive(KafkaWire)]
struct Pair(i32, i32);

#[derive(KafkaWire)]
struct Annotated(#[kafka(versions = "1+")] i32);

#[derive(KafkaWire)]
#[kafka(versions = "0-3", flexible = "1+", api_key = 3)]
struct NewtypeRequest(String);

#[derive(KafkaWire)]
struct TwoHomes {
    unknown_tags: UnknownTags,
    others: UnknownTags,
}

#[derive(KafkaWire)]
struct AnnotatedTags {
    #[kafka(versions = "1+")]
    unknown_tags: UnknownTags,
}

fn main() {}
