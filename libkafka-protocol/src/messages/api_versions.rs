use super::prelude::*;

/// Asks a broker which versions of which APIs it knows. A client sends it first on a connection,
/// before it has been authenticated.
///
/// - v3 adds `client_software_name` and `client_software_version`, for the broker's metrics
///   (KIP-511); first flexible version
/// - v4 accepts features with a minimum version of 0 in the response
/// - v5 adds `cluster_id` and `node_id` (KIP-1242)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 18, versions = "0-5", flexible = "3+")]
pub struct ApiVersionsRequest {
    #[kafka(versions = "3+", ignorable)]
    pub client_software_name: String,
    #[kafka(versions = "3+", ignorable)]
    pub client_software_version: String,
    /// The cluster that the client means to talk to; null: any. To be set together with `node_id`.
    #[kafka(versions = "5+", ignorable)]
    pub cluster_id: Option<String>,
    /// The broker that the client means to talk to; -1: any.
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub node_id: i32,
    pub unknown_tags: UnknownTags,
}

/// The versions that the broker knows. Its header is always that of version 0, since the client
/// cannot know yet what the broker understands. A broker that does not know the version of the
/// request answers UNSUPPORTED_VERSION in v0.
///
/// - v1 adds `throttle_time_ms` (KIP-124)
/// - v2 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v3 adds the features of broker and cluster (KIP-584); first flexible version
/// - v4 lists features with a minimum version of 0, which v3 leaves out
/// - v5 may carry REBOOTSTRAP_REQUIRED, for a client that reached the wrong cluster or broker
///   (KIP-1242)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 18, versions = "0-5", flexible = "3+")]
pub struct ApiVersionsResponse {
    pub error_code: ErrorCode,
    pub api_keys: Vec<ApiVersion>,
    #[kafka(versions = "1+", ignorable)]
    pub throttle_time_ms: i32,
    #[kafka(versions = "3+", tag = 0, ignorable)]
    pub supported_features: Vec<SupportedFeatureKey>,
    /// Increases with each change of the finalized features; -1: unknown.
    #[kafka(versions = "3+", tag = 1, default = -1, ignorable)]
    pub finalized_features_epoch: i64,
    /// What the cluster as a whole has switched on; meaningless while the epoch is -1.
    #[kafka(versions = "3+", tag = 2, ignorable)]
    pub finalized_features: Vec<FinalizedFeatureKey>,
    /// Whether a controller was set up for the migration from ZooKeeper (KIP-866).
    #[kafka(versions = "3+", tag = 3, ignorable)]
    pub zk_migration_ready: bool,
    pub unknown_tags: UnknownTags,
}

/// The versions of one API, both ends included.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ApiVersion {
    pub api_key: ApiKey,
    pub min_version: i16,
    pub max_version: i16,
    pub unknown_tags: UnknownTags,
}

/// A feature and the levels that this broker can run at.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct SupportedFeatureKey {
    pub name: String,
    pub min_version: i16,
    pub max_version: i16,
    pub unknown_tags: UnknownTags,
}

/// A feature and the level that the cluster runs at.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct FinalizedFeatureKey {
    pub name: String,
    pub max_version_level: i16,
    pub min_version_level: i16,
    pub unknown_tags: UnknownTags,
}
