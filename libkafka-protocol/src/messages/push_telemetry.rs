use super::prelude::*;

/// Sends the client's metrics to a broker (KIP-714).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 72, versions = "0", flexible = "0+")]
pub struct PushTelemetryRequest {
    pub client_instance_id: Uuid,
    pub subscription_id: i32,
    /// Whether this is the last push before the client ends.
    pub terminating: bool,
    /// Of `metrics`. 0: none; 1: gzip; 2: snappy; 3: lz4; 4: zstd.
    pub compression_type: i8,
    /// OpenTelemetry `MetricsData` v1, in protobuf.
    pub metrics: Bytes,
    pub unknown_tags: UnknownTags,
}

/// Says whether the metrics were taken. UNKNOWN_SUBSCRIPTION_ID means: ask for the subscription
/// again.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 72, versions = "0", flexible = "0+")]
pub struct PushTelemetryResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
