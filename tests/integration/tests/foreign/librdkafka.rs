//! librdkafka's producer and admin client; its consumers and transactions have company elsewhere.

use libkafka_client::OffsetSpec;
use libkafka_client::protocol::{ApiKey, ErrorCode};
use libkafka_integration::values;

use crate::cluster::Cluster;
use crate::peace::run;
use crate::{on_each, programs};

/// Lets it produce to two partitions, reads that back, and finds each record where it was said to
/// be.
fn produce(cluster: &Cluster, topic: &str, settings: &[&str]) {
    const EACH: usize = 500;
    cluster.topic(topic, 2);
    let lines = |partition| (0..EACH).map(move |i| format!("{partition} {i} of {partition}\n"));
    let tool = programs::python("produce")
        .args([&cluster.bootstrap(), topic])
        .args(settings)
        .stdin(lines(0).chain(lines(1)).collect::<String>());
    let printed = run(tool).lines();
    let mut client = cluster.client();
    for partition in 0..2 {
        let mut fetcher = client.fetcher(topic, partition).unwrap();
        fetcher.seek_to(OffsetSpec::Earliest).unwrap();
        let values = values(&mut fetcher);
        let sent: Vec<_> = (0..EACH).map(|i| format!("{i} of {partition}")).collect();
        assert_eq!(values, sent);
        let said = values.iter().enumerate();
        let said: Vec<_> = said
            .map(|(offset, value)| format!("{partition} {offset} {value}"))
            .collect();
        let of_partition = |line: &&String| line.starts_with(&format!("{partition} "));
        let heard: Vec<_> = printed.iter().filter(of_partition).cloned().collect();
        assert_eq!(heard, said);
    }
}

/// What `admin.py` prints.
const ADMINISTERED: [&str; 42] = [
    "create None",
    "create again TOPIC_ALREADY_EXISTS",
    "add a partition None",
    "take it away INVALID_PARTITIONS",
    "partition 0 is led by who is in sync",
    "partition 1 is led by who is in sync",
    "partition 2 is led by who is in sync",
    "controller True",
    "offsets 0 5",
    "at 3 4",
    "delete records 2 OFFSET_OUT_OF_RANGE",
    "offsets 2 5",
    "retention.ms 7200000 set",
    "cleanup.policy delete default",
    "set None",
    "set nonsense INVALID_CONFIG",
    "cleanup.policy compact set",
    "delete records POLICY_VIOLATION",
    "replace None",
    "retention.ms 3600000 set",
    "cleanup.policy delete default",
    "elect ELECTION_NOT_NEEDED",
    "listed STABLE CLASSIC",
    "described STABLE range [[0, 1, 2]]",
    "delete NON_EMPTY_GROUP",
    "listed EMPTY CLASSIC",
    "described EMPTY  []",
    "commit None",
    "committed 4",
    "delete None",
    "delete again GROUP_ID_NOT_FOUND",
    "listed STABLE CONSUMER",
    "described STABLE uniform [[0, 1, 2]]",
    "delete NON_EMPTY_GROUP",
    "listed EMPTY CONSUMER",
    "described EMPTY uniform []",
    "commit None",
    "committed 4",
    "delete None",
    "delete again GROUP_ID_NOT_FOUND",
    "delete None",
    "delete again UNKNOWN_TOPIC_OR_PART",
];

/// The errors among that, and what a consumer may be told whose last fetch is on its way while its
/// topic is deleted: a fetch that comes later does not know the id any more, and one that waits, or
/// whose session has known the topic, misses the partition by its name. So it is on Kafka.
const PROVOKED: [(ApiKey, ErrorCode); 12] = [
    (ApiKey::CREATE_TOPICS, ErrorCode::TOPIC_ALREADY_EXISTS),
    (ApiKey::CREATE_PARTITIONS, ErrorCode::INVALID_PARTITIONS),
    (ApiKey::DELETE_RECORDS, ErrorCode::OFFSET_OUT_OF_RANGE),
    (ApiKey::DELETE_RECORDS, ErrorCode::POLICY_VIOLATION),
    (ApiKey::INCREMENTAL_ALTER_CONFIGS, ErrorCode::INVALID_CONFIG),
    (ApiKey::ELECT_LEADERS, ErrorCode::ELECTION_NOT_NEEDED),
    (ApiKey::DELETE_GROUPS, ErrorCode::NON_EMPTY_GROUP),
    (ApiKey::DELETE_GROUPS, ErrorCode::GROUP_ID_NOT_FOUND),
    (ApiKey::DELETE_TOPICS, ErrorCode::UNKNOWN_TOPIC_OR_PARTITION),
    (ApiKey::METADATA, ErrorCode::UNKNOWN_TOPIC_OR_PARTITION),
    (ApiKey::FETCH, ErrorCode::UNKNOWN_TOPIC_ID),
    (ApiKey::FETCH, ErrorCode::UNKNOWN_TOPIC_OR_PARTITION),
];

on_each! {
    fn plain_producers_are_served(cluster) needs librdkafka {
        for (topic, acks) in [("rd-acks-1", "acks=1"), ("rd-acks-all", "acks=all")] {
            produce(cluster, topic, &[acks, "linger.ms=1"]);
        }
    }

    fn every_codec_of_a_producer_is_read(cluster) needs librdkafka {
        for codec in ["gzip", "snappy", "lz4", "zstd"] {
            let settings = [&*format!("compression.type={codec}")];
            produce(cluster, &format!("rd-{codec}"), &settings);
        }
    }

    fn idempotent_producers_are_served(cluster) needs librdkafka {
        cluster.wait_for_producer_ids(None);
        let settings = ["enable.idempotence=true", "batch.num.messages=50"];
        produce(cluster, "rd-idempotent", &settings);
    }

    fn topics_configs_records_and_groups_are_administered(cluster) needs librdkafka {
        let tool = programs::python("admin").args([&cluster.bootstrap(), "rd-admin"]);
        cluster.wait_for_group("rd-admin");
        cluster.expect(&PROVOKED);
        assert_eq!(run(tool).lines(), ADMINISTERED);
    }
}
