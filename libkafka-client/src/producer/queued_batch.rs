//! A batch in a queue, at each stage of its way: open, closed, built, in flight, finished.

use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_batch::{Builder, ProducerInfo};

use super::delivery::{Closed, Failure, Try};
use super::produced::Produced;

/// The batch that takes records.
pub(super) struct Open {
    pub(super) id: u64,
    pub(super) builder: Builder,
    pub(super) opened: Instant,
}

/// A batch whose fate is not known.
pub(super) struct Batch {
    pub(super) id: u64,
    pub(super) records: u32,
    pub(super) uncompressed_bytes: usize,
    pub(super) opened: Instant,
    pub(super) closed: Closed,
    pub(super) expires: Instant,
    /// The sequence number of its first record, once it has one.
    pub(super) sequence: Option<i32>,
    pub(super) stage: Stage,
    pub(super) build_time: Duration,
    pub(super) tries: Vec<Try>,
    /// Whether a try may have put it into the log.
    pub(super) in_doubt: bool,
}

/// How far a batch has come.
pub(super) enum Stage {
    Closed(Box<Builder>),
    Building,
    Ready(Bytes),
    InFlight(Bytes),
}

impl Batch {
    /// Whether its delivery time has passed. One that is being built is left until it is.
    pub(super) fn is_over(&self, now: Instant) -> bool {
        now >= self.expires && !matches!(self.stage, Stage::Building)
    }
}

/// A batch to build, by whichever thread has the time.
pub(crate) struct Unbuilt {
    pub(crate) id: u64,
    pub(crate) builder: Box<Builder>,
    pub(crate) producer: Option<ProducerInfo>,
}

impl Unbuilt {
    pub(crate) fn build(&mut self) -> Result<Bytes, libkafka_batch::Error> {
        match &mut self.producer {
            Some(producer) => self.builder.build_numbered(producer),
            None => self.builder.build_bytes(),
        }
    }
}

/// A batch whose fate is known.
pub(crate) struct Finished {
    pub(crate) id: u64,
    pub(crate) records: u32,
    pub(crate) bytes: usize,
    pub(crate) uncompressed_bytes: usize,
    pub(crate) opened: Instant,
    pub(crate) closed: Closed,
    pub(crate) build_time: Duration,
    pub(crate) tries: Vec<Try>,
    pub(crate) outcome: Result<Produced, Failure>,
}
