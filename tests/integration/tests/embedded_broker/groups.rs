//! Classic groups.

use std::time::Duration;

use bytes::Bytes;
use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::delete_groups::DeletableGroupResult;
use libkafka_protocol::messages::join_group::JoinGroupRequestProtocol;
use libkafka_protocol::messages::leave_group::MemberIdentity;
use libkafka_protocol::messages::offset_commit::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use libkafka_protocol::messages::offset_fetch::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopics,
};
use libkafka_protocol::messages::sync_group::SyncGroupRequestAssignment;
use libkafka_protocol::messages::{
    DeleteGroupsRequest, DescribeGroupsRequest, FindCoordinatorRequest, HeartbeatRequest,
    JoinGroupRequest, JoinGroupResponse, LeaveGroupRequest, ListGroupsRequest, OffsetCommitRequest,
    OffsetFetchRequest, SyncGroupRequest, SyncGroupResponse,
};
use libkafka_testbroker::Broker;

use crate::cluster::Cluster;
use crate::on_both;
use crate::wire::Wire;
use libkafka_integration::until;

const JOIN: i16 = 9;
const SYNC: i16 = 5;

/// A connection, when the cluster can coordinate groups.
fn coordinator(cluster: &Cluster) -> Wire {
    let mut wire = cluster.wire();
    let request = FindCoordinatorRequest {
        coordinator_keys: vec!["any".into()],
        ..Default::default()
    };
    until(|| {
        wire.call(4, &request).coordinators[0]
            .error_code
            .is_ok()
            .then_some(())
    });
    let list = || ListGroupsRequest::default();
    until(|| wire.call(4, &list()).error_code.is_ok().then_some(()));
    // Each of the partitions that groups are kept in may still be loaded, and is blind to heartbeats
    // until then: the names go to all of them.
    for name in 0..30 {
        let is_loaded = |wire: &mut Wire| heartbeat(wire, &format!("no-group-{name}"), "nobody", 1);
        until(|| (is_loaded(&mut wire) == ErrorCode::UNKNOWN_MEMBER_ID).then_some(()));
    }
    wire
}

fn join_request(group: &str, member: &str, metadata: &'static str) -> JoinGroupRequest {
    JoinGroupRequest {
        group_id: group.into(),
        session_timeout_ms: 10_000,
        rebalance_timeout_ms: 20_000,
        member_id: member.into(),
        protocol_type: "consumer".into(),
        protocols: vec![JoinGroupRequestProtocol {
            name: "range".into(),
            metadata: Bytes::from_static(metadata.as_bytes()),
            ..Default::default()
        }],
        ..Default::default()
    }
}

/// Real Kafka takes a moment to make a new group's coordinator.
fn is_coordinating(code: ErrorCode) -> bool {
    !matches!(
        code,
        ErrorCode::COORDINATOR_LOAD_IN_PROGRESS | ErrorCode::NOT_COORDINATOR
    )
}

/// Gets an id.
fn id(wire: &mut Wire, group: &str) -> String {
    let response = until(|| {
        let response = wire.call(JOIN, &join_request(group, "", "m"));
        is_coordinating(response.error_code).then_some(response)
    });
    assert_eq!(response.error_code, ErrorCode::MEMBER_ID_REQUIRED);
    assert!(response.member_id.starts_with("wire-"), "{response:?}");
    response.member_id
}

fn sync_request(
    group: &str,
    joined: &JoinGroupResponse,
    assignments: &[(&str, &'static str)],
) -> SyncGroupRequest {
    let assignments = assignments
        .iter()
        .map(|(member, what)| SyncGroupRequestAssignment {
            member_id: (*member).into(),
            assignment: Bytes::from_static(what.as_bytes()),
            ..Default::default()
        });
    SyncGroupRequest {
        group_id: group.into(),
        generation_id: joined.generation_id,
        member_id: joined.member_id.clone(),
        protocol_type: Some("consumer".into()),
        protocol_name: Some("range".into()),
        assignments: assignments.collect(),
        ..Default::default()
    }
}

fn heartbeat(wire: &mut Wire, group: &str, member: &str, generation_id: i32) -> ErrorCode {
    let request = HeartbeatRequest {
        group_id: group.into(),
        generation_id,
        member_id: member.into(),
        ..Default::default()
    };
    wire.call(4, &request).error_code
}

/// A group of one that is stable.
fn one(wire: &mut Wire, group: &str) -> (JoinGroupResponse, SyncGroupResponse) {
    let member = id(wire, group);
    let joined = wire.call(JOIN, &join_request(group, &member, "m"));
    assert_eq!(joined.error_code, ErrorCode::NONE);
    let synced = wire.call(SYNC, &sync_request(group, &joined, &[(&member, "all")]));
    assert_eq!(synced.error_code, ErrorCode::NONE);
    (joined, synced)
}

fn leave(wire: &mut Wire, group: &str, members: &[&str]) -> Vec<ErrorCode> {
    let members = members.iter().map(|id| MemberIdentity {
        member_id: (*id).into(),
        ..Default::default()
    });
    let request = LeaveGroupRequest {
        group_id: group.into(),
        members: members.collect(),
        ..Default::default()
    };
    let response = wire.call(5, &request);
    assert_eq!(response.error_code, ErrorCode::NONE);
    response
        .members
        .iter()
        .map(|member| member.error_code)
        .collect()
}

fn commit(
    wire: &mut Wire,
    group: &str,
    who: (&str, i32),
    topic: &str,
    offset: i64,
    metadata: &str,
) -> ErrorCode {
    let request = OffsetCommitRequest {
        group_id: group.into(),
        member_id: who.0.into(),
        generation_id_or_member_epoch: who.1,
        topics: vec![OffsetCommitRequestTopic {
            name: topic.into(),
            partitions: vec![OffsetCommitRequestPartition {
                committed_offset: offset,
                committed_leader_epoch: 0,
                committed_metadata: Some(metadata.into()),
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    wire.call(8, &request).topics[0].partitions[0].error_code
}

on_both! {
    fn a_group_of_two_forms_and_shares_and_parts(cluster) {
        let mut first = coordinator(cluster);
        let mut second = cluster.wire();
        let group = "two";
        let (joined, synced) = one(&mut first, group);
        assert_eq!((joined.generation_id, joined.members.len()), (1, 1));
        assert_eq!(joined.leader, joined.member_id);
        assert_eq!(joined.protocol_name.as_deref(), Some("range"));
        assert_eq!(synced.assignment, "all");
        assert_eq!(heartbeat(&mut first, group, &joined.member_id, 1), ErrorCode::NONE);

        let other = id(&mut second, group);
        second.send(JOIN, &join_request(group, &other, "n"));
        until(|| (heartbeat(&mut first, group, &joined.member_id, 1) == ErrorCode::REBALANCE_IN_PROGRESS).then_some(()));
        let leader = first.call(JOIN, &join_request(group, &joined.member_id, "m"));
        let follower = second.receive::<JoinGroupRequest>(JOIN).unwrap();
        assert_eq!((leader.generation_id, follower.generation_id), (2, 2));
        assert_eq!((leader.members.len(), follower.members.len()), (2, 0));
        assert_eq!(follower.leader, leader.member_id);
        second.send(SYNC, &sync_request(group, &follower, &[]));
        let shares = [(leader.member_id.as_str(), "left"), (other.as_str(), "right")];
        let synced = first.call(SYNC, &sync_request(group, &leader, &shares));
        assert_eq!(synced.assignment, "left");
        let synced = second.receive::<SyncGroupRequest>(SYNC).unwrap();
        assert_eq!(synced.assignment, "right");
        // A follower that joins again with what it said before finds all as it was.
        let again = second.call(JOIN, &join_request(group, &other, "n"));
        assert_eq!((again.error_code, again.generation_id), (ErrorCode::NONE, 2));

        assert_eq!(leave(&mut second, group, &[&other, "nobody"]), [ErrorCode::NONE, ErrorCode::UNKNOWN_MEMBER_ID]);
        let left = heartbeat(&mut first, group, &leader.member_id, 2);
        assert_eq!(left, ErrorCode::REBALANCE_IN_PROGRESS);
        let alone = first.call(JOIN, &join_request(group, &leader.member_id, "m"));
        assert_eq!((alone.generation_id, alone.members.len()), (3, 1));
    }

    fn who_does_not_belong_is_told_so(cluster) {
        let mut wire = coordinator(cluster);
        let group = "strangers";
        let (joined, _) = one(&mut wire, group);
        let me = joined.member_id.as_str();
        assert_eq!(heartbeat(&mut wire, group, "nobody", 1), ErrorCode::UNKNOWN_MEMBER_ID);
        assert_eq!(heartbeat(&mut wire, group, me, 7), ErrorCode::ILLEGAL_GENERATION);
        assert_eq!(heartbeat(&mut wire, "no-such-group", me, 1), ErrorCode::UNKNOWN_MEMBER_ID);
        assert_eq!(heartbeat(&mut wire, "", me, 1), ErrorCode::INVALID_GROUP_ID);
        let code = wire.call(JOIN, &join_request(group, "nobody", "m")).error_code;
        assert_eq!(code, ErrorCode::UNKNOWN_MEMBER_ID);
        let mut impatient = join_request(group, "", "m");
        impatient.session_timeout_ms = 5;
        assert_eq!(wire.call(JOIN, &impatient).error_code, ErrorCode::INVALID_SESSION_TIMEOUT);
        let mut foreign = join_request(group, "", "m");
        foreign.protocol_type = "connect".into();
        assert_eq!(wire.call(JOIN, &foreign).error_code, ErrorCode::INCONSISTENT_GROUP_PROTOCOL);
        let mut odd = join_request(group, "", "m");
        odd.protocols[0].name = "odd".into();
        assert_eq!(wire.call(JOIN, &odd).error_code, ErrorCode::INCONSISTENT_GROUP_PROTOCOL);
        let mut wrong = sync_request(group, &joined, &[]);
        wrong.protocol_name = Some("odd".into());
        assert_eq!(wire.call(SYNC, &wrong).error_code, ErrorCode::INCONSISTENT_GROUP_PROTOCOL);
        wrong.generation_id = 7;
        assert_eq!(wire.call(SYNC, &wrong).error_code, ErrorCode::ILLEGAL_GENERATION);
    }

    fn a_static_member_takes_its_place_again(cluster) {
        let mut wire = coordinator(cluster);
        let group = "static";
        let mut request = join_request(group, "", "m");
        request.group_instance_id = Some("instance".into());
        let joined = until(|| {
            let response = wire.call(JOIN, &request);
            is_coordinating(response.error_code).then_some(response)
        });
        assert_eq!((joined.error_code, joined.generation_id), (ErrorCode::NONE, 1));
        let mut sync = sync_request(group, &joined, &[(&joined.member_id, "all")]);
        sync.group_instance_id = Some("instance".into());
        assert_eq!(wire.call(SYNC, &sync).error_code, ErrorCode::NONE);
        let again = wire.call(JOIN, &request);
        assert_eq!((again.error_code, again.generation_id), (ErrorCode::NONE, 1));
        assert_ne!(again.member_id, joined.member_id);
        assert!(again.skip_assignment);
        // The former one is fenced.
        assert_eq!(wire.call(SYNC, &sync).error_code, ErrorCode::FENCED_INSTANCE_ID);
    }

    fn offsets_are_committed_and_fetched(cluster) {
        cluster.topic("committed", 1, &[]);
        let mut wire = coordinator(cluster);
        let group = "offsets";
        let (joined, _) = one(&mut wire, group);
        let me = joined.member_id.as_str();
        assert_eq!(commit(&mut wire, group, (me, 1), "committed", 42, "note"), ErrorCode::NONE);
        assert_eq!(commit(&mut wire, group, (me, 2), "committed", 43, ""), ErrorCode::ILLEGAL_GENERATION);
        assert_eq!(commit(&mut wire, group, ("nobody", 1), "committed", 43, ""), ErrorCode::UNKNOWN_MEMBER_ID);
        assert_eq!(commit(&mut wire, group, ("", -1), "committed", 43, ""), ErrorCode::UNKNOWN_MEMBER_ID);
        assert_eq!(commit(&mut wire, group, (me, 1), "no-such-topic", 43, ""), ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
        let long = "x".repeat(4097);
        assert_eq!(commit(&mut wire, group, (me, 1), "committed", 43, &long), ErrorCode::OFFSET_METADATA_TOO_LARGE);
        let lone = until(|| Some(commit(&mut wire, "lone", ("", -1), "committed", 7, "")).filter(|code| is_coordinating(*code)));
        assert_eq!(lone, ErrorCode::NONE);
        assert_eq!(commit(&mut wire, "nobodys", ("", 3), "committed", 7, ""), ErrorCode::ILLEGAL_GENERATION);
        let asked = |group: &str, topics| OffsetFetchRequestGroup {
            group_id: group.into(),
            topics,
            ..Default::default()
        };
        let topic = OffsetFetchRequestTopics { name: "committed".into(), partition_indexes: vec![0, 1], ..Default::default() };
        let request = OffsetFetchRequest {
            groups: vec![asked(group, Some(vec![topic])), asked("lone", None), asked("nobodys", None)],
            ..Default::default()
        };
        let response = wire.call(8, &request);
        let found = &response.groups[0].topics[0].partitions;
        assert_eq!((found[0].committed_offset, found[0].committed_leader_epoch, found[0].metadata.as_deref()), (42, 0, Some("note")));
        assert_eq!((found[1].committed_offset, found[1].committed_leader_epoch, found[1].metadata.as_deref()), (-1, -1, Some("")));
        assert_eq!(response.groups[1].topics[0].partitions[0].committed_offset, 7);
        assert_eq!((response.groups[2].topics.len(), response.groups[2].error_code), (0, ErrorCode::NONE));
    }

    fn groups_are_listed_described_and_deleted(cluster) {
        let mut wire = coordinator(cluster);
        let group = "admin";
        let (joined, _) = one(&mut wire, group);
        let states = |names: &[&str]| ListGroupsRequest { states_filter: names.iter().map(|name| (*name).into()).collect(), ..Default::default() };
        let mut listed = |request: &ListGroupsRequest| {
            let groups = wire.call(5, request).groups;
            groups.into_iter().find(|listed| listed.group_id == group)
        };
        let found = listed(&states(&[])).unwrap();
        assert_eq!((found.protocol_type.as_str(), found.group_state.as_str(), found.group_type.as_str()), ("consumer", "Stable", "classic"));
        assert!(listed(&states(&["empty"])).is_none());
        let describe = DescribeGroupsRequest { groups: vec![group.into(), "nowhere".into()], include_authorized_operations: true, ..Default::default() };
        let described = wire.call(6, &describe).groups;
        assert_eq!((described[0].group_state.as_str(), described[0].protocol_data.as_str()), ("Stable", "range"));
        let member = &described[0].members[0];
        assert_eq!((member.client_id.as_str(), member.client_host.as_str()), ("wire", "/127.0.0.1"));
        assert_eq!((&member.member_metadata[..], &member.member_assignment[..]), (&b"m"[..], &b"all"[..]));
        assert_eq!(described[0].authorized_operations, 3400);
        assert_eq!((described[1].group_state.as_str(), described[1].error_code), ("Dead", ErrorCode::GROUP_ID_NOT_FOUND));
        assert_eq!(described[1].error_message.as_deref(), Some("Group nowhere not found."));
        let delete = DeleteGroupsRequest { groups_names: vec![group.into(), "nowhere".into()], ..Default::default() };
        let mut deleted = wire.call(2, &delete).results;
        let by_id = |a: &DeletableGroupResult, b: &DeletableGroupResult| a.group_id.cmp(&b.group_id);
        deleted.sort_by(by_id);
        assert_eq!((deleted[0].error_code, deleted[1].error_code), (ErrorCode::NON_EMPTY_GROUP, ErrorCode::GROUP_ID_NOT_FOUND));
        assert_eq!(leave(&mut wire, group, &[&joined.member_id]), [ErrorCode::NONE]);
        let mut deleted = wire.call(2, &delete).results;
        deleted.sort_by(by_id);
        assert_eq!(deleted[0].error_code, ErrorCode::NONE);
    }
}

#[test]
fn a_member_that_is_not_heard_of_is_out_when_the_clock_says_so() {
    let broker = Broker::start().unwrap();
    broker.freeze_clock();
    let mut wire = Wire::connect(broker.address(1));
    let (joined, _) = one(&mut wire, "silent");
    let me = joined.member_id.as_str();
    broker.advance_clock(Duration::from_millis(9_999));
    assert_eq!(heartbeat(&mut wire, "silent", me, 1), ErrorCode::NONE);
    broker.advance_clock(Duration::from_millis(9_999));
    assert_eq!(broker.members("silent"), [me]);
    broker.advance_clock(Duration::from_millis(2));
    until(|| broker.members("silent").is_empty().then_some(()));
    assert_eq!(
        heartbeat(&mut wire, "silent", me, 1),
        ErrorCode::UNKNOWN_MEMBER_ID
    );
}

#[test]
fn a_rebalance_goes_on_without_who_does_not_join() {
    let broker = Broker::start().unwrap();
    broker.freeze_clock();
    let mut first = Wire::connect(broker.address(1));
    let mut second = Wire::connect(broker.address(1));
    one(&mut first, "late");
    let other = id(&mut second, "late");
    second.send(JOIN, &join_request("late", &other, "n"));
    until(|| (broker.members("late").len() == 2).then_some(()));
    broker.advance_clock(Duration::from_secs(21));
    let joined = second.receive::<JoinGroupRequest>(JOIN).unwrap();
    assert_eq!((joined.generation_id, joined.members.len()), (2, 1));
    assert_eq!(joined.leader, other);
    broker.expire_member("late", &other);
    assert!(broker.members("late").is_empty());
}
