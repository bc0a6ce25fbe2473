//! Decodes one message.
use kafka_protocol::{messages::ApiVersionsResponse, protocol::Decodable};

fn main() {
    let bytes = std::env::args().nth(1).unwrap_or_default().into_bytes();
    match ApiVersionsResponse::decode(&mut bytes::Bytes::from(bytes), 3) {
        Ok(response) => println!("{} APIs", response.api_keys.len()),
        Err(error) => println!("{error}"),
    }
}
