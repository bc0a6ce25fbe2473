use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-3")]
pub struct ConsumerProtocolSubscription {
    pub topics: Vec<String>,
    pub user_data: Option<Bytes>,
    #[kafka(versions = "1+", ignorable)]
    pub owned_partitions: Vec<TopicPartition>,
    #[kafka(versions = "2+", default = -1, ignorable)]
    pub generation_id: i32,
    #[kafka(versions = "3+", ignorable)]
    pub rack_id: Option<String>,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopicPartition {
    pub topic: String,
    pub partitions: Vec<i32>,
}
