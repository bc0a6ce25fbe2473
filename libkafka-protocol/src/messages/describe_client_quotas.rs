use super::prelude::*;

/// Lists the quotas of users, client ids and addresses that match a filter (KIP-546).
///
/// - v1 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 48, versions = "0-1", flexible = "1+")]
pub struct DescribeClientQuotasRequest {
    /// Conditions that must all hold; none: everything.
    pub components: Vec<ComponentData>,
    /// Whether to leave out entities of more parts than `components` name.
    pub strict: bool,
    pub unknown_tags: UnknownTags,
}

/// A condition on one part of an entity.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ComponentData {
    /// `user`, `client-id` or `ip`.
    pub entity_type: String,
    /// 0: the exact name in `match`; 1: the default entity; 2: any name.
    pub match_type: i8,
    /// Null unless `match_type` is 0.
    #[kafka(default = "")]
    pub r#match: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// The quotas found.
///
/// - v1 is the first flexible version (KIP-482)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 48, versions = "0-1", flexible = "1+")]
pub struct DescribeClientQuotasResponse {
    pub throttle_time_ms: i32,
    pub error_code: ErrorCode,
    #[kafka(default = "")]
    pub error_message: Option<String>,
    /// Null on error.
    #[kafka(default = [])]
    pub entries: Option<Vec<EntryData>>,
    pub unknown_tags: UnknownTags,
}

/// An entity and its quotas.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct EntryData {
    pub entity: Vec<EntityData>,
    pub values: Vec<ValueData>,
    pub unknown_tags: UnknownTags,
}

/// A part of an entity, such as a user or a client id.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct EntityData {
    /// `user`, `client-id` or `ip`.
    pub entity_type: String,
    /// Null: the default entity.
    #[kafka(default = "")]
    pub entity_name: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// A quota.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct ValueData {
    /// Such as `producer_byte_rate`, in bytes a second.
    pub key: String,
    pub value: f64,
    pub unknown_tags: UnknownTags,
}
