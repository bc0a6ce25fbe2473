//! AlterPartitionReassignments: moves partitions to other nodes (KIP-455).
//!
//! Versions 0 to 1.
//!
//! Unlike Kafka: there is nothing to copy, so a move is over at once if all its target nodes are
//! running. `timeout_ms` is ignored.

use libkafka_protocol::messages::alter_partition_reassignments::{
    ReassignablePartition, ReassignablePartitionResponse, ReassignableTopicResponse,
};
use libkafka_protocol::messages::{
    AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse,
};
use libkafka_protocol::{ErrorCode, Uuid};

use super::call::{Answer, Call};
use super::handler::Api;
use super::topic_admin::check_replicas;
use crate::fault::Targets;
use crate::state::State;

/// The approximate size of the result for a partition in memory, including its message.
const RESULT: usize = size_of::<ReassignablePartitionResponse>() + 96;

type Refusal = (ErrorCode, Option<String>);

impl Api for AlterPartitionReassignmentsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<AlterPartitionReassignmentsResponse> {
        if self.topics.is_empty() {
            // As Kafka has it: the answer without a word in it.
            return Ok(Some(AlterPartitionReassignmentsResponse::default()));
        }
        let mut state = call.lock();
        for topic in &self.topics {
            call.grow(topic.name.len() + topic.partitions.len() * (RESULT + topic.name.len()))?;
        }
        let running = state.running_ids();
        let responses = self.topics.iter().map(|topic| ReassignableTopicResponse {
            name: topic.name.clone(),
            partitions: topic
                .partitions
                .iter()
                .map(|asked| {
                    let change = self.allow_replication_factor_change;
                    let altered = alter(&topic.name, asked, change, &running, call, &mut state);
                    let (error_code, error_message) = altered.err().unwrap_or_default();
                    ReassignablePartitionResponse {
                        partition_index: asked.partition_index,
                        error_code,
                        error_message,
                        ..Default::default()
                    }
                })
                .collect(),
            ..Default::default()
        });
        let responses = responses.collect();
        state.mark_changed();
        Ok(Some(AlterPartitionReassignmentsResponse {
            allow_replication_factor_change: self.allow_replication_factor_change,
            error_message: None,
            responses,
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

fn alter(
    topic: &str,
    asked: &ReassignablePartition,
    allow_replication_factor_change: bool,
    running: &[i32],
    call: &Call<'_>,
    state: &mut State,
) -> Result<(), Refusal> {
    let index = asked.partition_index;
    if let Some(code) = call.strikes.error(topic, Some(index)) {
        return Err((code, None));
    }
    let unknown = |why| (ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, Some(why));
    let found = state.topics.get_mut(topic);
    let found = found.ok_or_else(|| unknown(format!("Unable to find a topic named {topic}.")))?;
    let unclean = found.configs.topic("unclean.leader.election.enable").trim() == "true";
    let partition = found.partition_mut(index);
    let partition =
        partition.ok_or_else(|| unknown(format!("Unable to find partition {topic}:{index}.")))?;
    let Some(replicas) = &asked.replicas else {
        let cancelled = partition.cancel_reassignment(running, unclean);
        return cancelled.map_err(|code| match code {
            ErrorCode::INVALID_REPLICA_ASSIGNMENT => {
                let why = format!(
                    "Unable to revert partition assignment for {topic}:{index} because it would require an unclean leader election."
                );
                (code, Some(why))
            }
            code => (code, None),
        });
    };
    check_replicas(replicas, &state.nodes)
        .map_err(|why| (ErrorCode::INVALID_REPLICA_ASSIGNMENT, Some(why)))?;
    let now = partition.replication_factor();
    if !allow_replication_factor_change && now != replicas.len() {
        let why = format!(
            "The replication factor is changed from {now} to {}",
            replicas.len()
        );
        return Err((ErrorCode::INVALID_REPLICATION_FACTOR, Some(why)));
    }
    partition.reassign(replicas, running);
    Ok(())
}
