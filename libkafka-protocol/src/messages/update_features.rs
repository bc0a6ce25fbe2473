use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 57, versions = "0-2", flexible = "0+", broker = "controller")]
pub struct UpdateFeaturesRequest {
    #[kafka(default = 60000)]
    pub timeout_ms: i32,
    pub feature_updates: Vec<FeatureUpdateKey>,
    #[kafka(versions = "1+")]
    pub validate_only: bool,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct FeatureUpdateKey {
    pub feature: String,
    pub max_version_level: i16,
    #[kafka(versions = "0")]
    pub allow_downgrade: bool,
    #[kafka(versions = "1+", default = 1)]
    pub upgrade_type: i8,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 57, versions = "0-2", flexible = "0+")]
pub struct UpdateFeaturesResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    #[kafka(versions = "0-1", ignorable)]
    pub results: Vec<UpdatableFeatureResult>,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct UpdatableFeatureResult {
    pub feature: String,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
