//! Panics for a node or a partition that does not exist.

use crate::shared::Locked;
use crate::state::Partition;

#[track_caller]
pub(super) fn partition_of<'a>(
    state: &'a mut Locked<'_>,
    topic: &str,
    partition: i32,
) -> &'a mut Partition {
    match state.partition_mut(topic, partition) {
        Some(partition) => partition,
        None => panic!("there is no partition {partition} of topic {topic}"),
    }
}

#[track_caller]
pub(super) fn check_node(state: &Locked<'_>, node: i32) {
    assert!(state.nodes.contains_key(&node), "there is no node {node}");
}
