//! Records in the partitions of a topic.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use libkafka_client::batch::{Builder, Record};
use libkafka_client::{
    Acks, Client, Deadline, LaneBatch, ProduceLane, ProduceLaneOptions, TopicPartition, Topology,
    Waitable, wait,
};

const LONG: Duration = Duration::from_secs(60);

/// A batch of so many records with values of so many bytes.
pub(crate) fn batch(records: usize, size: usize) -> Bytes {
    let value = vec![b'v'; size];
    let mut builder = Builder::new();
    for _ in 0..records {
        let record = Record {
            value: Some(&value),
            timestamp: now_ms(),
            ..Record::default()
        };
        builder.add_record(&record).expect("it fits");
    }
    builder.build_bytes().expect("a batch")
}

pub(crate) fn now_ms() -> i64 {
    now_us() / 1000
}

/// Microseconds since 1970, which the other process has too.
pub(crate) fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("a clock").as_micros() as i64
}

/// Produces to a topic over one lane a broker.
pub(crate) struct Loader {
    topology: Topology,
    lanes: BTreeMap<i32, ProduceLane>,
    topic: String,
}

impl Loader {
    pub(crate) fn new(client: &mut Client, topic: &str, options: ProduceLaneOptions) -> Self {
        Self {
            topology: client.topology([topic]).expect("metadata"),
            lanes: BTreeMap::new(),
            topic: topic.to_owned(),
        }
        .with_lanes(client, options)
    }

    fn with_lanes(mut self, client: &Client, options: ProduceLaneOptions) -> Self {
        let found = self.topology.topic(&self.topic).expect("the topic");
        for partition in found.partitions.values() {
            let leader = partition.leader_id.expect("a leader");
            let lane = || {
                client
                    .produce_lane(leader, options)
                    .expect("a known broker")
            };
            self.lanes.entry(leader).or_insert_with(lane);
        }
        self
    }

    pub(crate) fn push(&mut self, partition: i32, bytes: Bytes) {
        let leader = self
            .topology
            .leader(&self.topic, partition)
            .expect("a leader");
        let lane = self.lanes.get_mut(&leader.id).expect("a lane");
        lane.push(LaneBatch {
            partition: TopicPartition::new(self.topic.as_str(), partition),
            topic_id: leader.topic_id,
            bytes,
            deadline: Deadline::after(LONG),
            tag: 0,
        });
    }

    /// Goes on until everything has been stored.
    pub(crate) fn finish(&mut self) {
        while self.lanes.values().any(|lane| !lane.is_idle()) {
            for lane in self.lanes.values_mut() {
                lane.advance().expect("the broker is there");
                while let Some(outcome) = lane.next_outcome() {
                    outcome.result.expect("it is stored");
                }
            }
            if self.lanes.values().any(|lane| !lane.is_idle()) {
                let waitables: Vec<&dyn Waitable> =
                    self.lanes.values().map(|lane| lane as _).collect();
                wait(&waitables, Deadline::after(LONG)).expect("poll");
            }
        }
    }
}

/// Puts `batches` batches into each partition.
pub(crate) fn fill(
    client: &mut Client,
    topic: &str,
    partitions: i32,
    batches: usize,
    bytes: &Bytes,
) {
    let options = ProduceLaneOptions::new().acks(Acks::Leader);
    let mut loader = Loader::new(client, topic, options);
    for _ in 0..batches {
        for partition in 0..partitions {
            loader.push(partition, bytes.clone());
        }
        loader.finish();
    }
}
