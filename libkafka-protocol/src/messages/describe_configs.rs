use super::prelude::*;

/// Reads the settings of topics, brokers, groups and other resources. The settings of a broker are
/// requested from that broker itself, all others from any.
///
/// - v3 adds `include_documentation` (KIP-569)
/// - v4 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 32, versions = "1-4", flexible = "4+")]
pub struct DescribeConfigsRequest {
    pub resources: Vec<DescribeConfigsResource>,
    /// Whether to list what a setting would fall back to, and where that comes from.
    pub include_synonyms: bool,
    /// Whether to send the description of each setting.
    #[kafka(versions = "3+")]
    pub include_documentation: bool,
    pub unknown_tags: UnknownTags,
}

/// A resource and the settings to read of it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeConfigsResource {
    /// 2: topic; 4: broker; 8: broker logger; 16: client metrics; 32: group.
    pub resource_type: i8,
    pub resource_name: String,
    /// Null: all settings.
    #[kafka(default = [])]
    pub configuration_keys: Option<Vec<String>>,
    pub unknown_tags: UnknownTags,
}

/// The settings of each resource.
///
/// - v2 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v3 adds `config_type` and `documentation` (KIP-569)
/// - v4 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 32, versions = "1-4", flexible = "4+")]
pub struct DescribeConfigsResponse {
    pub throttle_time_ms: i32,
    pub results: Vec<DescribeConfigsResult>,
    pub unknown_tags: UnknownTags,
}

/// The settings of one resource.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeConfigsResult {
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    /// 2: topic; 4: broker; 8: broker logger; 16: client metrics; 32: group.
    pub resource_type: i8,
    pub resource_name: String,
    pub configs: Vec<DescribeConfigsResourceResult>,
    pub unknown_tags: UnknownTags,
}

/// A setting, its value and where that comes from.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeConfigsResourceResult {
    pub name: String,
    /// Null: sensitive, or not set.
    #[kafka(default = "")]
    pub value: Option<String>,
    pub read_only: bool,
    /// 1: topic; 2: broker, dynamic; 3: all brokers, dynamic; 4: broker, static; 5: built-in
    /// default; 6: broker logger; 7: client metrics; 8: group; -1: not given.
    #[kafka(default = -1)]
    pub config_source: i8,
    pub is_sensitive: bool,
    /// What the setting falls back to, the source in force first.
    pub synonyms: Vec<DescribeConfigsSynonym>,
    /// 1: boolean; 2: string; 3: int; 4: short; 5: long; 6: double; 7: list; 8: class; 9: password;
    /// 0: unknown.
    #[kafka(versions = "3+", ignorable)]
    pub config_type: i8,
    /// Null: not asked for, or there is none.
    #[kafka(versions = "3+", default = "", ignorable)]
    pub documentation: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// A value that a setting takes from one source.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct DescribeConfigsSynonym {
    pub name: String,
    #[kafka(default = "")]
    pub value: Option<String>,
    /// Numbered as `config_source`.
    pub source: i8,
    pub unknown_tags: UnknownTags,
}
