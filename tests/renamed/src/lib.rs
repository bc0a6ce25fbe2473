//! A crate that knows libkafka-protocol by another name, and says so.
#![no_std]

/// A module of the user's own with all that it needs of the protocol.
pub mod kafka {
    pub use kafka_wire::*;
}

use kafka::KafkaWire;

/// By the name in `Cargo.toml`.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    crate = "kafka_wire",
    api_key = 900,
    versions = "0-1",
    flexible = "1+",
    broker = "controller"
)]
pub struct PingRequest {
    /// Comes back as it is.
    pub payload: kafka::Bytes,
    /// A struct, by another path.
    #[kafka(versions = "1+", tag = 0)]
    pub hop: Hop,
    /// Kept as they are.
    pub unknown_tags: kafka::UnknownTags,
}

/// By the path of a re-export.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(
    crate = "crate::kafka",
    api_key = 900,
    versions = "0-1",
    flexible = "1+"
)]
pub struct PingResponse {
    /// How long the broker waited, in milliseconds.
    pub throttle_time_ms: i32,
}

/// An inner struct.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(crate = "crate::kafka")]
pub struct Hop {
    /// How many there are left.
    #[kafka(default = Count(3))]
    pub left: Count,
}

/// A newtype.
#[derive(Debug, Clone, Copy, PartialEq, KafkaWire)]
#[kafka(crate = "kafka_wire")]
pub struct Count(pub i8);

#[cfg(test)]
mod tests {
    extern crate alloc;

    use super::*;
    use alloc::vec::Vec;
    use kafka::{Request, Response, TargetKind};

    #[test]
    fn the_derive_works_where_the_crate_has_another_name() {
        let request = PingRequest {
            payload: kafka::Bytes::from_static(b"hi"),
            hop: Hop { left: Count(2) },
            ..Default::default()
        };
        let mut bytes = Vec::new();
        request.encode(1, &mut bytes).unwrap();
        // Length and payload; one tag: 0, two bytes, the count and no tags.
        assert_eq!(bytes, [3, b'h', b'i', 1, 0, 2, 2, 0]);
        assert_eq!(PingRequest::decode_exact(1, &bytes).unwrap(), request);
        assert_eq!(Hop::default().left, Count(3));
        assert_eq!(PingRequest::TARGET, TargetKind::Controller);
        let response = PingResponse::decode_exact(0, &[0, 0, 0, 7]).unwrap();
        assert_eq!(response.throttle_time_ms(), Some(7));
    }
}
