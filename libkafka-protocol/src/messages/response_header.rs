use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1", flexible = "1+")]
pub struct ResponseHeader {
    pub correlation_id: i32,
    pub unknown_tags: UnknownTags,
}
