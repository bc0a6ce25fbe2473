use super::prelude::*;

/// Asks a broker which metrics of the client it wants to see (KIP-714).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 71, versions = "0", flexible = "0+")]
pub struct GetTelemetrySubscriptionsRequest {
    /// Zero: a new client.
    pub client_instance_id: Uuid,
    pub unknown_tags: UnknownTags,
}

/// The metrics wanted, and how to push them.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 71, versions = "0", flexible = "0+")]
pub struct GetTelemetrySubscriptionsResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    /// The id that the client goes by from now on; zero if it sent one.
    pub client_instance_id: Uuid,
    /// Goes into each push, so that the broker sees when the subscription is stale.
    pub subscription_id: i32,
    /// 0: none; 1: gzip; 2: snappy; 3: lz4; 4: zstd. The preferred one first.
    pub accepted_compression_types: Vec<i8>,
    /// Milliseconds between pushes.
    pub push_interval_ms: i32,
    /// Bytes that a push may have at most.
    pub telemetry_max_bytes: i32,
    /// Whether counters are to count from the last push rather than from the start.
    pub delta_temporality: bool,
    /// Prefixes of metric names; none: nothing is wanted; one that is empty: everything.
    pub requested_metrics: Vec<String>,
    pub unknown_tags: UnknownTags,
}
