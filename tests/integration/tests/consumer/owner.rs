//! `Owner`: who has a consumer, and does as he should.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use libkafka_client::membership::{Claim, LostReason};
use libkafka_client::{
    ClaimedBatch, Client, Consumer, ConsumerOptions, ConsumerSource, Error, Polled, TopicPartition,
};

use super::LONG;

/// Who has a consumer: handles what comes at once, and remembers everything.
pub(crate) struct Owner {
    pub(crate) consumer: Consumer,
    /// The values that were read of each partition, with their offsets.
    pub(crate) read: BTreeMap<TopicPartition, Vec<(i64, String)>>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) trouble: Vec<(TopicPartition, String)>,
    pub(crate) lost: Vec<LostReason>,
    pub(crate) revoked: usize,
    /// Whether what comes is handled.
    pub(crate) handles: bool,
    pub(crate) unhandled: Vec<ClaimedBatch>,
    pub(crate) may_fail_to_commit: bool,
}

impl Owner {
    pub(crate) fn new(
        client: &Client,
        source: impl Into<ConsumerSource>,
        options: ConsumerOptions,
    ) -> Self {
        Self {
            consumer: client.consumer(source, options).unwrap(),
            read: BTreeMap::new(),
            claims: Vec::new(),
            trouble: Vec::new(),
            lost: Vec::new(),
            revoked: 0,
            handles: true,
            unhandled: Vec::new(),
            may_fail_to_commit: false,
        }
    }

    /// Polls until `done`.
    #[track_caller]
    pub(crate) fn until(&mut self, mut done: impl FnMut(&Self) -> bool) {
        let deadline = Instant::now() + LONG;
        while !done(self) {
            assert!(Instant::now() < deadline, "{self:?}");
            self.poll(Duration::from_millis(500));
        }
    }

    /// Polls until so many values have been read in all.
    #[track_caller]
    pub(crate) fn read(&mut self, count: usize) {
        self.until(|owner| owner.count() >= count);
    }

    pub(crate) fn count(&self) -> usize {
        self.read.values().map(Vec::len).sum()
    }

    /// The values of a partition of the topic `t`.
    pub(crate) fn values(&self, partition: i32) -> Vec<&str> {
        let values = self.read.get(&TopicPartition::new("t", partition));
        values.map_or(Vec::new(), |values| {
            values.iter().map(|(_, value)| value.as_str()).collect()
        })
    }

    pub(crate) fn claim(&self, partition: i32) -> Claim {
        let mut claims = self.claims.iter().rev();
        let found = claims.find(|claim| claim.partition().partition == partition);
        found.unwrap().clone()
    }

    /// Polls once, and does what is to be done.
    pub(crate) fn poll(&mut self, wait: Duration) {
        match self.consumer.poll(wait).unwrap() {
            Polled::Records(batch) => self.take(batch),
            Polled::Assigned { claims } => self.claims.extend(claims),
            Polled::Revoking { claims, .. } => {
                self.revoked += claims.len();
                self.claims.retain(|claim| !claims.contains(claim));
            }
            Polled::Lost { claims, why } => {
                self.lost.push(why);
                self.claims.retain(|claim| !claims.contains(claim));
            }
            Polled::Trouble { claim, error, .. } => {
                let partition = claim.partition().clone();
                self.trouble.push((partition, error.to_string()));
            }
            Polled::CommitFailed { error } => assert!(self.may_fail_to_commit, "{error}"),
            Polled::Stopped { why } => panic!("{why:?}"),
            _ => {}
        }
    }

    fn take(&mut self, batch: ClaimedBatch) {
        assert!(!batch.claim().is_ended(), "{batch:?}");
        let read = self.read.entry(batch.partition().clone()).or_default();
        for record in &batch.records().unwrap() {
            let record = record.unwrap();
            read.push((record.offset, record.value_text().unwrap().into_owned()));
        }
        match self.handles {
            true => batch.handled(),
            false => self.unhandled.push(batch),
        }
    }

    /// Closes the consumer.
    pub(crate) fn close(self) -> Result<(), Error> {
        self.consumer.close(LONG)
    }
}

impl std::fmt::Debug for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Owner")
            .field("claims", &self.consumer.claims().collect::<Vec<_>>())
            .field("count", &self.count())
            .field("trouble", &self.trouble)
            .field("lost", &self.lost)
            .finish_non_exhaustive()
    }
}

/// Polls both in turn until `done`.
#[track_caller]
pub(crate) fn both(one: &mut Owner, two: &mut Owner, done: impl Fn(&Owner, &Owner) -> bool) {
    let deadline = Instant::now() + LONG;
    while !done(one, two) {
        assert!(Instant::now() < deadline, "{one:?} {two:?}");
        one.poll(Duration::from_millis(10));
        two.poll(Duration::from_millis(10));
    }
}
