use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "1-2", flexible = "2+")]
pub struct RequestHeader {
    pub request_api_key: ApiKey,
    pub request_api_version: i16,
    pub correlation_id: i32,
    #[kafka(default = "", not_flexible)]
    pub client_id: Option<String>,
    pub unknown_tags: UnknownTags,
}
