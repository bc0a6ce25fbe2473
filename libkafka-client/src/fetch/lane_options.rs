//! `FetchLaneOptions`: how a lane fetches.

use super::budget::FetchBudget;
use super::options::FetchOptions;

/// How a [`FetchLane`](crate::FetchLane) fetches: a plain value, given when the lane is made.
#[derive(Debug, Clone)]
#[must_use]
pub struct FetchLaneOptions {
    pub(crate) fetch: FetchOptions,
    pub(crate) max_response_bytes: u32,
    pub(crate) budget: Option<FetchBudget>,
    pub(crate) sessions: bool,
}

impl Default for FetchLaneOptions {
    fn default() -> Self {
        Self {
            fetch: FetchOptions::new(),
            max_response_bytes: 8 * 1024 * 1024,
            budget: None,
            sessions: true,
        }
    }
}

impl FetchLaneOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how to fetch each partition; [`min_bytes`](FetchOptions::min_bytes) applies to all of
    /// them together. Default: that of [`FetchOptions`].
    pub fn fetch(mut self, options: FetchOptions) -> Self {
        self.fetch = options;
        self
    }

    /// Sets the maximum size of the batches in a response, of all partitions together, in bytes.
    /// Default: 8 MiB. If the first batch is larger, it is returned all the same.
    pub fn max_response_bytes(mut self, bytes: u32) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Sets the memory that fetched records may take, which lanes can share. Default: unlimited,
    /// except that a partition is fetched again only after its records were read.
    pub fn budget(mut self, budget: FetchBudget) -> Self {
        self.budget = Some(budget);
        self
    }

    /// Sets whether to use a fetch session if the lane has more than one partition, so that
    /// requests only name what has changed (KIP-227; Kafka 1.1). Default: true. Brokers keep 1000
    /// sessions by default (`max.incremental.fetch.session.cache.slots`), and work without one if
    /// there are more.
    pub fn sessions(mut self, sessions: bool) -> Self {
        self.sessions = sessions;
        self
    }

    /// [`max_response_bytes`](Self::max_response_bytes) in the form of requests: never more than
    /// the budget.
    pub(crate) fn response_bytes(&self) -> usize {
        let limit = self.budget.as_ref().map_or(usize::MAX, FetchBudget::limit);
        (self.max_response_bytes as usize).min(limit)
    }
}
