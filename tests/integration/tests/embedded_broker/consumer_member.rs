//! A member of a group of KIP-848, one request at a time.

use libkafka_protocol::messages::consumer_group_heartbeat::request::TopicPartitions;
use libkafka_protocol::messages::offset_commit::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use libkafka_protocol::messages::{
    ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, FindCoordinatorRequest,
    OffsetCommitRequest,
};
use libkafka_protocol::{ErrorCode, Response, Uuid};

use crate::cluster::Cluster;
use crate::wire::Wire;
use libkafka_integration::until;

/// A member, one heartbeat at a time.
pub(crate) struct Member {
    id: &'static str,
    pub(crate) epoch: i32,
    pub(crate) owned: Vec<i32>,
}

/// A connection, when the cluster can coordinate the group.
pub(crate) fn coordinated(cluster: &Cluster, group: &str) -> Wire {
    let mut wire = cluster.wire();
    let request = FindCoordinatorRequest {
        coordinator_keys: vec![group.into()],
        ..Default::default()
    };
    until(|| wire.call(4, &request).first_error().is_none().then_some(()));
    wire
}

/// Real Kafka takes a moment to load a coordinator.
pub(crate) fn call(
    wire: &mut Wire,
    request: &ConsumerGroupHeartbeatRequest,
) -> ConsumerGroupHeartbeatResponse {
    until(|| {
        let response = wire.call(1, request);
        let loads = [
            ErrorCode::COORDINATOR_LOAD_IN_PROGRESS,
            ErrorCode::COORDINATOR_NOT_AVAILABLE,
            ErrorCode::NOT_COORDINATOR,
        ];
        (!loads.contains(&response.error_code)).then_some(response)
    })
}

/// What a member joins by.
pub(crate) fn join(group: &str, member: &str, topic: &str) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest {
        group_id: group.into(),
        member_id: member.into(),
        rebalance_timeout_ms: 60_000,
        subscribed_topic_names: Some(vec![topic.into()]),
        topic_partitions: Some(Vec::new()),
        ..Default::default()
    }
}

/// The partitions that a member is told to read, if it is told.
pub(crate) fn told(response: &ConsumerGroupHeartbeatResponse) -> Option<Vec<i32>> {
    let assignment = response.assignment.as_ref()?;
    let topics = assignment.topic_partitions.iter();
    let mut partitions: Vec<i32> = topics.flat_map(|t| t.partitions.clone()).collect();
    partitions.sort_unstable();
    Some(partitions)
}

impl Member {
    pub(crate) fn new(id: &'static str) -> Self {
        Self {
            id,
            epoch: 0,
            owned: Vec::new(),
        }
    }

    pub(crate) fn join(&mut self, wire: &mut Wire, group: &str, topic: &str) {
        let response = call(wire, &join(group, self.id, topic));
        self.hear(&response);
    }

    /// Says what it has, and does at once as it is told.
    pub(crate) fn beat(&mut self, wire: &mut Wire, group: &str, topic_id: Uuid) {
        let request = ConsumerGroupHeartbeatRequest {
            group_id: group.into(),
            member_id: self.id.into(),
            member_epoch: self.epoch,
            topic_partitions: Some(vec![TopicPartitions {
                topic_id,
                partitions: self.owned.clone(),
                ..Default::default()
            }]),
            ..Default::default()
        };
        let response = call(wire, &request);
        self.hear(&response);
    }

    pub(crate) fn hear(&mut self, response: &ConsumerGroupHeartbeatResponse) {
        assert_eq!(response.error_code, ErrorCode::NONE, "{response:?}");
        assert_eq!(response.member_id.as_deref(), Some(self.id));
        assert_eq!(response.heartbeat_interval_ms, 5000);
        self.epoch = response.member_epoch;
        if let Some(partitions) = told(response) {
            self.owned = partitions;
        }
    }
}

/// What a member leaves by.
pub(crate) fn leave(
    group: &str,
    member: &str,
    member_epoch: i32,
    instance: Option<&str>,
) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest {
        group_id: group.into(),
        member_id: member.into(),
        member_epoch,
        instance_id: instance.map(str::to_owned),
        ..Default::default()
    }
}

/// Commits an offset for partition 0 of the topic that is named as the group.
pub(crate) fn commit(wire: &mut Wire, group: &str, who: (&str, i32), offset: i64) -> ErrorCode {
    let request = commit_request(group, who, offset);
    wire.call(9, &request).topics[0].partitions[0].error_code
}

/// The request for that.
pub(crate) fn commit_request(group: &str, who: (&str, i32), offset: i64) -> OffsetCommitRequest {
    OffsetCommitRequest {
        group_id: group.into(),
        member_id: who.0.into(),
        generation_id_or_member_epoch: who.1,
        topics: vec![OffsetCommitRequestTopic {
            name: group.into(),
            partitions: vec![OffsetCommitRequestPartition {
                committed_offset: offset,
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    }
}
