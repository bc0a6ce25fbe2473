use super::prelude::*;

/// Is at the front of every request: v1 before those that are not flexible, v2 before those
/// that are.
///
/// - v2 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "1-2", flexible = "2+")]
pub struct RequestHeader {
    pub request_api_key: ApiKey,
    pub request_api_version: i16,
    /// Chosen by the client; the response to this request carries the same.
    pub correlation_id: i32,
    /// Kept in the old encoding in all versions, so that a broker can read the header of any
    /// ApiVersions request, however new.
    #[kafka(default = "", not_flexible)]
    pub client_id: Option<String>,
    pub unknown_tags: UnknownTags,
}
