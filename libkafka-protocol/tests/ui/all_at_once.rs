//! Every mistake is reported in one go: of the struct, of each field, and
//! several in one annotation.

use libkafka_protocol::KafkaWire;

#[derive(KafkaWire)]
#[kafka(versoins = "0-1", api_key = x, flexible = "1+", broker = 7)]
struct Message {
    #[kafka(versions = "?", tag = -1, default = 3)]
    first: i32,
    #[kafka(ignoreable)]
    second: i32,
}

fn main() {}
