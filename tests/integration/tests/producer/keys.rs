//! Where records go.

use libkafka_client::{Error, Partitioner};
use libkafka_testkafka::{GroupOracle, require};
use serde_json::json;

use super::*;

#[test]
fn records_with_a_key_land_where_java_puts_them() {
    require!();
    let broker = Broker::builder().nodes(3).topic("t", 12).start().unwrap();
    let producer = producer(&broker);
    let mut expected = BTreeMap::new();
    let keys: Vec<String> = (0..200)
        .map(|n| format!("key-{n}"))
        .chain([String::new()])
        .collect();
    for key in &keys {
        producer.send(&record(key, key), LONG).unwrap();
        let hex: String = key.bytes().map(|byte| format!("{byte:02x}")).collect();
        let question = json!({ "key": hex, "partitions": 12 });
        let partition = GroupOracle::shared()
            .ask("partition", &question)
            .unwrap()
            .unwrap();
        let partition = i32::try_from(partition.as_i64().unwrap()).unwrap();
        expected
            .entry(partition)
            .or_insert_with(Vec::new)
            .push(key.clone());
    }
    producer.flush(LONG).unwrap();
    for partition in 0..12 {
        let expected = expected.remove(&partition).unwrap_or_default();
        assert_eq!(values(&broker, partition), expected, "{partition}");
    }
}

#[test]
fn records_without_a_key_stay_with_a_partition_for_a_batch_and_then_go_to_another() {
    let broker = Broker::builder().topic("t", 4).start().unwrap();
    let producer = producer_with(&broker, ProducerConfig::new().batch_bytes(1000));
    let value = "x".repeat(90);
    for _ in 0..2000 {
        producer
            .send(&ProducerRecord::new("t", (), &value), LONG)
            .unwrap();
    }
    producer.flush(LONG).unwrap();
    let counts: Vec<usize> = (0..4).map(|p| values(&broker, p).len()).collect();
    assert_eq!(counts.iter().sum::<usize>(), 2000);
    assert!(counts.iter().all(|count| *count > 100), "{counts:?}");
    // Full ones, for what would be 200 if each record went its own way.
    let batches: usize = (0..4).map(|p| broker.batches("t", p).len()).sum();
    assert!(batches < 260, "{batches}");
}

#[test]
fn a_function_of_the_caller_or_the_record_itself_may_choose_the_partition() {
    let broker = Broker::builder().topic("t", 3).start().unwrap();
    let by = Partitioner::by(|record, partitions| {
        assert_eq!(partitions, 3);
        Some(record.key?.len() as i32)
    });
    let producer = producer_with(&broker, ProducerConfig::new().partitioner(by));
    producer.send(&record("", "none"), LONG).unwrap();
    producer.send(&record("kk", "two"), LONG).unwrap();
    producer
        .send(&record("kk", "one").partition(1), LONG)
        .unwrap();
    producer
        .send(&ProducerRecord::new("t", (), "any"), LONG)
        .unwrap();
    let refused = producer.send(&record("kkk", "three"), LONG);
    assert!(
        matches!(refused, Err(Error::UnknownPartition { partitions: 3, .. })),
        "{refused:?}"
    );
    producer.flush(LONG).unwrap();
    let all: Vec<Vec<String>> = (0..3).map(|p| values(&broker, p)).collect();
    for (partition, value) in [(0, "none"), (1, "one"), (2, "two")] {
        assert!(all[partition].contains(&value.to_owned()), "{all:?}");
    }
    assert_eq!(all.concat().len(), 4);
}

#[test]
fn a_topic_that_is_not_there_is_waited_for_and_then_an_error_with_its_cause() {
    let broker = Broker::builder().start().unwrap();
    let producer = producer(&broker);
    // Once the broker has been heard.
    let (said, topic, cause) = libkafka_integration::until(|| {
        let refused = producer.send(&record("k", "v"), Duration::from_millis(250));
        let said = refused.as_ref().map(|_| ()).unwrap_err().to_string();
        match refused {
            Err(Error::UnknownTopic { topic, cause }) => Some((said, topic, cause?)),
            _ => panic!("{refused:?}"),
        }
    });
    assert!(said.contains("create it first"), "{said}");
    assert_eq!(topic, "t");
    let code = cause.code().unwrap();
    assert_eq!(
        code,
        libkafka_protocol::ErrorCode::UNKNOWN_TOPIC_OR_PARTITION
    );
    std::thread::scope(|scope| {
        let sending = scope.spawn(|| producer.send(&record("k", "v"), LONG));
        let mut client = libkafka_client::Client::new(Config::new(broker.bootstrap())).unwrap();
        client
            .create_topic(libkafka_client::NewTopic::new("t"))
            .unwrap();
        sending.join().unwrap().unwrap();
    });
    producer.flush(LONG).unwrap();
    assert_eq!(values(&broker, 0), ["v"]);
}

#[test]
fn partitions_added_to_a_topic_are_found_though_nothing_is_wrong() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let config = ProducerConfig::new().metadata_interval(Duration::from_millis(50));
    let producer = producer_with(&broker, config);
    producer.send(&record("k", "before"), LONG).unwrap();
    producer.flush(LONG).unwrap();
    let refused = producer.send(&to(2, "x"), LONG);
    assert!(
        matches!(refused, Err(Error::UnknownPartition { partitions: 1, .. })),
        "{refused:?}"
    );
    let mut client = libkafka_client::Client::new(Config::new(broker.bootstrap())).unwrap();
    client.create_partitions("t", 3).unwrap();
    // Nothing is wrong with the one that there was, and records go on to it.
    libkafka_integration::until(|| {
        producer.send(&to(0, "meanwhile"), LONG).unwrap();
        producer.flush(LONG).unwrap();
        producer.send(&to(2, "after"), LONG).ok()
    });
    producer.flush(LONG).unwrap();
    assert_eq!(values(&broker, 2), ["after"]);
    all_stored(&producer);
}
