//! `FetchOptions` and `Isolation`: how to fetch.

use std::time::Duration;

use crate::wire_value::to_millis;
use libkafka_protocol::messages::FetchRequest;

/// Which records of transactions a fetcher sees (KIP-98).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Isolation {
    /// All records, including those of open and aborted transactions.
    #[default]
    ReadUncommitted,
    /// The records before the first open transaction, without those of aborted transactions.
    ReadCommitted,
}

impl Isolation {
    /// The isolation level in the form of requests.
    pub(crate) fn level(self) -> i8 {
        match self {
            Self::ReadUncommitted => 0,
            Self::ReadCommitted => 1,
        }
    }
}

/// How to fetch: a plain value, given when a fetcher is made.
///
/// ```no_run
/// use std::time::Duration;
/// use libkafka_client::{Client, Config, FetchOptions};
///
/// let mut client = Client::new(Config::new("localhost:9092"))?;
/// let options = FetchOptions::new().max_wait(Duration::from_secs(5)).max_bytes(4 << 20);
/// let mut fetcher = client.fetcher_with("payments", 0, options)?;
/// # Ok::<(), libkafka_client::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct FetchOptions {
    pub(crate) isolation: Isolation,
    pub(crate) min_bytes: u32,
    pub(crate) max_bytes: u32,
    pub(crate) max_wait: Duration,
    pub(crate) rack: String,
}

impl Default for FetchOptions {
    fn default() -> Self {
        Self {
            isolation: Isolation::default(),
            min_bytes: 1,
            max_bytes: 1024 * 1024,
            max_wait: Duration::from_millis(500),
            rack: String::new(),
        }
    }
}

impl FetchOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets which records of transactions to see. Default: all.
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.isolation = isolation;
        self
    }

    /// Sets how many bytes of batches the broker waits for. Default: 1. With 0 it never waits.
    pub fn min_bytes(mut self, bytes: u32) -> Self {
        self.min_bytes = bytes;
        self
    }

    /// Sets the maximum size of the batches to return for a partition, in bytes. Default: 1 MiB. If
    /// the first batch is larger, it is returned all the same.
    pub fn max_bytes(mut self, bytes: u32) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Sets how long the broker waits for [`min_bytes`](Self::min_bytes). Default: 500 ms. It is
    /// added to the timeout of the call.
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// Sets the rack to read in (`client.rack`). If a replica is in that rack, and the brokers are
    /// configured for it (`replica.selector.class`), that replica is read from rather than the
    /// leader (KIP-392). Default: none.
    pub fn rack(mut self, rack: impl Into<String>) -> Self {
        self.rack = rack.into();
        self
    }

    /// [`max_bytes`](Self::max_bytes) in the form of requests.
    pub(crate) fn partition_max_bytes(&self) -> i32 {
        i32::try_from(self.max_bytes).unwrap_or(i32::MAX)
    }

    /// A request without partitions and without a session.
    pub(crate) fn request(&self) -> FetchRequest {
        FetchRequest {
            max_wait_ms: to_millis(self.max_wait),
            min_bytes: i32::try_from(self.min_bytes).unwrap_or(i32::MAX),
            isolation_level: self.isolation.level(),
            session_epoch: -1,
            rack_id: self.rack.clone(),
            ..Default::default()
        }
    }
}
