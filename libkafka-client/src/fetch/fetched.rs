//! `Fetched`: what a fetch returns of a partition.

use std::time::Duration;

use bytes::Bytes;
use libkafka_batch::{AbortedTransaction, ReadCommitted, RecordSet};
use libkafka_protocol::messages::fetch::PartitionData;

/// What a fetch returned of a partition.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Fetched {
    /// The batches as the broker sent them: a slice of the response, whose memory is used again
    /// once this and everything cut from it is dropped.
    pub records: Bytes,
    /// One past the last record that all replicas in sync have: the end for any fetcher.
    pub high_watermark: i64,
    /// The first record that an open transaction holds back, or else the high watermark: the
    /// end for one that reads committed records only.
    pub last_stable_offset: i64,
    /// The first offset of the log, if the broker says it.
    pub log_start_offset: Option<i64>,
    /// The aborted transactions that touch these records; only for one that reads committed
    /// records.
    pub aborted_transactions: Vec<AbortedTransaction>,
    /// How long the broker asks the client to hold back, or held it back.
    pub throttle: Duration,
}

impl Fetched {
    /// The batches, one after the other; one that is cut off at the end is left aside.
    pub fn batches(&self) -> RecordSet<'_> {
        RecordSet::new(&self.records)
    }

    /// What tells the batches of committed transactions from those of aborted ones.
    pub fn read_committed(&self) -> ReadCommitted {
        ReadCommitted::new(self.aborted_transactions.iter().copied())
    }

    pub(crate) fn new(data: PartitionData, throttle_time_ms: i32) -> Self {
        let aborted = data.aborted_transactions.unwrap_or_default();
        Self {
            records: data.records.unwrap_or_default(),
            high_watermark: data.high_watermark,
            last_stable_offset: data.last_stable_offset,
            log_start_offset: (data.log_start_offset >= 0).then_some(data.log_start_offset),
            aborted_transactions: aborted
                .into_iter()
                .map(|aborted| AbortedTransaction {
                    producer_id: aborted.producer_id,
                    first_offset: aborted.first_offset,
                })
                .collect(),
            throttle: Duration::from_millis(throttle_time_ms.max(0) as u64),
        }
    }
}
