//! `ConsumerOptions`: how a consumer reads and commits.

use std::time::Duration;

use super::policies::{Commits, OnCorruptBatch, OnOutOfRange, OnTruncation, StartAt};
use crate::fetch::FetchOptions;

/// How a [`Consumer`](crate::Consumer) reads and commits: a plain value, given when it is made.
///
/// ```
/// use std::time::Duration;
/// use libkafka_client::{Commits, ConsumerOptions, StartAt};
///
/// let options = ConsumerOptions::new()
///     .start(StartAt::Latest)
///     .commits(Commits::Every(Duration::from_secs(5)))
///     .memory(32 << 20);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct ConsumerOptions {
    pub(super) fetch: FetchOptions,
    pub(super) memory: usize,
    pub(super) max_response_bytes: u32,
    pub(super) start: StartAt,
    pub(super) committed: bool,
    pub(super) out_of_range: OnOutOfRange,
    pub(super) truncation: OnTruncation,
    pub(super) corrupt: OnCorruptBatch,
    pub(super) commits: Commits,
    pub(super) commit_start: bool,
    pub(super) group_id: Option<String>,
    pub(super) metadata_interval: Duration,
}

impl Default for ConsumerOptions {
    fn default() -> Self {
        Self {
            fetch: FetchOptions::new(),
            memory: 64 * 1024 * 1024,
            max_response_bytes: 1024 * 1024,
            start: StartAt::Earliest,
            committed: true,
            out_of_range: OnOutOfRange::Stop,
            truncation: OnTruncation::Rewind,
            corrupt: OnCorruptBatch::Stop,
            commits: Commits::BeforeRelease,
            commit_start: true,
            group_id: None,
            metadata_interval: Duration::from_secs(300),
        }
    }
}

impl ConsumerOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how to fetch each partition: isolation, bytes, waiting time and rack. Default: that of
    /// [`FetchOptions`].
    pub fn fetch(mut self, options: FetchOptions) -> Self {
        self.fetch = options;
        self
    }

    /// Sets the memory for fetched records in bytes, including records that you hold. Default: 64
    /// MiB. A single batch that is larger exceeds it.
    pub fn memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// Sets the maximum size of the batches in a response, of all partitions of a broker together,
    /// in bytes. The next response is requested once less than that is left to hand out, so a round
    /// trip brings no more than this: set more if brokers are far away. Otherwise more is not
    /// faster, since reused memory costs less than fresh memory. Default: 1 MiB, or less if
    /// [`memory`](Self::memory) is too small for two such responses of each broker.
    pub fn max_response_bytes(mut self, bytes: u32) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Sets where to begin with a partition for which the group has committed nothing. Default:
    /// [`StartAt::Earliest`].
    pub fn start(mut self, start: StartAt) -> Self {
        self.start = start;
        self
    }

    /// Sets whether to begin at committed offsets where there are any. Default: true.
    pub fn committed(mut self, committed: bool) -> Self {
        self.committed = committed;
        self
    }

    /// Sets what to do when the log does not have the offset to read. Default:
    /// [`OnOutOfRange::Stop`].
    pub fn on_out_of_range(mut self, policy: OnOutOfRange) -> Self {
        self.out_of_range = policy;
        self
    }

    /// Sets what to do when records that were read are no longer in the log. Default:
    /// [`OnTruncation::Rewind`].
    pub fn on_truncation(mut self, policy: OnTruncation) -> Self {
        self.truncation = policy;
        self
    }

    /// Sets what to do about a batch that cannot be read. Default: [`OnCorruptBatch::Stop`].
    pub fn on_corrupt_batch(mut self, policy: OnCorruptBatch) -> Self {
        self.corrupt = policy;
        self
    }

    /// Sets when to commit what is handled, in addition to your calls of
    /// [`commit`](crate::Consumer::commit). Default: [`Commits::BeforeRelease`].
    pub fn commits(mut self, commits: Commits) -> Self {
        self.commits = commits;
        self
    }

    /// Sets whether to commit at once where a partition without a committed offset begins, so that
    /// the next owner begins there too. Default: true.
    pub fn commit_start(mut self, commit: bool) -> Self {
        self.commit_start = commit;
        self
    }

    /// Sets the group whose committed offsets to begin at, and to commit to, for a consumer of
    /// chosen partitions or topics. The group must have no members. Default: none, with which
    /// nothing can be committed. A member of a group always commits to its own group.
    pub fn offsets_of(mut self, group_id: impl Into<String>) -> Self {
        self.group_id = Some(group_id.into());
        self
    }

    /// Sets how often to look for new partitions, and for new topics that match a regex. Default: 5
    /// minutes.
    pub fn metadata_interval(mut self, interval: Duration) -> Self {
        self.metadata_interval = interval;
        self
    }
}
