//! A request whose response is missing, misspelt or no response.

use libkafka_protocol::KafkaWire;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "0-1")]
struct LonelyRequest {
    id: i32,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "0-1")]
struct NamedRequest {
    id: i32,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "0-1")]
struct NamesResponse {
    id: i32,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "0-1", response = NameResponse)]
struct Misspelt {
    id: i32,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "0-1", response = Plain)]
struct AnsweredByAnother {
    id: i32,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1")]
struct Plain {
    id: i32,
}

fn main() {}
