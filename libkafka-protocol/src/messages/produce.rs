use super::prelude::*;

/// Appends record batches to partitions. A producer sends it to the broker that leads all of the
/// partitions named in it. With `acks` 0 the broker sends no response at all.
///
/// - v4 accepts KAFKA_STORAGE_ERROR in the response (KIP-112)
/// - v7 allows batches compressed with zstd (KIP-110)
/// - v8 asks for errors record by record (KIP-467)
/// - v9 is the first flexible version (KIP-482)
/// - v11 accepts TRANSACTION_ABORTABLE in the response (KIP-890)
/// - v12 adds the partitions to the producer's transaction by itself, with no AddPartitionsToTxn
///   before it, where the cluster runs `transaction.version` 2 (KIP-890)
/// - v13 names topics by id (KIP-516)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 0, versions = "3-13", flexible = "9+", broker = "leader")]
pub struct ProduceRequest {
    /// Null: the producer is not transactional.
    pub transactional_id: Option<String>,
    /// Replicas that must have the records before the answer. 0: none, and there is no answer; 1:
    /// the leader; -1: all in sync.
    pub acks: i16,
    /// Milliseconds the leader may wait for the other replicas when `acks` is -1.
    pub timeout_ms: i32,
    pub topic_data: Vec<TopicProduceData>,
    pub unknown_tags: UnknownTags,
}

/// A topic and the records for its partitions.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopicProduceData {
    #[kafka(versions = "0-12", ignorable)]
    pub name: String,
    #[kafka(versions = "13+", ignorable)]
    pub topic_id: Uuid,
    pub partition_data: Vec<PartitionProduceData>,
    pub unknown_tags: UnknownTags,
}

/// The records for one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionProduceData {
    pub index: i32,
    /// One record batch, in the format of message format v2.
    pub records: Option<Bytes>,
    pub unknown_tags: UnknownTags,
}

/// Says for each partition at which offset its batch was stored, or why it was not.
///
/// - v4 may carry KAFKA_STORAGE_ERROR (KIP-112)
/// - v5 adds `log_start_offset`
/// - v6 changes no bytes: a throttled response is sent at once, and the client does the
///   waiting (KIP-219)
/// - v8 adds `record_errors` and `error_message` (KIP-467)
/// - v9 is the first flexible version (KIP-482)
/// - v10 adds `current_leader` and `node_endpoints`, so that a moved leader costs no metadata
///   request (KIP-951)
/// - v11 may carry TRANSACTION_ABORTABLE (KIP-890)
/// - v13 names topics by id (KIP-516)
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 0, versions = "3-13", flexible = "9+")]
pub struct ProduceResponse {
    pub responses: Vec<TopicProduceResponse>,
    pub throttle_time_ms: i32,
    #[kafka(versions = "10+", tag = 0)]
    pub node_endpoints: Vec<NodeEndpoint>,
    pub unknown_tags: UnknownTags,
}

/// The results of one topic.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct TopicProduceResponse {
    #[kafka(versions = "0-12", ignorable)]
    pub name: String,
    #[kafka(versions = "13+", ignorable)]
    pub topic_id: Uuid,
    pub partition_responses: Vec<PartitionProduceResponse>,
    pub unknown_tags: UnknownTags,
}

/// The result of one partition.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct PartitionProduceResponse {
    pub index: i32,
    pub error_code: ErrorCode,
    /// The offset that the first record of the batch was given; -1 on error.
    pub base_offset: i64,
    /// The broker's clock at the append, in milliseconds since the epoch, where the topic is set to
    /// LogAppendTime; -1: the records keep their own timestamps.
    #[kafka(default = -1)]
    pub log_append_time_ms: i64,
    /// The first offset that the partition still holds; -1: unknown.
    #[kafka(versions = "5+", default = -1, ignorable)]
    pub log_start_offset: i64,
    /// The records that made the broker refuse the whole batch.
    #[kafka(versions = "8+", ignorable)]
    pub record_errors: Vec<BatchIndexAndErrorMessage>,
    /// What was wrong with the batch as a whole; null: nothing to add.
    #[kafka(versions = "8+", ignorable)]
    pub error_message: Option<String>,
    /// Filled in when the error says that this broker does not lead the partition.
    #[kafka(versions = "10+", tag = 0)]
    pub current_leader: LeaderIdAndEpoch,
    pub unknown_tags: UnknownTags,
}

/// A record that the broker found at fault.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct BatchIndexAndErrorMessage {
    /// Position of the record in the batch, from 0.
    pub batch_index: i32,
    pub batch_index_error_message: Option<String>,
    pub unknown_tags: UnknownTags,
}

/// The leader of a partition, as the answering broker knows it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct LeaderIdAndEpoch {
    /// -1: unknown.
    #[kafka(default = -1)]
    pub leader_id: i32,
    /// -1: unknown.
    #[kafka(default = -1)]
    pub leader_epoch: i32,
    pub unknown_tags: UnknownTags,
}

/// Where a broker named by `current_leader` listens.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
pub struct NodeEndpoint {
    pub node_id: i32,
    pub host: String,
    pub port: i32,
    /// Null: none configured.
    pub rack: Option<String>,
    pub unknown_tags: UnknownTags,
}
