use super::prelude::*;

/// Tells the active controller that a broker is alive, how far it has read the metadata, and
/// whether it wants to shut down (KIP-631).
///
/// - v1 adds `offline_log_dirs` (KIP-858)
/// - v2 adds `cordoned_log_dirs` (KIP-1066)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 63, versions = "0-2", flexible = "0+", broker = "controller")]
pub struct BrokerHeartbeatRequest {
    pub broker_id: i32,
    /// From the registration; -1: none.
    #[kafka(default = -1)]
    pub broker_epoch: i64,
    /// The highest offset of the metadata log that the broker has reached.
    pub current_metadata_offset: i64,
    /// Whether the broker wants to be fenced.
    pub want_fence: bool,
    /// Whether the broker wants to hand over its leaderships and stop.
    pub want_shut_down: bool,
    /// The ids of log directories that have failed.
    #[kafka(versions = "1+", tag = 0)]
    pub offline_log_dirs: Vec<Uuid>,
    /// The ids of log directories that are closed to new replicas; null: not known yet.
    #[kafka(versions = "2+", tag = 1)]
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
    pub unknown_tags: UnknownTags,
}

/// How the controller sees the broker.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 63, versions = "0-2", flexible = "0+")]
pub struct BrokerHeartbeatResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    /// Whether the broker has nearly all of the metadata.
    pub is_caught_up: bool,
    /// Whether the broker is out of service.
    #[kafka(default = true)]
    pub is_fenced: bool,
    /// Whether the broker may stop now.
    pub should_shut_down: bool,
    pub unknown_tags: UnknownTags,
}
