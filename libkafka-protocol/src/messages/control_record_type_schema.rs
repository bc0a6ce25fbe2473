use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0")]
pub struct ControlRecordTypeSchema {
    pub r#type: i16,
}
