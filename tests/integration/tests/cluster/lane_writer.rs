//! `LaneWriter`: produces numbers over lanes, and keeps book of what became of each.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_client::{
    Client, Deadline, LaneBatch, LaneOutcome, ProduceLane, ProduceLaneOptions, RefreshPacing,
    RetryMethod, TopicPartition, Topology, Waitable, wait,
};
use libkafka_integration::batch;
use libkafka_testkafka::Kafka;

use crate::{client, until};

/// The time of a batch that was refused and is sent again.
const AGAIN: Duration = Duration::from_secs(10);

/// Produces numbers to all partitions of a topic over a lane to each leader, and finds leaders
/// that moved. What may have been written is not sent again.
pub(crate) struct LaneWriter {
    client: Client,
    topology: Topology,
    pacing: RefreshPacing,
    pub(crate) lanes: BTreeMap<i32, ProduceLane>,
    /// Batches whose partition has no leader, or one that is not to be had.
    homeless: Vec<LaneBatch>,
    /// The number that is in a batch.
    numbers: HashMap<Bytes, u64>,
    pub(crate) next: u64,
    pub(crate) acknowledged: BTreeMap<i32, Vec<u64>>,
    /// The broker that acknowledged the last of a partition.
    pub(crate) acknowledged_by: BTreeMap<i32, i32>,
    pub(crate) in_doubt: BTreeMap<i32, Vec<u64>>,
    /// Errors of batches and lanes.
    pub(crate) errors: usize,
}

impl LaneWriter {
    pub(crate) fn new(kafka: &Kafka, topic: &str) -> Self {
        let mut client = client(kafka);
        let topology = until(|| {
            let topology = client.topology([topic]).ok()?;
            let mut all = topology.topic(topic)?.partitions.values();
            all.all(|partition| partition.leader_id.is_some())
                .then_some(topology)
        });
        let mut pacing = RefreshPacing::default();
        pacing.begun(Instant::now());
        Self {
            client,
            topology,
            pacing,
            lanes: BTreeMap::new(),
            homeless: Vec::new(),
            numbers: HashMap::new(),
            next: 0,
            acknowledged: BTreeMap::new(),
            acknowledged_by: BTreeMap::new(),
            in_doubt: BTreeMap::new(),
            errors: 0,
        }
    }

    /// Gives the next number to the lane of a partition's leader.
    pub(crate) fn push(&mut self, topic: &str, partition: i32, time: Duration) {
        let bytes = batch(&[&self.next.to_string()]);
        self.numbers.insert(bytes.clone(), self.next);
        self.next += 1;
        self.place(LaneBatch {
            partition: TopicPartition::new(topic, partition),
            topic_id: self.topology.topic(topic).unwrap().topic_id,
            bytes,
            deadline: Deadline::after(time),
            tag: 0,
        });
    }

    fn place(&mut self, batch: LaneBatch) {
        let TopicPartition { topic, partition } = &batch.partition;
        let Some(leader) = self.topology.leader(topic, *partition) else {
            self.homeless.push(batch);
            self.pacing.want();
            return;
        };
        let client = &self.client;
        let lane = self.lanes.entry(leader.id).or_insert_with(|| {
            let options = ProduceLaneOptions::new();
            client.produce_lane(leader.id, options).unwrap()
        });
        lane.push(batch);
    }

    /// Goes on until `done`.
    pub(crate) fn run(&mut self, done: impl Fn(&Self) -> bool) {
        let until = Deadline::after(Duration::from_secs(120));
        while !done(self) {
            assert!(
                !until.is_past(),
                "{:?} {:?}",
                self.acknowledged,
                self.in_doubt
            );
            self.step();
        }
    }

    /// Takes what outcomes there are, or else waits for some.
    pub(crate) fn step(&mut self) {
        if self.pacing.is_due(Instant::now()) {
            self.refresh();
        }
        let mut moved = Vec::new();
        let mut outcomes = Vec::new();
        for lane in self.lanes.values_mut() {
            if lane.advance().is_err() {
                self.errors += 1;
                self.pacing.want();
                moved.extend(lane.take_waiting());
            }
            outcomes.extend(std::iter::from_fn(|| lane.next_outcome()));
        }
        // They have not been sent: the leader may be another one by now.
        self.homeless.extend(moved);
        let is_done_with_some = !outcomes.is_empty();
        for outcome in outcomes {
            self.take(outcome);
        }
        if is_done_with_some {
            return;
        }
        let lanes: Vec<&dyn Waitable> = self.lanes.values().map(|lane| lane as _).collect();
        let due = self.pacing.due(Instant::now());
        let pause = due.saturating_duration_since(Instant::now());
        wait(
            &lanes,
            Deadline::after(pause.min(Duration::from_millis(100))),
        )
        .unwrap();
    }

    fn take(&mut self, outcome: LaneOutcome) {
        let LaneOutcome { batch, result, .. } = outcome;
        let partition = batch.partition.partition;
        let number = self.numbers[&batch.bytes];
        let Err(error) = result else {
            self.acknowledged.entry(partition).or_default().push(number);
            let broker = outcome.exchange.and_then(|exchange| exchange.broker.id);
            self.acknowledged_by.insert(partition, broker.unwrap());
            return;
        };
        self.errors += 1;
        self.pacing.want();
        if let Some(hint) = &outcome.leader {
            self.client
                .apply_hint(&mut self.topology, &batch.partition, hint);
        }
        if outcome.possibly_written {
            self.in_doubt.entry(partition).or_default().push(number);
        } else {
            let goes_on = error.retry_method() != RetryMethod::GiveUp;
            assert!(goes_on, "{error:?}");
            let deadline = Deadline::after(AGAIN);
            self.homeless.push(LaneBatch { deadline, ..batch });
        }
    }

    fn refresh(&mut self) {
        self.pacing.begun(Instant::now());
        match self.client.update_topology(&mut self.topology) {
            Ok(changes) => {
                // What waits for a leader that is none any more.
                for partition in changes.moved {
                    for lane in self.lanes.values_mut() {
                        self.homeless.extend(lane.take_partition(&partition));
                    }
                }
            }
            Err(_) => self.pacing.want(),
        }
        for broker in self.client.brokers() {
            if let Some(lane) = broker.id.and_then(|id| self.lanes.get_mut(&id)) {
                lane.set_broker(Arc::new(broker.clone()));
            }
        }
        for batch in std::mem::take(&mut self.homeless) {
            self.place(batch);
        }
    }

    /// How many numbers there is an outcome of.
    pub(crate) fn done(&self) -> usize {
        let all = self.acknowledged.values().chain(self.in_doubt.values());
        all.map(Vec::len).sum()
    }

    /// How many numbers of a partition were acknowledged.
    pub(crate) fn acknowledged(&self, partition: i32) -> usize {
        self.acknowledged.get(&partition).map_or(0, Vec::len)
    }
}
