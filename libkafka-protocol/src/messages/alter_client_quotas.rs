use super::prelude::*;

pub use request::AlterClientQuotasRequest;
pub use response::AlterClientQuotasResponse;

/// The request and its inner structs.
pub mod request {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 49, versions = "0-1", flexible = "1+")]
    pub struct AlterClientQuotasRequest {
        pub entries: Vec<EntryData>,
        pub validate_only: bool,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct EntryData {
        pub entity: Vec<EntityData>,
        pub ops: Vec<OpData>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct EntityData {
        pub entity_type: String,
        #[kafka(default = "")]
        pub entity_name: Option<String>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct OpData {
        pub key: String,
        pub value: f64,
        pub remove: bool,
        pub unknown_tags: UnknownTags,
    }
}

/// The response and its inner structs.
pub mod response {
    use super::*;

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(api_key = 49, versions = "0-1", flexible = "1+")]
    pub struct AlterClientQuotasResponse {
        pub throttle_time_ms: i32,
        pub entries: Vec<EntryData>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct EntryData {
        pub error_code: ErrorCode,
        #[kafka(default = "")]
        pub error_message: Option<String>,
        pub entity: Vec<EntityData>,
        pub unknown_tags: UnknownTags,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub struct EntityData {
        pub entity_type: String,
        #[kafka(default = "")]
        pub entity_name: Option<String>,
        pub unknown_tags: UnknownTags,
    }
}
