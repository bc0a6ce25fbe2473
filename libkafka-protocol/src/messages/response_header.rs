use super::prelude::*;

/// Is at the front of every response: v0 before those that are not flexible and before every
/// ApiVersionsResponse, v1 before the others.
///
/// - v1 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1", flexible = "1+")]
pub struct ResponseHeader {
    /// That of the request.
    pub correlation_id: i32,
    pub unknown_tags: UnknownTags,
}
