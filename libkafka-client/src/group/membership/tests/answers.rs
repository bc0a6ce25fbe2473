//! What a coordinator answers, and what a member's requests say.

use bytes::Bytes;
use libkafka_protocol::messages::consumer_group_heartbeat::response::{
    Assignment, TopicPartitions,
};
use libkafka_protocol::messages::join_group::JoinGroupResponseMember;
use libkafka_protocol::messages::{
    ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, ConsumerProtocolSubscription,
    JoinGroupRequest, JoinGroupResponse, SyncGroupResponse,
};
use libkafka_protocol::{ErrorCode, Uuid};

use super::driver::ORDERS;
use crate::group::assignor::{CooperativeSticky, Range, assignment_to_wire};
use crate::group::membership::{Claim, ClassicOptions};

/// What a member says of itself.
pub(super) fn subscription_of(request: &JoinGroupRequest) -> ConsumerProtocolSubscription {
    ConsumerProtocolSubscription::from_bytes(&request.protocols[0].metadata).unwrap()
}

/// The partitions that it says it owns.
pub(super) fn owned_of(request: &JoinGroupRequest) -> Vec<i32> {
    let subscription = subscription_of(request);
    let owned = subscription.owned_partitions.into_iter();
    owned.flat_map(|topic| topic.partitions).collect()
}

pub(super) fn eager() -> ClassicOptions {
    ClassicOptions::default().assignor(Range)
}

pub(super) fn cooperative() -> ClassicOptions {
    ClassicOptions::default().assignor(CooperativeSticky)
}

pub(super) fn partitions(claims: &[Claim]) -> Vec<i32> {
    claims
        .iter()
        .map(|claim| claim.partition().partition)
        .collect()
}

/// An answer of KIP-848 that changes no partitions.
pub(super) fn in_epoch(member_epoch: i32) -> ConsumerGroupHeartbeatResponse {
    ConsumerGroupHeartbeatResponse {
        member_epoch,
        heartbeat_interval_ms: 5_000,
        ..Default::default()
    }
}

/// An answer of KIP-848 with these partitions of `orders`.
pub(super) fn assigned(epoch: i32, partitions: &[i32]) -> ConsumerGroupHeartbeatResponse {
    assigned_of(epoch, ORDERS, partitions)
}

pub(super) fn assigned_of(
    epoch: i32,
    topic_id: Uuid,
    partitions: &[i32],
) -> ConsumerGroupHeartbeatResponse {
    let topics = [TopicPartitions {
        topic_id,
        partitions: partitions.to_vec(),
        ..Default::default()
    }];
    ConsumerGroupHeartbeatResponse {
        assignment: Some(Assignment {
            topic_partitions: topics
                .into_iter()
                .filter(|t| !t.partitions.is_empty())
                .collect(),
            ..Default::default()
        }),
        ..in_epoch(epoch)
    }
}

/// The partitions of `orders` that a heartbeat of KIP-848 says are owned, if it says any.
pub(super) fn said(request: &ConsumerGroupHeartbeatRequest) -> Option<Vec<i32>> {
    let topics = request.topic_partitions.as_ref()?;
    assert!(topics.iter().all(|topic| topic.topic_id == ORDERS));
    Some(
        topics
            .iter()
            .flat_map(|topic| topic.partitions.clone())
            .collect(),
    )
}

/// Member `c-1` is in, and `c-0` leads.
pub(super) fn joined(generation_id: i32, protocol: &str) -> JoinGroupResponse {
    JoinGroupResponse {
        generation_id,
        protocol_name: Some(protocol.to_owned()),
        leader: "c-0".to_owned(),
        member_id: "c-1".to_owned(),
        ..Default::default()
    }
}

/// Member `c-1` is in and leads, with these members.
pub(super) fn leading(
    generation_id: i32,
    protocol: &str,
    members: &[(&str, &Bytes)],
) -> JoinGroupResponse {
    let members = members
        .iter()
        .map(|(id, metadata)| JoinGroupResponseMember {
            member_id: (*id).to_owned(),
            metadata: (*metadata).clone(),
            ..Default::default()
        });
    JoinGroupResponse {
        leader: "c-1".to_owned(),
        members: members.collect(),
        ..joined(generation_id, protocol)
    }
}

pub(super) fn join_refused(error_code: ErrorCode) -> JoinGroupResponse {
    JoinGroupResponse {
        error_code,
        member_id: "c-1".to_owned(),
        ..Default::default()
    }
}

/// The member gets these partitions of `orders`.
pub(super) fn synced(partitions: &[i32]) -> SyncGroupResponse {
    let partitions: Vec<_> = partitions.iter().map(|p| ("orders", *p)).collect();
    SyncGroupResponse {
        assignment: assignment_to_wire(&partitions).to_bytes(3).unwrap(),
        ..Default::default()
    }
}

pub(super) fn sync_refused(error_code: ErrorCode) -> SyncGroupResponse {
    SyncGroupResponse {
        error_code,
        ..Default::default()
    }
}
