//! Groups, as strangers meet them.

use libkafka_protocol::messages::join_group::JoinGroupRequestProtocol;
use libkafka_protocol::messages::leave_group::MemberIdentity;
use libkafka_protocol::messages::offset_commit::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use libkafka_protocol::messages::offset_delete::{
    OffsetDeleteRequestPartition, OffsetDeleteRequestTopic,
};
use libkafka_protocol::messages::offset_fetch::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopic, OffsetFetchRequestTopics,
};
use libkafka_protocol::messages::{
    DeleteGroupsRequest, DescribeGroupsRequest, FindCoordinatorRequest, HeartbeatRequest,
    JoinGroupRequest, LeaveGroupRequest, OffsetCommitRequest, OffsetDeleteRequest,
    OffsetFetchRequest, SyncGroupRequest,
};
use libkafka_testkafka::require;

use super::both::{Both, named};

#[test]
fn groups_answer_strangers_in_the_same_words() {
    require!();
    let (mut both, _ours) = Both::start("same-groups");
    for group in ["nobodys", ""] {
        for (member, session_timeout_ms, protocol) in [
            ("stranger", 10_000, "range"),
            ("", 1, "range"),
            ("", 10_000, ""),
        ] {
            both.ask(|_, _| JoinGroupRequest {
                group_id: group.into(),
                session_timeout_ms,
                rebalance_timeout_ms: 10_000,
                member_id: member.into(),
                protocol_type: "consumer".into(),
                protocols: [protocol]
                    .iter()
                    .filter(|name| !name.is_empty())
                    .map(|name| JoinGroupRequestProtocol {
                        name: (*name).into(),
                        ..Default::default()
                    })
                    .collect(),
                ..Default::default()
            });
        }
        both.ask(|_, _| SyncGroupRequest {
            group_id: group.into(),
            generation_id: 1,
            member_id: "stranger".into(),
            protocol_type: Some("consumer".into()),
            protocol_name: Some("range".into()),
            ..Default::default()
        });
        both.ask(|_, _| HeartbeatRequest {
            group_id: group.into(),
            generation_id: 1,
            member_id: "stranger".into(),
            ..Default::default()
        });
        both.ask(|version, _| {
            let mut request = LeaveGroupRequest {
                group_id: group.into(),
                ..Default::default()
            };
            if version < 3 {
                request.member_id = "stranger".into();
            } else {
                request.members = vec![
                    MemberIdentity {
                        member_id: "stranger".into(),
                        ..Default::default()
                    },
                    MemberIdentity {
                        group_instance_id: Some("nobody".into()),
                        ..Default::default()
                    },
                ];
            }
            request
        });
        both.ask(|version, id| {
            let (name, topic_id) = named(version, 10, "same-groups", id);
            OffsetCommitRequest {
                group_id: group.into(),
                generation_id_or_member_epoch: 3,
                member_id: "stranger".into(),
                topics: vec![OffsetCommitRequestTopic {
                    name,
                    topic_id,
                    partitions: vec![OffsetCommitRequestPartition::default()],
                    ..Default::default()
                }],
                ..Default::default()
            }
        });
        both.ask(|version, id| {
            let mut request = OffsetFetchRequest::default();
            if version < 8 {
                request.group_id = group.into();
                request.topics = Some(vec![OffsetFetchRequestTopic {
                    name: "same-groups".into(),
                    partition_indexes: vec![0, 9],
                    ..Default::default()
                }]);
            } else {
                let (name, topic_id) = named(version, 10, "same-groups", id);
                request.topics = Some(Vec::new());
                request.groups = vec![OffsetFetchRequestGroup {
                    group_id: group.into(),
                    topics: Some(vec![OffsetFetchRequestTopics {
                        name,
                        topic_id,
                        partition_indexes: vec![0, 9],
                        ..Default::default()
                    }]),
                    ..Default::default()
                }];
            }
            request
        });
        both.ask(|_, _| DescribeGroupsRequest {
            groups: vec![group.into()],
            ..Default::default()
        });
        both.ask(|_, _| DeleteGroupsRequest {
            groups_names: vec![group.into()],
            ..Default::default()
        });
        both.ask(|_, _| OffsetDeleteRequest {
            group_id: group.into(),
            topics: vec![OffsetDeleteRequestTopic {
                name: "same-groups".into(),
                partitions: vec![OffsetDeleteRequestPartition::default()],
            }],
        });
    }
    both.ask_up_to(
        6,
        |version, _| {
            let mut request = FindCoordinatorRequest::default();
            if version >= 1 {
                request.key_type = 7;
            }
            if version < 4 {
                request.key = "any".into();
            } else {
                request.coordinator_keys = vec!["any".into()];
            }
            request
        },
        |response| {
            // Version 0 knows of groups alone, and where their coordinators are differs.
            if response.error_code.is_ok() && response.coordinators.is_empty() {
                (response.port, response.host) = (0, String::new());
            }
        },
    );
}
