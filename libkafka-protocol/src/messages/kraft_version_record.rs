use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0", flexible = "0+")]
pub struct KRaftVersionRecord {
    pub version: i16,
    #[kafka(name = "kRaftVersion")]
    pub kraft_version: i16,
    pub unknown_tags: UnknownTags,
}
