//! Fetch requests, and what their responses say of a partition.

use libkafka_batch::RecordSet;
use libkafka_protocol::messages::fetch::{FetchPartition, PartitionData};
use libkafka_protocol::{ErrorCode, Uuid};

use super::fetched::Fetched;
use super::options::Isolation;
use super::position::FetchPosition;
use crate::error::Error;
use crate::exchange::Exchange;

/// The first version whose requests identify topics by id.
pub(crate) const TOPIC_ID_VERSION: i16 = 13;
/// The first version with a field for the epoch of the last record.
pub(crate) const LAST_FETCHED_EPOCH_VERSION: i16 = 12;

/// What a fetch request says of one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FetchCursor {
    /// Zero if it is not known, or topics are identified by name.
    pub(crate) topic_id: Uuid,
    pub(crate) offset: i64,
    /// -1: unknown.
    pub(crate) leader_epoch: i32,
    /// -1: unknown.
    pub(crate) last_fetched_epoch: i32,
    pub(crate) max_bytes: i32,
}

/// The origin of a response, and the request that it answers.
pub(crate) struct FetchContext<'a> {
    pub(crate) broker: i32,
    pub(crate) isolation: Isolation,
    pub(crate) throttle_time_ms: i32,
    pub(crate) exchange: &'a Exchange,
}

impl FetchCursor {
    /// The cursor at a position, for a request of this version.
    pub(crate) fn new(
        position: FetchPosition,
        topic_id: Option<Uuid>,
        leader_epoch: Option<i32>,
        max_bytes: i32,
        version: i16,
    ) -> Self {
        let last_fetched_epoch = position
            .last_fetched_epoch
            .filter(|_| version >= LAST_FETCHED_EPOCH_VERSION);
        Self {
            topic_id: topic_id
                .filter(|_| version >= TOPIC_ID_VERSION)
                .unwrap_or(Uuid::ZERO),
            offset: position.offset,
            leader_epoch: leader_epoch.unwrap_or(-1),
            last_fetched_epoch: last_fetched_epoch.unwrap_or(-1),
            max_bytes,
        }
    }

    /// The part of a request that is about the partition.
    pub(crate) fn partition(&self, index: i32) -> FetchPartition {
        FetchPartition {
            partition: index,
            current_leader_epoch: self.leader_epoch,
            fetch_offset: self.offset,
            last_fetched_epoch: self.last_fetched_epoch,
            partition_max_bytes: self.max_bytes,
            ..Default::default()
        }
    }
}

/// The answer of a broker about one partition.
#[derive(Debug)]
pub(crate) enum Outcome {
    Fetched(Fetched),
    /// No batches, because this replica should be read from instead (KIP-392).
    PreferredReplica(i32),
}

/// What a response says of the partition that was fetched at `cursor`.
///
/// # Errors
/// [`Error::OffsetOutOfRange`] without the bounds of the log, [`Error::Diverged`],
/// [`Error::BatchTooLarge`], and [`Error::Broker`] for any other error code.
pub(crate) fn outcome(
    data: PartitionData,
    cursor: &FetchCursor,
    context: &FetchContext<'_>,
) -> Result<Outcome, Error> {
    let exchange = context.exchange;
    if data.error_code == ErrorCode::OFFSET_OUT_OF_RANGE {
        return Err(Error::OffsetOutOfRange {
            at: exchange.place(),
            offset: cursor.offset,
            log_start_offset: None,
            end_offset: None,
        });
    }
    exchange.check(data.error_code, None)?;
    let diverging = &data.diverging_epoch;
    if diverging.end_offset >= 0 {
        return Err(Error::Diverged {
            at: exchange.place(),
            epoch: diverging.epoch,
            end_offset: diverging.end_offset,
        });
    }
    let replica = data.preferred_read_replica;
    let fetched = Fetched::new(
        data,
        cursor.offset,
        context.isolation,
        context.throttle_time_ms,
    );
    if fetched.records.is_empty() && replica >= 0 && replica != context.broker {
        return Ok(Outcome::PreferredReplica(replica));
    }
    // The first batch tells; one that is bad otherwise is for the reader to find.
    if !fetched.records.is_empty() && RecordSet::unchecked(&fetched.records).next().is_none() {
        return Err(Error::BatchTooLarge {
            at: exchange.place(),
            offset: cursor.offset,
            size: fetched.batches().cut_off_size(),
            max_bytes: cursor.max_bytes,
        });
    }
    Ok(Outcome::Fetched(fetched))
}
