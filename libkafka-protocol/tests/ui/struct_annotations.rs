//! What may stand in the annotations of a struct, each mistake in its place.

use libkafka_protocol::KafkaWire;

#[derive(KafkaWire)]
#[kafka(versions = "0-1", flexibel = "1+")]
struct Misspelt {}

#[derive(KafkaWire)]
#[kafka(versions = "0-1", versions = "0-2")]
struct Twice {}

#[derive(KafkaWire)]
#[kafka(versions = "0-1")]
#[kafka(versions = "0-1")]
struct TwiceInTwo {}

#[derive(KafkaWire)]
#[kafka(versions = "1-x")]
struct NoNumber {}

#[derive(KafkaWire)]
#[kafka(versions = "3-1")]
struct Descending {}

#[derive(KafkaWire)]
#[kafka(versions = "99999")]
struct TooLarge {}

#[derive(KafkaWire)]
#[kafka(versions = "")]
struct NoRange {}

#[derive(KafkaWire)]
#[kafka(versions = 3)]
struct RangeIsNoText {}

#[derive(KafkaWire)]
#[kafka(versions)]
struct NoValue {}

#[derive(KafkaWire)]
#[kafka(api_key = "3", versions = "0")]
struct KeyIsTextRequest {}

#[derive(KafkaWire)]
#[kafka(api_key = 40000, versions = "0")]
struct KeyTooLargeRequest {}

#[derive(KafkaWire)]
#[kafka(api_key = 3, versions = "0", broker = "follower")]
struct ToWhomRequest {}

#[derive(KafkaWire)]
#[kafka(crate = "no path", versions = "0")]
struct NoPath {}

#[derive(KafkaWire)]
#[kafka]
struct Nothing {}

#[derive(KafkaWire)]
#[kafka = "versions"]
struct NoList {}

fn main() {}
