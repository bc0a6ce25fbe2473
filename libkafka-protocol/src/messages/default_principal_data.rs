use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0", flexible = "0+")]
pub struct DefaultPrincipalData {
    pub r#type: String,
    pub name: String,
    pub token_authenticated: bool,
    pub unknown_tags: UnknownTags,
}
