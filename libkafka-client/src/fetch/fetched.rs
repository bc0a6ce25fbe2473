//! `Fetched`: what a fetch returned for a partition.

use std::time::Duration;

use bytes::Bytes;
use libkafka_batch::{AbortedTransaction, ReadCommitted, RecordSet, VisibleBatches};
use libkafka_protocol::messages::fetch::PartitionData;

use super::options::Isolation;
use crate::wire_value::{from_millis, known};

/// What a fetch returned for a partition.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Fetched {
    /// The offset of the fetch. The first batch may begin before it.
    pub offset: i64,
    /// Which records of transactions were requested.
    pub isolation: Isolation,
    /// The batches as the broker sent them: a slice of the response, whose memory is reused once
    /// this and everything sliced from it has been dropped.
    pub records: Bytes,
    /// One after the last record that all in-sync replicas have: the end for every fetcher.
    pub high_watermark: i64,
    /// The offset of the first record that an open transaction holds back, or else the high
    /// watermark: the end for a fetcher that reads only committed records.
    pub last_stable_offset: i64,
    /// The first offset of the log, if the broker sent it.
    pub log_start_offset: Option<i64>,
    /// The aborted transactions that touch these records; only for a fetcher that reads only
    /// committed records.
    pub aborted_transactions: Vec<AbortedTransaction>,
    /// How long the broker asks the client to hold back, or held it back itself.
    pub throttle: Duration,
}

impl Fetched {
    /// The batches that an application should see: from the requested offset on, without the
    /// markers of transactions and, if only committed records were requested, without aborted ones.
    /// Read on from its [`next_offset`](VisibleBatches::next_offset).
    pub fn visible_batches(&self) -> VisibleBatches<'_> {
        let batches = VisibleBatches::new(self.batches(), self.offset);
        match self.isolation {
            Isolation::ReadUncommitted => batches,
            Isolation::ReadCommitted => batches.read_committed(self.read_committed()),
        }
    }

    /// All batches as they are in the log, including those that an application should not see: for
    /// tools that copy or inspect logs. A batch that is cut off at the end is not returned.
    pub fn batches(&self) -> RecordSet<'_> {
        RecordSet::new(&self.records)
    }

    /// Distinguishes the batches of committed transactions from those of aborted ones.
    pub fn read_committed(&self) -> ReadCommitted {
        ReadCommitted::new(self.aborted_transactions.iter().copied())
    }

    pub(crate) fn new(
        data: PartitionData,
        offset: i64,
        isolation: Isolation,
        throttle_time_ms: i32,
    ) -> Self {
        let aborted = data.aborted_transactions.unwrap_or_default();
        Self {
            offset,
            isolation,
            records: data.records.unwrap_or_default(),
            high_watermark: data.high_watermark,
            last_stable_offset: data.last_stable_offset,
            log_start_offset: known(data.log_start_offset),
            aborted_transactions: aborted
                .into_iter()
                .map(|aborted| AbortedTransaction {
                    producer_id: aborted.producer_id,
                    first_offset: aborted.first_offset,
                })
                .collect(),
            throttle: from_millis(throttle_time_ms),
        }
    }
}
