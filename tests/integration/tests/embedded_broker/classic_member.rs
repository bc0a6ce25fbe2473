//! A consumer of the classic protocol, one request at a time.

use bytes::Bytes;
use libkafka_protocol::messages::consumer_protocol_assignment::TopicPartition;
use libkafka_protocol::messages::consumer_protocol_subscription::TopicPartition as OwnedPartition;
use libkafka_protocol::messages::join_group::JoinGroupRequestProtocol;
use libkafka_protocol::messages::sync_group::SyncGroupRequestAssignment;
use libkafka_protocol::messages::{
    ConsumerProtocolAssignment, ConsumerProtocolSubscription, HeartbeatRequest, JoinGroupRequest,
    JoinGroupResponse, SyncGroupRequest, SyncGroupResponse,
};
use libkafka_protocol::{ErrorCode, KafkaWire};

use crate::wire::Wire;
use libkafka_integration::until;

/// A member of the classic protocol, which says what it has, as cooperative consumers do.
pub(crate) struct Classic {
    group: &'static str,
    pub(crate) id: String,
    instance: Option<&'static str>,
    pub(crate) generation: i32,
    pub(crate) owned: Vec<i32>,
}

impl Classic {
    pub(crate) fn new(group: &'static str) -> Self {
        Self {
            group,
            id: String::new(),
            instance: None,
            generation: 0,
            owned: Vec::new(),
        }
    }

    /// The one member of a group that is stable, and reads all four partitions of the topic of
    /// the same name.
    pub(crate) fn alone(
        wire: &mut Wire,
        group: &'static str,
        instance: Option<&'static str>,
    ) -> Self {
        let mut member = Self::new(group);
        member.instance = instance;
        let mut joined = member.join(wire);
        if joined.error_code == ErrorCode::MEMBER_ID_REQUIRED {
            joined = member.join(wire);
        }
        assert_eq!(
            (joined.error_code, &joined.leader),
            (ErrorCode::NONE, &member.id)
        );
        member.assign(wire, &[0, 1, 2, 3]);
        member
    }

    pub(crate) fn request(&self) -> JoinGroupRequest {
        let subscription = ConsumerProtocolSubscription {
            topics: vec![self.group.into()],
            owned_partitions: vec![OwnedPartition {
                topic: self.group.into(),
                partitions: self.owned.clone(),
            }],
            ..Default::default()
        };
        JoinGroupRequest {
            group_id: self.group.into(),
            session_timeout_ms: 10_000,
            rebalance_timeout_ms: 20_000,
            member_id: self.id.clone(),
            group_instance_id: self.instance.map(str::to_owned),
            protocol_type: "consumer".into(),
            protocols: vec![JoinGroupRequestProtocol {
                name: "cooperative-sticky".into(),
                metadata: versioned(3, &subscription),
                ..Default::default()
            }],
            ..Default::default()
        }
    }

    /// Joins, and takes over the id and the generation that it is given.
    pub(crate) fn join(&mut self, wire: &mut Wire) -> JoinGroupResponse {
        let joined = until(|| {
            let joined = wire.call(9, &self.request());
            let loads = [
                ErrorCode::COORDINATOR_LOAD_IN_PROGRESS,
                ErrorCode::NOT_COORDINATOR,
            ];
            (!loads.contains(&joined.error_code)).then_some(joined)
        });
        self.id.clone_from(&joined.member_id);
        self.generation = joined.generation_id;
        joined
    }

    pub(crate) fn sync_request(&self) -> SyncGroupRequest {
        SyncGroupRequest {
            group_id: self.group.into(),
            generation_id: self.generation,
            member_id: self.id.clone(),
            group_instance_id: self.instance.map(str::to_owned),
            protocol_type: Some("consumer".into()),
            protocol_name: Some("cooperative-sticky".into()),
            ..Default::default()
        }
    }

    /// Hears what it is to read.
    pub(crate) fn sync(&mut self, wire: &mut Wire) -> ErrorCode {
        let synced = wire.call(5, &self.sync_request());
        self.hear(&synced)
    }

    /// As the leader, says that it is to read these partitions.
    pub(crate) fn assign(&mut self, wire: &mut Wire, partitions: &[i32]) {
        let mut request = self.sync_request();
        request.assignments = vec![SyncGroupRequestAssignment {
            member_id: self.id.clone(),
            assignment: versioned(3, &assignment(self.group, partitions, None)),
            ..Default::default()
        }];
        let synced = wire.call(5, &request);
        assert_eq!(self.hear(&synced), ErrorCode::NONE);
    }

    fn hear(&mut self, synced: &SyncGroupResponse) -> ErrorCode {
        if synced.error_code.is_ok() {
            // Its own version comes first.
            assert_eq!(synced.assignment[..2], [0, 3]);
            let told = ConsumerProtocolAssignment::decode(3, &synced.assignment[2..]);
            let told = told.unwrap().0.assigned_partitions;
            self.owned = told
                .into_iter()
                .flat_map(|topic| topic.partitions)
                .collect();
            self.owned.sort_unstable();
        }
        synced.error_code
    }

    pub(crate) fn heartbeat(&self, wire: &mut Wire) -> ErrorCode {
        let request = HeartbeatRequest {
            group_id: self.group.into(),
            generation_id: self.generation,
            member_id: self.id.clone(),
            group_instance_id: self.instance.map(str::to_owned),
            ..Default::default()
        };
        wire.call(4, &request).error_code
    }

    /// Joins and syncs until all is well, as a consumer would.
    pub(crate) fn settle(&mut self, wire: &mut Wire) {
        until(|| {
            if self.heartbeat(wire) == ErrorCode::NONE {
                return Some(());
            }
            assert_eq!(self.join(wire).error_code, ErrorCode::NONE);
            self.sync(wire);
            None
        });
    }
}

/// As consumers write it, with the version in front.
pub(crate) fn versioned(version: i16, message: &impl KafkaWire) -> Bytes {
    let mut bytes = version.to_be_bytes().to_vec();
    message.encode(version, &mut bytes).unwrap();
    bytes.into()
}

/// Of one topic what a consumer is to read.
pub(crate) fn assignment(
    topic: &str,
    partitions: &[i32],
    user_data: Option<Bytes>,
) -> ConsumerProtocolAssignment {
    ConsumerProtocolAssignment {
        assigned_partitions: vec![TopicPartition {
            topic: topic.into(),
            partitions: partitions.to_vec(),
        }],
        user_data,
    }
}
