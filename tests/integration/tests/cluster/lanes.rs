//! Lanes to three brokers, of which one stands still and one dies.

use std::time::Duration;

use libkafka_client::{
    Client, FetchLaneOptions, FetchOptions, NewTopic, ProducerOptions, RetryPolicy,
};
use libkafka_integration::{LaneReader, batch};
use libkafka_testkafka::require;

use crate::{LONG, client, cluster, in_sync, until, until_ok};

const TOPIC: &str = "lanes";
const PARTITIONS: i32 = 6;

/// Produces a value to a partition, once, to whichever broker leads it by then.
fn produce(client: &mut Client, partition: i32, value: &str) {
    let policy = RetryPolicy::for_idempotent_calls();
    let options = ProducerOptions::new().idempotent(true);
    let producer = policy.run(LONG, client, |client| {
        client.producer_with(TOPIC, partition, options)
    });
    let mut producer = producer.unwrap();
    let batch = producer.stamp(batch(&[value])).unwrap();
    let produced = policy.run(LONG, &mut producer, |p| p.produce(batch.clone()));
    produced.unwrap();
}

#[test]
fn partitions_of_other_brokers_go_on_while_one_stands_still_or_dies_and_nothing_is_lost() {
    require!();
    let kafka = cluster();
    let mut client = client(&kafka);
    let topic = NewTopic::new(TOPIC).partitions(PARTITIONS);
    let topic = topic.replication_factor(3);
    client.within(LONG).create_topic(topic).unwrap();
    until_ok(|| client.leader(TOPIC, PARTITIONS - 1));
    let leaders: Vec<i32> = (0..PARTITIONS)
        .map(|partition| until_ok(|| client.leader(TOPIC, partition)).id)
        .collect();
    let fetch = FetchOptions::new().max_wait(Duration::from_millis(100));
    let options = FetchLaneOptions::new().fetch(fetch);
    let mut reader = LaneReader::new(crate::client(&kafka), TOPIC, options);
    for partition in 0..PARTITIONS {
        produce(&mut client, partition, "a");
    }
    reader.read(PARTITIONS as usize);
    assert_eq!(reader.lanes.len(), 3, "a lane to each broker");

    let still = leaders[0];
    kafka.pause(still);
    let others = (0..PARTITIONS).filter(|partition| leaders[*partition as usize] != still);
    let others: Vec<_> = others.collect();
    for partition in &others {
        produce(&mut client, *partition, "b");
    }
    reader.read(PARTITIONS as usize + others.len());
    kafka.resume(still);
    for partition in (0..PARTITIONS).filter(|partition| !others.contains(partition)) {
        produce(&mut client, partition, "b");
    }
    reader.read(2 * PARTITIONS as usize);
    // The one that stood still may have been taken for dead.
    until(|| (in_sync(&mut client, TOPIC) == 3).then_some(()));

    let dies = leaders[1];
    kafka.kill(dies);
    for partition in 0..PARTITIONS {
        produce(&mut client, partition, "c");
    }
    reader.read(3 * PARTITIONS as usize);
    kafka.restart(dies).unwrap();
    for partition in 0..PARTITIONS {
        assert_eq!(
            reader.values[&partition],
            ["a", "b", "c"],
            "partition {partition}"
        );
    }
}
