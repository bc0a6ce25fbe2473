//! ListPartitionReassignments: the partitions that are moving to other nodes (KIP-455).
//!
//! Version 0.

use libkafka_protocol::Uuid;
use libkafka_protocol::messages::list_partition_reassignments::{
    OngoingPartitionReassignment, OngoingTopicReassignment,
};
use libkafka_protocol::messages::{
    ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse,
};

use super::call::{Answer, Call, Hangup};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::Partition;

impl Api for ListPartitionReassignmentsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<ListPartitionReassignmentsResponse> {
        let state = call.lock();
        let mut topics = Vec::new();
        let mut add = |name: &str, partitions: Vec<OngoingPartitionReassignment>| {
            if !partitions.is_empty() {
                topics.push(OngoingTopicReassignment {
                    name: name.to_owned(),
                    partitions,
                    ..Default::default()
                });
            }
        };
        match &self.topics {
            None => {
                for (name, topic) in &state.topics {
                    let all = (0..).zip(&topic.partitions);
                    add(name, ongoing(all, call)?);
                }
            }
            Some(asked) => {
                for asked in asked {
                    let Some(topic) = state.topics.get(&asked.name) else {
                        continue;
                    };
                    let named = asked.partition_indexes.iter();
                    let named = named.filter_map(|index| Some((*index, topic.partition(*index)?)));
                    add(&asked.name, ongoing(named, call)?);
                }
            }
        }
        Ok(Some(ListPartitionReassignmentsResponse {
            error_message: None,
            topics,
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        for topic in self.topics.iter().flatten() {
            let partitions = topic.partition_indexes.iter().copied();
            targets.partitions(&topic.name, Uuid::ZERO, partitions);
        }
    }
}

/// The partitions that are moving.
fn ongoing<'a>(
    partitions: impl Iterator<Item = (i32, &'a Partition)>,
    call: &Call<'_>,
) -> Result<Vec<OngoingPartitionReassignment>, Hangup> {
    let mut ongoing = Vec::new();
    for (partition_index, partition) in partitions {
        let reassignment = &partition.reassignment;
        if !reassignment.is_under_way() {
            continue;
        }
        call.grow(size_of::<OngoingPartitionReassignment>() + 8 * partition.replicas.len())?;
        ongoing.push(OngoingPartitionReassignment {
            partition_index,
            replicas: partition.replicas.iter().copied().collect(),
            adding_replicas: reassignment.adding.iter().copied().collect(),
            removing_replicas: reassignment.removing.iter().copied().collect(),
            ..Default::default()
        });
    }
    Ok(ongoing)
}
