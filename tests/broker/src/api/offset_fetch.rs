//! OffsetFetch: returns how far groups have read.
//!
//! Versions 1 to 10.

use libkafka_protocol::messages::offset_fetch::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopics, OffsetFetchResponseGroup,
    OffsetFetchResponsePartition, OffsetFetchResponsePartitions, OffsetFetchResponseTopic,
    OffsetFetchResponseTopics,
};
use libkafka_protocol::messages::{OffsetFetchRequest, OffsetFetchResponse};
use libkafka_protocol::{ErrorCode, Uuid};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{Group, State, operation, resource_type};

/// The approximate size of a committed offset with its topic in a response, in bytes.
const OFFSET: usize = 256;

impl Api for OffsetFetchRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<OffsetFetchResponse> {
        let state = call.lock();
        for group in &self.groups {
            // Those that it names take memory in the request already.
            let found = state.groups.get(&group.group_id);
            let all = found.filter(|_| group.topics.is_none());
            let offsets = all.map_or(0, |group| group.offsets.len());
            call.grow(size_of::<OffsetFetchResponseGroup>() + offsets * OFFSET)?;
        }
        if call.version >= 8 {
            let groups = self.groups.iter();
            return Ok(Some(OffsetFetchResponse {
                groups: groups
                    .map(|group| fetch(group, self.require_stable, call, &state))
                    .collect(),
                ..Default::default()
            }));
        }
        let topics = self.topics.as_ref().map(|topics| {
            let topics = topics.iter().map(|topic| OffsetFetchRequestTopics {
                name: topic.name.clone(),
                partition_indexes: topic.partition_indexes.clone(),
                ..Default::default()
            });
            topics.collect()
        });
        let group = OffsetFetchRequestGroup {
            group_id: self.group_id,
            topics,
            ..Default::default()
        };
        let found = fetch(&group, self.require_stable, call, &state);
        Ok(Some(OffsetFetchResponse {
            topics: found.topics.into_iter().map(before_8).collect(),
            error_code: found.error_code,
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        if self.groups.is_empty() {
            targets.groups([&self.group_id]);
        }
        for topic in self.topics.iter().flatten() {
            let partitions = topic.partition_indexes.iter().copied();
            targets.partitions(&topic.name, Uuid::ZERO, partitions);
        }
        for group in &self.groups {
            targets.groups([&group.group_id]);
            for topic in group.topics.iter().flatten() {
                let partitions = topic.partition_indexes.iter().copied();
                targets.partitions(&topic.name, topic.topic_id, partitions);
            }
        }
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<OffsetFetchResponse> {
        let groups = self.groups.iter();
        Some(OffsetFetchResponse {
            error_code: if self.groups.is_empty() {
                error_code
            } else {
                ErrorCode::NONE
            },
            groups: groups
                .map(|group| OffsetFetchResponseGroup {
                    group_id: group.group_id.clone(),
                    error_code,
                    ..Default::default()
                })
                .collect(),
            ..Default::default()
        })
    }

    fn refuse_in(&self, version: i16, error_code: ErrorCode) -> Option<OffsetFetchResponse> {
        if version >= 2 {
            return self.refuse(error_code);
        }
        // There is a place for it with each partition only.
        let topics = self.topics.iter().flatten().map(|topic| {
            let partitions = topic.partition_indexes.iter();
            let partitions = partitions.map(|index| OffsetFetchResponsePartition {
                partition_index: *index,
                committed_offset: -1,
                error_code,
                metadata: Some(String::new()),
                ..Default::default()
            });
            OffsetFetchResponseTopic {
                name: topic.name.clone(),
                partitions: partitions.collect(),
                ..Default::default()
            }
        });
        Some(OffsetFetchResponse {
            topics: topics.collect(),
            ..Default::default()
        })
    }
}

fn fetch(
    asked: &OffsetFetchRequestGroup,
    stable: bool,
    call: &Call<'_>,
    state: &State,
) -> OffsetFetchResponseGroup {
    let group = state.groups.get(&asked.group_id);
    let refusal = state
        .check_coordinator(call.node(), &asked.group_id)
        .and_then(|()| match (group, asked.member_id.as_deref()) {
            (Some(group), Some(member)) => group.check_fetch(member, asked.member_epoch),
            _ => Ok(()),
        });
    if let Err(error_code) = refusal {
        return OffsetFetchResponseGroup {
            group_id: asked.group_id.clone(),
            error_code,
            ..Default::default()
        };
    }
    let topics = match &asked.topics {
        Some(topics) => topics.clone(),
        None => {
            let mut all = all(group, state);
            all.retain(|topic| {
                call.may(
                    state,
                    operation::DESCRIBE,
                    resource_type::TOPIC,
                    &topic.name,
                )
            });
            all
        }
    };
    OffsetFetchResponseGroup {
        group_id: asked.group_id.clone(),
        topics: topics
            .into_iter()
            .map(|topic| fetch_topic(&topic, group, (stable, call.version >= 10), call, state))
            .collect(),
        ..Default::default()
    }
}

/// Every partition for which the group has committed an offset.
fn all(group: Option<&Group>, state: &State) -> Vec<OffsetFetchRequestTopics> {
    let topics = group.map(|group| group.offsets.by_topic());
    let topics = topics.unwrap_or_default().into_iter();
    topics
        .map(|(name, partition_indexes)| OffsetFetchRequestTopics {
            name: name.to_owned(),
            topic_id: state.topics.get(name).map_or(Uuid::ZERO, |topic| topic.id),
            partition_indexes,
            ..Default::default()
        })
        .collect()
}

fn fetch_topic(
    topic: &OffsetFetchRequestTopics,
    group: Option<&Group>,
    (stable, by_id): (bool, bool),
    call: &Call<'_>,
    state: &State,
) -> OffsetFetchResponseTopics {
    let name = match by_id && topic.topic_id.is_zero() {
        true => Err(ErrorCode::UNKNOWN_TOPIC_ID),
        false => state.topic_name(&topic.name, topic.topic_id),
    };
    let name = name.and_then(|name| match call.strikes.denied.iter().any(|d| d == name) {
        true => Err(ErrorCode::TOPIC_AUTHORIZATION_FAILED),
        false => Ok(name),
    });
    let partitions = topic.partition_indexes.iter().map(|index| {
        let nothing = OffsetFetchResponsePartitions {
            partition_index: *index,
            committed_offset: -1,
            ..Default::default()
        };
        let (name, group) = match (name, group) {
            (Ok(name), Some(group)) => (name, group),
            (Err(error_code), _) => {
                return OffsetFetchResponsePartitions {
                    error_code,
                    ..nothing
                };
            }
            (_, None) => return nothing,
        };
        if stable && group.offsets.is_unstable(name, *index) {
            return OffsetFetchResponsePartitions {
                error_code: ErrorCode::UNSTABLE_OFFSET_COMMIT,
                ..nothing
            };
        }
        match group.offsets.get(name, *index) {
            Some(committed) => OffsetFetchResponsePartitions {
                committed_offset: committed.offset,
                committed_leader_epoch: committed.leader_epoch,
                metadata: Some(committed.metadata.clone()),
                ..nothing
            },
            None => nothing,
        }
    });
    OffsetFetchResponseTopics {
        partitions: partitions.collect(),
        name: topic.name.clone(),
        topic_id: topic.topic_id,
        ..Default::default()
    }
}

fn before_8(topic: OffsetFetchResponseTopics) -> OffsetFetchResponseTopic {
    let partitions = topic.partitions.into_iter();
    OffsetFetchResponseTopic {
        name: topic.name,
        partitions: partitions
            .map(|partition| OffsetFetchResponsePartition {
                partition_index: partition.partition_index,
                committed_offset: partition.committed_offset,
                committed_leader_epoch: partition.committed_leader_epoch,
                metadata: partition.metadata,
                error_code: partition.error_code,
                ..Default::default()
            })
            .collect(),
        ..Default::default()
    }
}
