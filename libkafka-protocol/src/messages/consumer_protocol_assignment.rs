use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-3")]
pub struct ConsumerProtocolAssignment {
    pub assigned_partitions: Vec<TopicPartition>,
    pub user_data: Option<Bytes>,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopicPartition {
    pub topic: String,
    pub partitions: Vec<i32>,
}
