//! DeleteRecords: moves the start of partitions' logs forward.
//!
//! Versions 0 to 2.
//!
//! Unlike Kafka: other replicas have nothing left to delete, so `timeout_ms` is ignored.

use libkafka_protocol::messages::delete_records::{
    DeleteRecordsPartition, DeleteRecordsPartitionResult, DeleteRecordsTopicResult,
};
use libkafka_protocol::messages::{DeleteRecordsRequest, DeleteRecordsResponse};
use libkafka_protocol::{ErrorCode, Uuid};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{State, is_internal};

/// The offset that means the high watermark.
const HIGH_WATERMARK: i64 = -1;

impl Api for DeleteRecordsRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<DeleteRecordsResponse> {
        let mut state = call.lock();
        let topics = self.topics.iter().map(|topic| {
            let partitions = topic.partitions.iter().map(|asked| {
                let deleted = delete(&topic.name, asked, call, &mut state);
                DeleteRecordsPartitionResult {
                    partition_index: asked.partition_index,
                    low_watermark: deleted.unwrap_or(-1),
                    error_code: deleted.err().unwrap_or(ErrorCode::NONE),
                    ..Default::default()
                }
            });
            DeleteRecordsTopicResult {
                name: topic.name.clone(),
                partitions: partitions.collect(),
                ..Default::default()
            }
        });
        let topics = topics.collect();
        Ok(Some(DeleteRecordsResponse {
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

/// Deletes records and returns the first offset that is left.
fn delete(
    topic: &str,
    asked: &DeleteRecordsPartition,
    call: &Call<'_>,
    state: &mut State,
) -> Result<i64, ErrorCode> {
    let index = asked.partition_index;
    if let Some(code) = call.strikes.error(topic, Some(index)) {
        return Err(code);
    }
    if is_internal(topic) {
        return Err(ErrorCode::INVALID_TOPIC_EXCEPTION);
    }
    let partition = state.led_by(call.node(), topic, index)?;
    let high_watermark = partition.high_watermark();
    let policy = state.topics[topic].configs.topic("cleanup.policy");
    if !policy.contains("delete") {
        return Err(ErrorCode::POLICY_VIOLATION);
    }
    let offset = match asked.offset {
        HIGH_WATERMARK => high_watermark,
        offset if (0..=high_watermark).contains(&offset) => offset,
        _ => return Err(ErrorCode::OFFSET_OUT_OF_RANGE),
    };
    let partition = state
        .partition_mut(topic, index)
        .ok_or(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION)?;
    partition.delete_before(offset);
    let start = partition.log.start_offset();
    state.mark_changed();
    Ok(start)
}
