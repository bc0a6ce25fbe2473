//! Decodes one message.
use libkafka_protocol::{KafkaWire, messages::ApiVersionsResponse};

fn main() {
    let bytes = std::env::args().nth(1).unwrap_or_default().into_bytes();
    match ApiVersionsResponse::decode_exact(3, &bytes) {
        Ok(response) => println!("{} APIs", response.api_keys.len()),
        Err(error) => println!("{error}"),
    }
}
