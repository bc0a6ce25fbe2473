use super::prelude::*;

pub use request::{AlterClientQuotasRequest, OpData};
pub use response::AlterClientQuotasResponse;

/// The request and its inner structs.
pub mod request {
    use super::*;

    /// Sets and removes the quotas of users, client ids and addresses (KIP-546).
    ///
    /// - v1 is the first flexible version (KIP-482)
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 49, versions = "0-1", flexible = "1+")]
    pub struct AlterClientQuotasRequest {
        pub entries: Vec<EntryData>,
        /// Whether to check the request only, and change nothing.
        pub validate_only: bool,
        pub unknown_tags: UnknownTags,
    }

    /// An entity and the changes to its quotas.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct EntryData {
        pub entity: Vec<EntityData>,
        pub ops: Vec<OpData>,
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

    /// A change of one quota.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct OpData {
        /// Such as `producer_byte_rate`, in bytes a second.
        pub key: String,
        /// Meaningless when `remove` is set.
        pub value: f64,
        pub remove: bool,
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

    /// Says for each entity whether its quotas were changed.
    ///
    /// - v1 is the first flexible version (KIP-482)
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 49, versions = "0-1", flexible = "1+")]
    pub struct AlterClientQuotasResponse {
        pub throttle_time_ms: i32,
        pub entries: Vec<EntryData>,
        pub unknown_tags: UnknownTags,
    }

    /// The result of one entity.
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct EntryData {
        pub error_code: ErrorCode,
        #[kafka(default = "")]
        pub error_message: Option<String>,
        pub entity: Vec<EntityData>,
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
}
