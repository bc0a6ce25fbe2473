use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 18, versions = "0-5", flexible = "3+")]
pub struct ApiVersionsRequest {
    #[kafka(versions = "3+", ignorable)]
    pub client_software_name: String,
    #[kafka(versions = "3+", ignorable)]
    pub client_software_version: String,
    #[kafka(versions = "5+", ignorable)]
    pub cluster_id: Option<String>,
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub node_id: i32,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 18, versions = "0-5", flexible = "3+")]
pub struct ApiVersionsResponse {
    pub error_code: ErrorCode,
    pub api_keys: Vec<ApiVersion>,
    #[kafka(versions = "1+", ignorable)]
    pub throttle_time_ms: i32,
    #[kafka(versions = "3+", tag = 0, ignorable)]
    pub supported_features: Vec<SupportedFeatureKey>,
    #[kafka(versions = "3+", tag = 1, default = -1, ignorable)]
    pub finalized_features_epoch: i64,
    #[kafka(versions = "3+", tag = 2, ignorable)]
    pub finalized_features: Vec<FinalizedFeatureKey>,
    #[kafka(versions = "3+", tag = 3, ignorable)]
    pub zk_migration_ready: bool,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ApiVersion {
    pub api_key: ApiKey,
    pub min_version: i16,
    pub max_version: i16,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct SupportedFeatureKey {
    pub name: String,
    pub min_version: i16,
    pub max_version: i16,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct FinalizedFeatureKey {
    pub name: String,
    pub max_version_level: i16,
    pub min_version_level: i16,
    pub unknown_tags: UnknownTags,
}
