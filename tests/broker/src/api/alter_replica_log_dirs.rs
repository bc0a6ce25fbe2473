//! AlterReplicaLogDirs: moves replicas to other log directories of a node (KIP-113).
//!
//! Versions 1 to 2.
//!
//! Unlike Kafka: a replica is in its new directory at once.

use std::collections::BTreeMap;

use libkafka_protocol::messages::alter_replica_log_dirs::{
    AlterReplicaLogDirPartitionResult, AlterReplicaLogDirTopicResult,
};
use libkafka_protocol::messages::{AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse};
use libkafka_protocol::{ErrorCode, Uuid};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::State;

impl Api for AlterReplicaLogDirsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<AlterReplicaLogDirsResponse> {
        // Of a partition that is named more than once, the last time counts.
        let mut moves: BTreeMap<&str, BTreeMap<i32, &str>> = BTreeMap::new();
        for dir in &self.dirs {
            // There is no result for a topic without partitions.
            for topic in dir.topics.iter().filter(|t| !t.partitions.is_empty()) {
                call.grow(topic.name.len() + size_of::<AlterReplicaLogDirTopicResult>())?;
                call.grow(topic.partitions.len() * size_of::<AlterReplicaLogDirPartitionResult>())?;
                let partitions = topic.partitions.iter().map(|index| (*index, &*dir.path));
                moves.entry(&topic.name).or_default().extend(partitions);
            }
        }
        let mut state = call.lock();
        let dirs = state.log_dirs();
        let results = moves.iter().map(|(topic, partitions)| {
            let partitions = partitions.iter().map(|(index, path)| {
                let dir = dirs.iter().position(|dir| dir == path);
                let moved = move_to(dir, topic, *index, call, &mut state);
                AlterReplicaLogDirPartitionResult {
                    partition_index: *index,
                    error_code: moved.err().unwrap_or(ErrorCode::NONE),
                    ..Default::default()
                }
            });
            AlterReplicaLogDirTopicResult {
                topic_name: (*topic).to_owned(),
                partitions: partitions.collect(),
                ..Default::default()
            }
        });
        Ok(Some(AlterReplicaLogDirsResponse {
            results: results.collect(),
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        for topic in self.dirs.iter().flat_map(|dir| &dir.topics) {
            let partitions = topic.partitions.iter().copied();
            targets.partitions(&topic.name, Uuid::ZERO, partitions);
        }
    }
}

/// Moves a replica to the directory with this number, if there is one.
fn move_to(
    dir: Option<usize>,
    topic: &str,
    index: i32,
    call: &Call<'_>,
    state: &mut State,
) -> Result<(), ErrorCode> {
    if let Some(code) = call.strikes.error(topic, Some(index)) {
        return Err(code);
    }
    let dir = dir.ok_or(ErrorCode::LOG_DIR_NOT_FOUND)?;
    let partition = state
        .partition_mut(topic, index)
        .ok_or(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION)?;
    let node = call.node();
    if !partition.replicas.contains(&node) {
        return Err(ErrorCode::REPLICA_NOT_AVAILABLE);
    }
    if dir == 0 {
        partition.log_dirs.remove(&node);
    } else {
        partition.log_dirs.insert(node, dir);
    }
    Ok(())
}
