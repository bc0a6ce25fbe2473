//! The messages that are timed, built with kafka-protocol's structs: what is on the wire is then
//! not of our own making.

use bytes::Bytes;
use kafka_protocol::messages::api_versions_response::{
    ApiVersion, FinalizedFeatureKey, SupportedFeatureKey,
};
use kafka_protocol::messages::fetch_response::{FetchableTopicResponse, PartitionData};
use kafka_protocol::messages::metadata_response::{
    MetadataResponseBroker, MetadataResponsePartition, MetadataResponseTopic,
};
use kafka_protocol::messages::produce_request::{PartitionProduceData, TopicProduceData};
use kafka_protocol::messages::{
    ApiVersionsResponse, BrokerId, FetchResponse, MetadataResponse, ProduceRequest, TopicName,
};
use kafka_protocol::protocol::StrBytes;

/// A cluster of 6 brokers with `topics` topics of `partitions` partitions, each on 3 brokers.
pub fn metadata(topics: i32, partitions: i32) -> MetadataResponse {
    let broker = |i: i32| {
        MetadataResponseBroker::default()
            .with_node_id(BrokerId(i))
            .with_host(text(format!("broker-{i}.kafka.example.internal")))
            .with_port(9092)
            .with_rack(Some(text(format!("rack-{}", i % 3))))
    };
    let partition = |t: i32, p: i32| {
        let replicas: Vec<BrokerId> = (0..3).map(|r| BrokerId((p + t + r) % 6)).collect();
        MetadataResponsePartition::default()
            .with_partition_index(p)
            .with_leader_id(replicas[0])
            .with_leader_epoch(7)
            .with_replica_nodes(replicas.clone())
            .with_isr_nodes(replicas)
    };
    let topic = |t: i32| {
        MetadataResponseTopic::default()
            .with_name(Some(TopicName(text(format!("topic-name-{t:05}")))))
            .with_topic_id(uuid::Uuid::from_u128(0x1234_5678 + ((t as u128) << 64)))
            .with_partitions((0..partitions).map(|p| partition(t, p)).collect())
    };
    MetadataResponse::default()
        .with_cluster_id(Some(text("5L6g3nShT-eMCtK--X86sw")))
        .with_controller_id(BrokerId(1))
        .with_brokers((0..6).map(broker).collect())
        .with_topics((0..topics).map(topic).collect())
}

/// `partitions` partitions of a topic, `bytes` bytes of records in each.
pub fn fetch(partitions: i32, bytes: usize) -> FetchResponse {
    let records = records(bytes);
    let partition = |p: i32| {
        PartitionData::default()
            .with_partition_index(p)
            .with_high_watermark(1000)
            .with_last_stable_offset(1000)
            .with_log_start_offset(0)
            .with_aborted_transactions(None)
            .with_records(Some(records.clone()))
    };
    let topic = FetchableTopicResponse::default()
        .with_topic(TopicName(text("bench-topic")))
        .with_partitions((0..partitions).map(partition).collect());
    FetchResponse::default()
        .with_session_id(1)
        .with_responses(vec![topic])
}

/// `bytes` bytes of records for one partition.
pub fn produce(bytes: usize) -> ProduceRequest {
    let partition = PartitionProduceData::default()
        .with_index(0)
        .with_records(Some(records(bytes)));
    let topic = TopicProduceData::default()
        .with_name(TopicName(text("bench-topic")))
        .with_partition_data(vec![partition]);
    ProduceRequest::default()
        .with_acks(1)
        .with_timeout_ms(30_000)
        .with_topic_data(vec![topic])
}

/// What a broker of today says that it can do.
pub fn api_versions() -> ApiVersionsResponse {
    let api = |key: i16| {
        ApiVersion::default()
            .with_api_key(key)
            .with_min_version(0)
            .with_max_version(key % 14)
    };
    let supported = |name: &'static str| {
        SupportedFeatureKey::default()
            .with_name(text(name))
            .with_max_version(2)
    };
    let finalized = |name: &'static str| {
        FinalizedFeatureKey::default()
            .with_name(text(name))
            .with_max_version_level(2)
            .with_min_version_level(1)
    };
    let features = [
        "metadata.version",
        "group.version",
        "transaction.version",
        "kraft.version",
        "eligible.leader.replicas.version",
    ];
    ApiVersionsResponse::default()
        .with_api_keys((0..75).map(api).collect())
        .with_supported_features(features.map(supported).into())
        .with_finalized_features_epoch(42)
        .with_finalized_features(features[..2].iter().copied().map(finalized).collect())
}

fn text(text: impl Into<String>) -> StrBytes {
    StrBytes::from_string(text.into())
}

fn records(bytes: usize) -> Bytes {
    (0..bytes).map(|i| (i * 7) as u8).collect()
}
