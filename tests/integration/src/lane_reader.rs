//! Reads a topic over lanes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_client::{
    Client, Deadline, Error, FetchLane, FetchLaneOptions, FetchOutcome, FetchPosition, Fetched,
    LaneFetch, RefreshPacing, ReplacedTopic, RetryMethod, TopicPartition, Topology, Waitable, wait,
};

/// Reads all partitions of a topic from their beginning, over one lane to each leader, and finds
/// leaders that moved.
pub struct LaneReader {
    client: Client,
    topology: Topology,
    pacing: RefreshPacing,
    /// The lanes, by broker.
    pub lanes: BTreeMap<i32, FetchLane>,
    options: FetchLaneOptions,
    waiting: BTreeMap<TopicPartition, FetchPosition>,
    /// What was read of each partition.
    pub values: BTreeMap<i32, Vec<String>>,
    /// What went wrong with partitions, and with lanes.
    pub errors: Vec<Error>,
    /// That the topic was created again.
    pub replaced: Vec<ReplacedTopic>,
}

impl LaneReader {
    /// A reader of `topic`, which exists.
    ///
    /// # Panics
    /// If it is not found.
    pub fn new(mut client: Client, topic: &str, options: FetchLaneOptions) -> Self {
        let topology = client.topology([topic]).unwrap();
        let partitions = topology.topic(topic).unwrap().partitions.keys();
        let waiting = partitions
            .map(|n| (TopicPartition::new(topic, *n), FetchPosition::new(0)))
            .collect();
        let mut reader = Self {
            client,
            topology,
            pacing: RefreshPacing::default(),
            lanes: BTreeMap::new(),
            options,
            waiting,
            values: BTreeMap::new(),
            errors: Vec::new(),
            replaced: Vec::new(),
        };
        reader.pacing.begun(Instant::now());
        reader.place();
        reader
    }

    /// Reads until so many values were read in all.
    ///
    /// # Panics
    /// If that takes longer than a minute.
    pub fn read(&mut self, values: usize) {
        self.run(|reader| reader.values.values().map(Vec::len).sum::<usize>() >= values);
    }

    /// Reads until `done`.
    ///
    /// # Panics
    /// If that takes longer than a minute.
    pub fn run(&mut self, done: impl Fn(&Self) -> bool) {
        let deadline = Deadline::after(Duration::from_secs(60));
        while !done(self) {
            let (values, errors) = (&self.values, &self.errors);
            assert!(!deadline.is_past(), "{values:?} {errors:?}");
            self.step();
        }
    }

    fn step(&mut self) {
        if self.pacing.is_due(Instant::now()) {
            self.refresh();
        }
        for broker in self.lanes.keys().copied().collect::<Vec<_>>() {
            let lane = self.lanes.get_mut(&broker).unwrap();
            if let Err(error) = lane.advance() {
                self.errors.push(error);
                for at in lane.partitions().cloned().collect::<Vec<_>>() {
                    self.move_away(broker, &at);
                }
            }
            while let Some(fetch) = self.lanes.get_mut(&broker).unwrap().next_fetch() {
                self.take(broker, fetch);
            }
        }
        let lanes: Vec<&dyn Waitable> = self.lanes.values().map(|lane| lane as _).collect();
        let due = self.pacing.due(Instant::now());
        let pause = due.saturating_duration_since(Instant::now());
        let deadline = Deadline::after(pause.min(Duration::from_millis(100)));
        wait(&lanes, deadline).unwrap();
    }

    fn take(&mut self, broker: i32, fetch: LaneFetch) {
        let at = fetch.partition;
        match fetch.result {
            Ok(FetchOutcome::Records(fetched)) => {
                let values = self.values.entry(at.partition).or_default();
                let next = collect(&fetched, values);
                self.lanes.get_mut(&broker).unwrap().seek(&at, next);
            }
            Ok(_) => {}
            Err(error) => {
                if let Some(hint) = &fetch.leader {
                    self.client.apply_hint(&mut self.topology, &at, hint);
                }
                let goes_on = error.retry_method() != RetryMethod::GiveUp
                    || matches!(error, Error::Missing { .. });
                self.errors.push(error);
                if goes_on {
                    self.move_away(broker, &at);
                }
            }
        }
    }

    fn move_away(&mut self, broker: i32, at: &TopicPartition) {
        let lane = self.lanes.get_mut(&broker).unwrap();
        let position = lane.position(at).unwrap();
        lane.remove(at);
        self.waiting.insert(at.clone(), position);
        self.pacing.want();
    }

    fn refresh(&mut self) {
        self.pacing.begun(Instant::now());
        match self.client.update_topology(&mut self.topology) {
            Ok(changes) => {
                for replaced in changes.replaced {
                    // What was read of the old topic has nothing to do with the new one.
                    self.waiting.clear();
                    self.lanes.clear();
                    self.values.clear();
                    self.replaced.push(replaced);
                }
                for at in changes.added {
                    self.waiting.entry(at).or_default();
                }
            }
            Err(error) => self.errors.push(error),
        }
        for broker in self.client.brokers() {
            if let Some(lane) = broker.id.and_then(|id| self.lanes.get_mut(&id)) {
                lane.set_broker(Arc::new(broker.clone()));
            }
        }
        self.place();
    }

    fn place(&mut self) {
        for (at, position) in std::mem::take(&mut self.waiting) {
            let Some(leader) = self.topology.leader(&at.topic, at.partition) else {
                self.waiting.insert(at, position);
                self.pacing.want();
                continue;
            };
            let (client, options) = (&self.client, &self.options);
            let lane = self.lanes.entry(leader.id).or_insert_with(|| {
                let lane = client.fetch_lane(leader.id, options.clone());
                lane.unwrap()
            });
            lane.set(at, position, leader);
        }
    }
}

/// Adds the values of what was fetched, and returns the offset to read on from.
fn collect(fetched: &Fetched, values: &mut Vec<String>) -> i64 {
    let mut batches = fetched.visible_batches();
    for batch in &mut batches {
        for record in &batch.unwrap().records().unwrap() {
            let record = record.unwrap();
            values.push(record.value_text().unwrap().into_owned());
        }
    }
    batches.next_offset()
}
