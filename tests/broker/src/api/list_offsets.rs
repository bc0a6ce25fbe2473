//! ListOffsets: finds the ends of a partition, and the first offset at a time.
//!
//! Versions 1 to 11.
//!
//! Unlike Kafka: there is no tiered storage: the local log starts where the log does, and nothing
//! is remote.

use libkafka_batch::{Batch, Decoder};
use libkafka_protocol::constants::list_offsets_timestamp::{
    EARLIEST, EARLIEST_LOCAL, EARLIEST_PENDING_UPLOAD, LATEST, LATEST_TIERED, MAX_TIMESTAMP,
};
use libkafka_protocol::messages::list_offsets::{
    ListOffsetsPartition, ListOffsetsPartitionResponse, ListOffsetsTopicResponse,
};
use libkafka_protocol::messages::{ListOffsetsRequest, ListOffsetsResponse};
use libkafka_protocol::{ErrorCode, Uuid};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{Partition, State};

impl Api for ListOffsetsRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<ListOffsetsResponse> {
        let state = call.lock();
        let level = self.isolation_level;
        let committed = level == 1;
        let topics = self
            .topics
            .into_iter()
            .map(|topic| ListOffsetsTopicResponse {
                partitions: topic
                    .partitions
                    .iter()
                    .map(|asked| {
                        // Kafka fails where there is no such level.
                        let found = match level {
                            0 | 1 => find(&topic.name, asked, committed, call, &state),
                            _ => Err(ErrorCode::UNKNOWN_SERVER_ERROR),
                        };
                        let (error_code, found) = match found {
                            Ok(found) => (ErrorCode::NONE, found),
                            Err(error) => (error, Found::NOTHING),
                        };
                        ListOffsetsPartitionResponse {
                            partition_index: asked.partition_index,
                            error_code,
                            timestamp: found.timestamp,
                            offset: found.offset,
                            leader_epoch: if call.version >= 4 {
                                found.leader_epoch
                            } else {
                                -1
                            },
                            ..Default::default()
                        }
                    })
                    .collect(),
                name: topic.name,
                ..Default::default()
            })
            .collect();
        Ok(Some(ListOffsetsResponse {
            topics,
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        for topic in &self.topics {
            let partitions = topic.partitions.iter().map(|p| p.partition_index);
            targets.partitions(&topic.name, Uuid::ZERO, partitions);
        }
    }
}

struct Found {
    timestamp: i64,
    offset: i64,
    leader_epoch: i32,
}

impl Found {
    const NOTHING: Self = Self {
        timestamp: -1,
        offset: -1,
        leader_epoch: -1,
    };

    fn end(offset: i64, epoch: Option<i32>) -> Self {
        Self {
            timestamp: -1,
            offset,
            leader_epoch: epoch.unwrap_or(-1),
        }
    }
}

fn find(
    topic: &str,
    asked: &ListOffsetsPartition,
    committed: bool,
    call: &Call<'_>,
    state: &State,
) -> Result<Found, ErrorCode> {
    if let Some(code) = call.strikes.error(topic, Some(asked.partition_index)) {
        return Err(code);
    }
    let is_known = match asked.timestamp {
        LATEST | EARLIEST => true,
        MAX_TIMESTAMP => call.version >= 7,
        EARLIEST_LOCAL => call.version >= 8,
        LATEST_TIERED => call.version >= 9,
        EARLIEST_PENDING_UPLOAD => call.version >= 11,
        time => time >= 0,
    };
    if !is_known {
        return Err(ErrorCode::UNSUPPORTED_VERSION);
    }
    let partition = state.led_by(call.node(), topic, asked.partition_index)?;
    partition.check_epoch(asked.current_leader_epoch)?;
    let end = if committed {
        partition.last_stable_offset()
    } else {
        partition.high_watermark()
    };
    let start = partition.log.start_offset();
    match asked.timestamp {
        LATEST => Ok(Found::end(end, Some(partition.leader_epoch))),
        EARLIEST => Ok(Found::end(start, partition.epoch_at(start))),
        MAX_TIMESTAMP => Ok(newest(partition, end)),
        EARLIEST_LOCAL => Ok(Found::end(start, partition.epoch_at(start))),
        LATEST_TIERED | EARLIEST_PENDING_UPLOAD => Ok(Found::end(-1, None)),
        time => Ok(from_time(partition, time, end)),
    }
}

/// The first record with a timestamp of `time` or later.
fn from_time(partition: &Partition, time: i64, end: i64) -> Found {
    first_record(
        partition,
        end,
        |max| max >= time,
        |timestamp| timestamp >= time,
    )
}

/// The first of the records with the greatest timestamp.
fn newest(partition: &Partition, end: i64) -> Found {
    let times = partition
        .log
        .batches()
        .map(|batch| batch.header.max_timestamp);
    match times.max() {
        Some(newest) => first_record(partition, end, |max| max == newest, |time| time == newest),
        None => Found::NOTHING,
    }
}

/// The first record below `end` that satisfies `is_it`, in the batches that satisfy `may_have` by
/// their greatest timestamp.
fn first_record(
    partition: &Partition,
    end: i64,
    may_have: impl Fn(i64) -> bool,
    is_it: impl Fn(i64) -> bool,
) -> Found {
    let log = &partition.log;
    let mut decoder = Decoder::new();
    for stored in log
        .batches()
        .filter(|batch| may_have(batch.header.max_timestamp))
    {
        // What the log has was read when it was appended.
        let Ok(batch) = Batch::parse_unchecked(&stored.bytes) else {
            continue;
        };
        let Ok(records) = batch.records_with(&mut decoder) else {
            continue;
        };
        for record in records.iter().flatten() {
            if record.offset >= end {
                return Found::NOTHING;
            }
            if record.offset >= log.start_offset() && is_it(record.timestamp) {
                return Found {
                    timestamp: record.timestamp,
                    offset: record.offset,
                    leader_epoch: stored.header.partition_leader_epoch,
                };
            }
        }
    }
    Found::NOTHING
}
