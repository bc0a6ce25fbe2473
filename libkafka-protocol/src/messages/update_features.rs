use super::prelude::*;

/// Moves the cluster's features, `metadata.version` among them, to other levels (KIP-584).
///
/// - v1 adds `upgrade_type` in the place of `allow_downgrade`, and `validate_only` (KIP-778)
/// - v2 accepts a single error for the whole request in the response (KIP-1022)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 57, versions = "0-2", flexible = "0+", broker = "controller")]
pub struct UpdateFeaturesRequest {
    /// Milliseconds to wait for the answer.
    #[kafka(default = 60000)]
    pub timeout_ms: i32,
    pub feature_updates: Vec<FeatureUpdateKey>,
    /// Whether to check the request only, and change nothing.
    #[kafka(versions = "1+")]
    pub validate_only: bool,
    pub unknown_tags: UnknownTags,
}

/// A feature and its new level.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct FeatureUpdateKey {
    pub feature: String,
    /// Below 1: delete the feature.
    pub max_version_level: i16,
    #[kafka(versions = "0")]
    pub allow_downgrade: bool,
    /// 1: upgrade; 2: downgrade if nothing is lost; 3: downgrade even so.
    #[kafka(versions = "1+", default = 1)]
    pub upgrade_type: i8,
    pub unknown_tags: UnknownTags,
}

/// Says whether the features were changed.
///
/// - v2 drops `results` (KIP-1022)
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

/// The result of one feature.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct UpdatableFeatureResult {
    pub feature: String,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}
