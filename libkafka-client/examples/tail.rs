//! Prints the records of all partitions of a topic, in one thread: those that there are with
//! `--from-beginning`, and those that come.
//!
//! ```text
//! cargo run --release --example tail -- localhost:9092 payments
//! ```

mod program;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_client::{
    Client, Config, Deadline, FetchBudget, FetchLane, FetchLaneOptions, FetchOutcome,
    FetchPosition, Fetched, Isolation, LaneFetch, OffsetSpec, RefreshPacing, RetryMethod, Stop,
    TopicPartition, Topology, Waitable, wait,
};
use program::{Arguments, Result, UsageError};

const USAGE: &str = "\
Prints the records of all partitions of a topic.

Usage: cargo run --release --example tail -- [OPTIONS] BOOTSTRAP TOPIC

Options:
  --from-beginning       print the records that there are already
  --count N              stop after so many records";

/// The memory that fetched records may take, all brokers together.
const MEMORY: usize = 32 << 20;

fn main() -> ExitCode {
    program::run(USAGE, tail)
}

fn tail(mut arguments: Arguments, stop: &Stop) -> Result {
    let from_beginning = arguments.flag("--from-beginning");
    let count = arguments.option_or("--count", u64::MAX)?;
    let [bootstrap, topic] = <[String; 2]>::try_from(arguments.rest()?)
        .map_err(|_| UsageError("BOOTSTRAP and TOPIC are needed".to_owned()))?;
    Tail::start(bootstrap, &topic, from_beginning)?.run(count, stop)
}

struct Tail {
    client: Client,
    topology: Topology,
    pacing: RefreshPacing,
    lanes: BTreeMap<i32, FetchLane>,
    lane_options: FetchLaneOptions,
    /// Partitions that are on no lane, as nobody is known to lead them, and where they go on.
    waiting: BTreeMap<TopicPartition, FetchPosition>,
    printed: u64,
}

impl Tail {
    fn start(bootstrap: String, topic: &str, from_beginning: bool) -> Result<Self> {
        let mut client = Client::new(Config::new(bootstrap))?;
        let topology = client.topology([topic])?;
        let Some(found) = topology.topic(topic) else {
            return Err(format!("there is no topic {topic}").into());
        };
        let start = match from_beginning {
            true => OffsetSpec::Earliest,
            false => OffsetSpec::Latest,
        };
        let mut wanted = Vec::new();
        for partition in found.partitions.keys() {
            let at = TopicPartition::new(topic, *partition);
            let Some(leader) = topology.leader(&at.topic, at.partition) else {
                return Err(format!("{at} has no leader").into());
            };
            wanted.push((at, leader, start));
        }
        let mut waiting = BTreeMap::new();
        for (at, found) in client.list_offsets(&wanted, Isolation::ReadCommitted) {
            let offset = found?.map_or(0, |found| found.offset);
            waiting.insert(at, FetchPosition::new(offset));
        }
        let mut tail = Self {
            client,
            topology,
            pacing: RefreshPacing::default(),
            lanes: BTreeMap::new(),
            lane_options: FetchLaneOptions::new().budget(FetchBudget::new(MEMORY)),
            waiting,
            printed: 0,
        };
        tail.pacing.begun(Instant::now());
        tail.place()?;
        Ok(tail)
    }

    fn run(&mut self, end: u64, stop: &Stop) -> Result {
        while self.printed < end && !stop.is_stopped() {
            if self.pacing.is_due(Instant::now()) {
                self.refresh()?;
            }
            self.advance(end)?;
            let lanes = self.lanes.values().map(|lane| lane as &dyn Waitable);
            let lanes: Vec<_> = lanes.chain([stop as _]).collect();
            let due = self.pacing.due(Instant::now());
            let pause = due.saturating_duration_since(Instant::now());
            wait(&lanes, Deadline::after(pause.min(Duration::from_secs(1))))?;
        }
        Ok(())
    }

    /// Lets every lane do what it can, and deals with what it has brought.
    fn advance(&mut self, end: u64) -> Result {
        let brokers: Vec<i32> = self.lanes.keys().copied().collect();
        for broker in brokers {
            let Some(lane) = self.lanes.get_mut(&broker) else {
                continue;
            };
            if let Err(error) = lane.advance() {
                eprintln!("tail: {error}");
                // Whoever leads the partitions by now, it may be another broker.
                let partitions: Vec<_> = lane.partitions().cloned().collect();
                for at in partitions {
                    self.move_away(broker, &at);
                }
                continue;
            }
            while let Some(fetch) = self.lanes.get_mut(&broker).and_then(FetchLane::next_fetch) {
                self.deal_with(broker, fetch, end)?;
            }
        }
        Ok(())
    }

    fn deal_with(&mut self, broker: i32, fetch: LaneFetch, end: u64) -> Result {
        let at = fetch.partition;
        match fetch.result {
            Ok(FetchOutcome::Records(fetched)) => {
                let next = self.print(&at, &fetched, end)?;
                if let Some(lane) = self.lanes.get_mut(&broker) {
                    lane.seek(&at, next);
                }
            }
            Err(error) if error.retry_method() == RetryMethod::GiveUp => {
                return Err(format!("{at}: {error}").into());
            }
            Err(error) => {
                eprintln!("tail: {at}: {error}");
                if let Some(hint) = &fetch.leader {
                    self.client.apply_hint(&mut self.topology, &at, hint);
                }
                self.move_away(broker, &at);
            }
            // Without a rack, no broker sends a reader to another.
            Ok(_) => {}
        }
        Ok(())
    }

    /// Prints records, and returns where to go on.
    fn print(&mut self, at: &TopicPartition, fetched: &Fetched, end: u64) -> Result<FetchPosition> {
        let mut out = io::stdout().lock();
        let mut batches = fetched.visible_batches();
        let mut last_epoch = None;
        for batch in &mut batches {
            let batch = batch?;
            last_epoch = Some(batch.header().partition_leader_epoch);
            for record in &batch.records()? {
                if self.printed == end {
                    break;
                }
                let record = record?;
                let value = record.value_text().unwrap_or_default();
                writeln!(out, "{at} {}: {value}", record.offset)?;
                self.printed += 1;
            }
        }
        let next = FetchPosition::new(batches.next_offset());
        Ok(match last_epoch {
            Some(epoch) if epoch >= 0 => next.last_fetched_epoch(epoch),
            _ => next,
        })
    }

    /// Takes a partition off its lane until it is known who leads it.
    fn move_away(&mut self, broker: i32, at: &TopicPartition) {
        if let Some(lane) = self.lanes.get_mut(&broker)
            && let Some(position) = lane.position(at)
        {
            lane.remove(at);
            self.waiting.insert(at.clone(), position);
            self.pacing.want();
        }
    }

    /// Asks who leads what, for all partitions in one request.
    fn refresh(&mut self) -> Result {
        self.pacing.begun(Instant::now());
        match self.client.update_topology(&mut self.topology) {
            Ok(changes) if changes.is_empty() => self.pacing.brought_nothing(),
            Ok(changes) => {
                self.pacing.brought_changes();
                if let Some(replaced) = changes.replaced.first() {
                    return Err(format!("{} was created again", replaced.topic).into());
                }
                // Those that were added meanwhile are read from their beginning.
                for at in changes.added {
                    self.waiting.entry(at).or_default();
                }
            }
            Err(error) => {
                eprintln!("tail: {error}");
                self.pacing.brought_nothing();
                self.pacing.want();
            }
        }
        for broker in self.client.brokers() {
            if let Some(lane) = broker.id.and_then(|id| self.lanes.get_mut(&id)) {
                lane.set_broker(Arc::new(broker.clone()));
            }
        }
        self.place()
    }

    /// Puts partitions on the lanes of their leaders.
    fn place(&mut self) -> Result {
        for (at, position) in std::mem::take(&mut self.waiting) {
            let Some(leader) = self.topology.leader(&at.topic, at.partition) else {
                self.waiting.insert(at, position);
                self.pacing.want();
                continue;
            };
            if !self.lanes.contains_key(&leader.id) {
                let lane = self
                    .client
                    .fetch_lane(leader.id, self.lane_options.clone())?;
                self.lanes.insert(leader.id, lane);
            }
            if let Some(lane) = self.lanes.get_mut(&leader.id) {
                lane.set(at, position, leader);
            }
        }
        Ok(())
    }
}
