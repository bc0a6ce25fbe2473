use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 63, versions = "0-2", flexible = "0+", broker = "controller")]
pub struct BrokerHeartbeatRequest {
    pub broker_id: i32,
    #[kafka(default = -1)]
    pub broker_epoch: i64,
    pub current_metadata_offset: i64,
    pub want_fence: bool,
    pub want_shut_down: bool,
    #[kafka(versions = "1+", tag = 0)]
    pub offline_log_dirs: Vec<Uuid>,
    #[kafka(versions = "2+", tag = 1)]
    pub cordoned_log_dirs: Option<Vec<Uuid>>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 63, versions = "0-2", flexible = "0+")]
pub struct BrokerHeartbeatResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    pub is_caught_up: bool,
    #[kafka(default = true)]
    pub is_fenced: bool,
    pub should_shut_down: bool,
    pub unknown_tags: UnknownTags,
}
