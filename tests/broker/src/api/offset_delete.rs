//! OffsetDelete: deletes offsets of a group (KIP-496).
//!
//! Version 0.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::offset_delete::{
    OffsetDeleteResponsePartition, OffsetDeleteResponseTopic,
};
use libkafka_protocol::messages::{OffsetDeleteRequest, OffsetDeleteResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;

impl Api for OffsetDeleteRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<OffsetDeleteResponse> {
        let mut state = call.lock();
        if let Err(code) = state.check_coordinator(call.node(), &self.group_id) {
            return Ok(self.refuse(code));
        }
        if self.group_id.is_empty() {
            return Ok(self.refuse(ErrorCode::INVALID_GROUP_ID));
        }
        if !state.groups.contains_key(&self.group_id) {
            return Ok(self.refuse(ErrorCode::GROUP_ID_NOT_FOUND));
        }
        let group = &state.groups[&self.group_id];
        if group.state_name() != "Empty" && group.protocol_type() != "consumer" {
            return Ok(self.refuse(ErrorCode::NON_EMPTY_GROUP));
        }
        let topics = self.topics.iter().map(|topic| {
            let partitions = topic.partitions.iter().map(|asked| {
                let index = asked.partition_index;
                let known = state.partition(&topic.name, index).is_some();
                let group = state.groups.get_mut(&self.group_id);
                let error_code = match (call.strikes.error(&topic.name, Some(index)), group) {
                    (Some(code), _) => code,
                    _ if !known => ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
                    (_, Some(group)) if group.is_subscribed_to(&topic.name) => {
                        ErrorCode::GROUP_SUBSCRIBED_TO_TOPIC
                    }
                    (_, Some(group)) => {
                        group.offsets.remove(&topic.name, index);
                        ErrorCode::NONE
                    }
                    _ => ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
                };
                OffsetDeleteResponsePartition {
                    partition_index: index,
                    error_code,
                }
            });
            OffsetDeleteResponseTopic {
                name: topic.name.clone(),
                partitions: partitions.collect(),
            }
        });
        let topics = topics.collect();
        Ok(Some(OffsetDeleteResponse {
            topics,
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.groups([&self.group_id]);
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<OffsetDeleteResponse> {
        Some(OffsetDeleteResponse {
            error_code,
            ..Default::default()
        })
    }
}
