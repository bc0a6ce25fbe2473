//! OffsetForLeaderEpoch: finds where a leader epoch ends (KIP-101, KIP-320).
//!
//! Versions 2 to 4.

use libkafka_protocol::messages::offset_for_leader_epoch::{
    EpochEndOffset, OffsetForLeaderPartition, OffsetForLeaderTopicResult,
};
use libkafka_protocol::messages::{OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse};
use libkafka_protocol::{ErrorCode, Uuid};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::State;

impl Api for OffsetForLeaderEpochRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<OffsetForLeaderEpochResponse> {
        let state = call.lock();
        let topics = self.topics.iter().map(|topic| {
            let partitions = topic.partitions.iter().map(|asked| {
                let end = end(&topic.topic, asked, call, &state);
                let (leader_epoch, end_offset) = end.unwrap_or((-1, -1));
                EpochEndOffset {
                    error_code: end.err().unwrap_or(ErrorCode::NONE),
                    partition: asked.partition,
                    leader_epoch,
                    end_offset,
                    ..Default::default()
                }
            });
            OffsetForLeaderTopicResult {
                topic: topic.topic.clone(),
                partitions: partitions.collect(),
                ..Default::default()
            }
        });
        Ok(Some(OffsetForLeaderEpochResponse {
            topics: topics.collect(),
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        for topic in &self.topics {
            let partitions = topic.partitions.iter().map(|p| p.partition);
            targets.partitions(&topic.topic, Uuid::ZERO, partitions);
        }
    }
}

fn end(
    topic: &str,
    asked: &OffsetForLeaderPartition,
    call: &Call<'_>,
    state: &State,
) -> Result<(i32, i64), ErrorCode> {
    if let Some(code) = call.strikes.error(topic, Some(asked.partition)) {
        return Err(code);
    }
    let partition = state.led_by(call.node(), topic, asked.partition)?;
    partition.check_epoch(asked.current_leader_epoch)?;
    Ok(partition.epoch_end(asked.leader_epoch).unwrap_or((-1, -1)))
}
