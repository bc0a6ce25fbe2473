use super::prelude::*;

/// The key of a control record, after an int16 version.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0")]
pub struct ControlRecordTypeSchema {
    /// 0: abort; 1: commit; 2: leader change; 3: snapshot header; 4: snapshot footer; 5: KRaft
    /// version; 6: voters.
    pub r#type: i16,
}
