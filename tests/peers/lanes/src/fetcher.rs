//! All partitions of a topic on fetch lanes, one a broker.

use std::collections::BTreeMap;
use std::time::Duration;

use libkafka_client::{
    Client, Deadline, FetchBudget, FetchLane, FetchLaneOptions, FetchOptions, FetchOutcome,
    Fetched, Isolation, OffsetSpec, TopicPartition, Waitable, wait,
};

pub(crate) const MAX_WAIT: Duration = Duration::from_millis(500);
pub(crate) const BUDGET: usize = 32 << 20;

pub(crate) struct Lanes {
    lanes: Vec<FetchLane>,
}

impl Lanes {
    /// One Metadata request, and where `start` has to be looked up one ListOffsets a broker.
    pub(crate) fn open(client: &mut Client, topic: &str, start: Option<OffsetSpec>) -> Self {
        let topology = client.topology([topic]).expect("metadata");
        let found = topology.topic(topic).expect("the topic");
        let of = |partition: &i32| {
            let leader = topology.leader(topic, *partition).expect("a leader");
            (TopicPartition::new(topic, *partition), leader)
        };
        let partitions: Vec<_> = found.partitions.keys().map(of).collect();
        let mut offsets: BTreeMap<TopicPartition, i64> = BTreeMap::new();
        if let Some(start) = start {
            let wanted: Vec<_> = partitions
                .iter()
                .map(|(partition, leader)| (partition.clone(), *leader, start))
                .collect();
            for (partition, found) in client.list_offsets(&wanted, Isolation::ReadUncommitted) {
                let offset = found.expect("an offset").map_or(0, |found| found.offset);
                offsets.insert(partition, offset);
            }
        }
        let options = FetchLaneOptions::new()
            .fetch(FetchOptions::new().max_wait(MAX_WAIT))
            .max_response_bytes(4 << 20)
            .budget(FetchBudget::new(BUDGET));
        let mut lanes: BTreeMap<i32, FetchLane> = BTreeMap::new();
        for (partition, leader) in partitions {
            let offset = offsets.get(&partition).copied().unwrap_or(0);
            let lane = lanes.entry(leader.id).or_insert_with(|| {
                let lane = client.fetch_lane(leader.id, options.clone());
                lane.expect("a known broker")
            });
            lane.set(partition, offset, leader);
        }
        Self {
            lanes: lanes.into_values().collect(),
        }
    }

    /// Hands what comes to `each` until `until`, or until it says that it has enough.
    pub(crate) fn run(
        &mut self,
        until: Deadline,
        mut each: impl FnMut(&TopicPartition, Option<&Fetched>) -> bool,
    ) {
        while !until.is_past() {
            for lane in &mut self.lanes {
                lane.advance().expect("the broker is there");
                while let Some(fetch) = lane.next_fetch() {
                    let (enough, next) = match fetch.result.expect("no error") {
                        FetchOutcome::Records(fetched) => {
                            let enough = each(&fetch.partition, Some(&fetched));
                            (enough, Some(end_of(&fetched)))
                        }
                        _ => (each(&fetch.partition, None), None),
                    };
                    if let Some(next) = next {
                        lane.seek(&fetch.partition, next);
                    }
                    if enough {
                        return;
                    }
                }
            }
            let waitables: Vec<&dyn Waitable> = self.lanes.iter().map(|lane| lane as _).collect();
            wait(&waitables, until).expect("poll");
        }
    }

    pub(crate) fn is_fetching(&self) -> bool {
        self.lanes.iter().all(FetchLane::is_fetching)
    }

    /// Goes on until every lane has its request on the way.
    pub(crate) fn begin(&mut self) {
        while !self.is_fetching() {
            for lane in &mut self.lanes {
                lane.advance().expect("the broker is there");
            }
            if !self.is_fetching() {
                let waitables: Vec<&dyn Waitable> =
                    self.lanes.iter().map(|lane| lane as _).collect();
                wait(&waitables, Deadline::after(Duration::from_secs(30))).expect("poll");
            }
        }
    }
}

/// Where to go on after these batches.
fn end_of(fetched: &Fetched) -> i64 {
    let last = fetched.batches().filter_map(Result::ok).last();
    last.map_or(0, |batch| batch.header.next_offset())
}

/// Reads every record, and returns how many there are.
pub(crate) fn read(fetched: &Fetched) -> usize {
    let mut count = 0;
    for batch in fetched.batches() {
        let records = batch.and_then(|batch| {
            batch.records().map(|records| {
                (&records)
                    .into_iter()
                    .filter(|record| record.is_ok())
                    .count()
            })
        });
        count += records.expect("sound batches");
    }
    count
}
