//! Annotations of a struct that are well-formed and make no sense together.

use libkafka_protocol::KafkaWire;

#[derive(KafkaWire)]
#[kafka(api_key = 3)]
struct WithoutVersionsRequest {}

#[derive(KafkaWire)]
#[kafka(flexible = "1+")]
struct InnerFlexible {}

#[derive(KafkaWire)]
#[kafka(versions = "0", response = Answer)]
struct AnsweredWithoutKey {}

#[derive(KafkaWire)]
#[kafka(versions = "0", broker = "leader")]
struct SentWithoutKey {}

#[derive(KafkaWire)]
#[kafka(versions = "none")]
struct NeverThere {}

#[derive(KafkaWire)]
#[kafka(api_key = 3, versions = "0")]
struct Question {}

#[derive(KafkaWire)]
#[kafka(api_key = -3, versions = "0")]
struct NegativeResponse {}

#[derive(KafkaWire)]
#[kafka(api_key = 3, versions = "0", broker = "any")]
struct FromWhomResponse {}

#[derive(KafkaWire)]
#[kafka(api_key = 3, versions = "0")]
struct BorrowedResponse<'a> {
    name: &'a str,
}

#[derive(KafkaWire)]
#[kafka(api_key = 3, versions = "0")]
struct WellResponse {}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "0", response = OwnedResponse)]
struct BorrowedRequest<'a> {
    name: &'a str,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 3, versions = "0")]
struct OwnedResponse {}

fn main() {}
