//! Groups that move from one protocol to the other while they have members (KIP-848).

use std::time::Duration;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::leave_group::MemberIdentity;
use libkafka_protocol::messages::sync_group::SyncGroupRequestAssignment;
use libkafka_protocol::messages::{
    ConsumerGroupDescribeRequest, ConsumerGroupHeartbeatRequest, JoinGroupRequest,
    LeaveGroupRequest, ListGroupsRequest,
};
use libkafka_testbroker::Broker;
use libkafka_testkafka::{Kafka, require};

use crate::classic_member::{Classic, assignment, versioned};
use crate::cluster::{Cluster, metadata};
use crate::consumer_member::{Member, call, commit, coordinated, join, leave};
use crate::on_both;
use crate::wire::Wire;
use libkafka_integration::until;

/// The type and the state of a group, as it is listed.
fn listed(wire: &mut Wire, group: &str) -> (String, String) {
    let groups = wire.call(5, &ListGroupsRequest::default()).groups;
    let found = groups.into_iter().find(|listed| listed.group_id == group);
    let found = found.unwrap();
    (found.group_type, found.group_state)
}

/// The members of a group of KIP-848, each with its epoch and its type, which is 0 for the classic
/// protocol.
fn described(wire: &mut Wire, group: &str) -> Vec<(String, i32, i8)> {
    let request = ConsumerGroupDescribeRequest {
        group_ids: vec![group.into()],
        ..Default::default()
    };
    let members = wire.call(1, &request).groups.remove(0).members;
    let members = members.into_iter();
    let mut members: Vec<_> = members
        .map(|m| (m.member_id, m.member_epoch, m.member_type))
        .collect();
    members.sort_by_key(|(_, _, kind)| *kind);
    members
}

fn as_pair(kind: &str, state: &str) -> (String, String) {
    (kind.into(), state.into())
}

fn try_join(cluster: &Cluster, group: &str) -> ErrorCode {
    call(&mut cluster.wire(), &join(group, "new", group)).error_code
}

on_both! {
    fn a_group_goes_over_to_the_new_protocol_and_back(cluster) {
        let group = "there-and-back";
        let topic = cluster.topic(group, 4, &[]);
        let mut wire = coordinated(cluster, group);
        let mut old = Classic::alone(&mut wire, group, None);
        assert_eq!(commit(&mut wire, group, (&old.id, 1), 7), ErrorCode::NONE);
        let mut new = Member::new("new");
        new.join(&mut wire, group, group);
        assert_eq!((new.epoch, new.owned.as_slice()), (2, [].as_slice()));
        assert_eq!(listed(&mut wire, group), as_pair("consumer", "Reconciling"));

        // It is told to join again, and to let go of half before it hears of the next generation.
        assert_eq!(old.heartbeat(&mut wire), ErrorCode::REBALANCE_IN_PROGRESS);
        assert_eq!(old.sync(&mut wire), ErrorCode::REBALANCE_IN_PROGRESS);
        let joined = old.join(&mut wire);
        assert_eq!((joined.error_code, joined.generation_id), (ErrorCode::NONE, 1));
        assert_eq!((joined.leader.as_str(), joined.members.len()), ("", 0));
        assert_eq!(joined.protocol_type.as_deref(), Some("consumer"));
        assert_eq!(joined.protocol_name.as_deref(), Some("cooperative-sticky"));
        assert!(!joined.skip_assignment);
        assert_eq!(old.sync(&mut wire), ErrorCode::NONE);
        assert_eq!(old.owned.len(), 2);
        assert_eq!(old.heartbeat(&mut wire), ErrorCode::REBALANCE_IN_PROGRESS);
        new.beat(&mut wire, group, topic.topic_id);
        assert!(new.owned.is_empty());
        assert_eq!(old.join(&mut wire).generation_id, 2);
        assert_eq!(old.sync(&mut wire), ErrorCode::NONE);
        assert_eq!(old.heartbeat(&mut wire), ErrorCode::NONE);
        new.beat(&mut wire, group, topic.topic_id);
        let mut all = [old.owned.clone(), new.owned.clone()].concat();
        all.sort_unstable();
        assert_eq!((all.as_slice(), old.owned.len()), ([0, 1, 2, 3].as_slice(), 2));
        assert_eq!(listed(&mut wire, group), as_pair("consumer", "Stable"));
        let members = [(old.id.clone(), 2, 0), ("new".to_owned(), 2, 1)];
        assert_eq!(described(&mut wire, group), members);
        assert_eq!(commit(&mut wire, group, (&old.id, 2), 8), ErrorCode::NONE);
        // Of a former generation, what it has had since then.
        let since_then = if old.owned.contains(&0) { ErrorCode::NONE } else { ErrorCode::ILLEGAL_GENERATION };
        assert_eq!(commit(&mut wire, group, (&old.id, 1), 8), since_then);
        assert_eq!(commit(&mut wire, group, (&old.id, 0), 8), ErrorCode::ILLEGAL_GENERATION);
        assert_eq!(commit(&mut wire, group, (&old.id, 3), 9), ErrorCode::ILLEGAL_GENERATION);

        // The last that speaks the new protocol leaves.
        assert_eq!(call(&mut wire, &leave(group, "new", -1, None)).error_code, ErrorCode::NONE);
        assert_eq!(listed(&mut wire, group), as_pair("classic", "PreparingRebalance"));
        assert_eq!(old.heartbeat(&mut wire), ErrorCode::REBALANCE_IN_PROGRESS);
        let joined = old.join(&mut wire);
        assert_eq!((joined.generation_id, joined.members.len()), (3, 1));
        assert_eq!(joined.leader, old.id);
        old.assign(&mut wire, &[0, 1, 2, 3]);
        assert_eq!(listed(&mut wire, group), as_pair("classic", "Stable"));
    }

    fn who_waits_for_the_old_protocol_is_told_of_the_new(cluster) {
        let group = "waits-for-the-old";
        cluster.topic(group, 4, &[]);
        let mut wire = coordinated(cluster, group);
        let mut first = Classic::alone(&mut wire, group, None);
        let mut waiting = cluster.wire();
        let mut second = Classic::new(group);
        assert_eq!(second.join(&mut waiting).error_code, ErrorCode::MEMBER_ID_REQUIRED);
        waiting.send(9, &second.request());
        until(|| (first.heartbeat(&mut wire) == ErrorCode::REBALANCE_IN_PROGRESS).then_some(()));
        let mut new = Member::new("new");
        new.join(&mut wire, group, group);
        let told = waiting.receive::<JoinGroupRequest>(9).unwrap();
        assert_eq!(told.error_code, ErrorCode::REBALANCE_IN_PROGRESS);
        first.settle(&mut wire);
        second.settle(&mut waiting);
        assert_eq!((first.generation, second.generation), (2, 2));
        // One that it has never heard of may join as well, and leave.
        let mut third = Classic::new(group);
        let required = third.join(&mut waiting);
        assert_eq!(required.error_code, ErrorCode::MEMBER_ID_REQUIRED);
        assert!(!required.member_id.starts_with("wire-"), "{required:?}");
        assert_eq!(third.join(&mut waiting).error_code, ErrorCode::NONE);
        assert_eq!(described(&mut wire, group).len(), 4);
        let leaving = |id: &str| MemberIdentity { member_id: id.into(), ..Default::default() };
        let request = LeaveGroupRequest {
            group_id: group.into(),
            members: vec![leaving(&third.id), leaving("nobody")],
            ..Default::default()
        };
        let left: Vec<ErrorCode> = wire.call(5, &request).members.iter().map(|m| m.error_code).collect();
        assert_eq!(left, [ErrorCode::NONE, ErrorCode::UNKNOWN_MEMBER_ID]);
        assert_eq!(described(&mut wire, group).len(), 3);
    }

    fn a_static_member_changes_the_protocol_with_all_that_it_reads(cluster) {
        let group = "static-there-and-back";
        cluster.topic(group, 4, &[]);
        let mut wire = coordinated(cluster, group);
        let mut old = Classic::alone(&mut wire, group, Some("instance"));
        let former = old.id.clone();
        let named = ConsumerGroupHeartbeatRequest {
            instance_id: Some("instance".into()),
            ..join(group, "new", group)
        };
        let mut new = Member::new("new");
        new.hear(&call(&mut wire, &named));
        assert_eq!(new.owned, [0, 1, 2, 3]);
        assert_eq!(listed(&mut wire, group), as_pair("consumer", "Stable"));
        assert_eq!(old.heartbeat(&mut wire), ErrorCode::FENCED_INSTANCE_ID);
        assert_eq!(old.join(&mut wire).error_code, ErrorCode::FENCED_INSTANCE_ID);
        old.id = former;
        assert_eq!(old.sync(&mut wire), ErrorCode::FENCED_INSTANCE_ID);

        old.id = String::new();
        let joined = old.join(&mut wire);
        assert_eq!((joined.error_code, joined.generation_id), (ErrorCode::NONE, new.epoch));
        assert_eq!(listed(&mut wire, group), as_pair("classic", "Stable"));
        old.owned = Vec::new();
        assert_eq!(old.sync(&mut wire), ErrorCode::NONE);
        assert_eq!(old.owned, [0, 1, 2, 3]);
        assert_eq!(old.heartbeat(&mut wire), ErrorCode::NONE);
    }

    fn a_group_that_cannot_go_over_stays_what_it_is(cluster) {
        let group = "stays";
        cluster.topic(group, 4, &[]);
        let mut wire = coordinated(cluster, group);
        // What it was assigned says more than the new protocol can.
        let mut old = Classic::alone(&mut wire, group, None);
        let mut request = old.sync_request();
        assert_eq!(old.join(&mut wire).error_code, ErrorCode::NONE);
        request.generation_id = old.generation;
        request.assignments = vec![SyncGroupRequestAssignment {
            member_id: old.id.clone(),
            assignment: versioned(3, &assignment(group, &[0], Some("more".into()))),
            ..Default::default()
        }];
        assert_eq!(wire.call(5, &request).error_code, ErrorCode::NONE);
        assert_eq!(try_join(cluster, group), ErrorCode::GROUP_ID_NOT_FOUND);
        assert_eq!(listed(&mut wire, group), as_pair("classic", "Stable"));
        assert_eq!(old.heartbeat(&mut wire), ErrorCode::NONE);
        // Not consumers, or such as say what nobody can read.
        for (group, kind, metadata) in [("connects", "connect", "\0\0"), ("nonsense-protocol", "consumer", "m")] {
            let mut wire = coordinated(cluster, group);
            let mut request = old.request();
            request.group_id = group.into();
            request.member_id = String::new();
            request.protocol_type = kind.into();
            request.protocols[0].metadata = metadata.into();
            request.member_id = wire.call(9, &request).member_id;
            assert_eq!(wire.call(9, &request).error_code, ErrorCode::NONE);
            assert_eq!(try_join(cluster, group), ErrorCode::GROUP_ID_NOT_FOUND);
            assert_eq!(listed(&mut wire, group), as_pair("classic", "CompletingRebalance"));
        }
    }

    fn who_does_not_belong_to_the_new_group_is_told_so(cluster) {
        let group = "belongs";
        cluster.topic(group, 4, &[]);
        let mut wire = coordinated(cluster, group);
        let mut new = Member::new("new");
        new.join(&mut wire, group, group);
        let stranger = Classic::new(group);
        let mut request = stranger.request();
        request.protocol_type = "connect".into();
        let refused = wire.call(9, &request);
        assert_eq!((refused.error_code, refused.member_id.as_str()), (ErrorCode::INCONSISTENT_GROUP_PROTOCOL, ""));
        let mut request = stranger.request();
        request.member_id = "stranger".into();
        request.protocols[0].metadata = "m".into();
        let refused = wire.call(9, &request);
        assert_eq!(refused.error_code, ErrorCode::INCONSISTENT_GROUP_PROTOCOL);
        // Who speaks the new protocol has nothing to say in the old one.
        let mut stranger = Classic::new(group);
        stranger.id = "new".into();
        stranger.generation = new.epoch;
        assert_eq!(stranger.heartbeat(&mut wire), ErrorCode::UNKNOWN_MEMBER_ID);
        assert_eq!(stranger.sync(&mut wire), ErrorCode::UNKNOWN_MEMBER_ID);
        stranger.id = "stranger".into();
        assert_eq!(stranger.heartbeat(&mut wire), ErrorCode::UNKNOWN_MEMBER_ID);
        assert_eq!(stranger.join(&mut wire).error_code, ErrorCode::NONE);
        stranger.generation += 1;
        assert_eq!(stranger.heartbeat(&mut wire), ErrorCode::ILLEGAL_GENERATION);
        assert_eq!(stranger.sync(&mut wire), ErrorCode::ILLEGAL_GENERATION);
        stranger.generation -= 1;
        let mut wrong = stranger.sync_request();
        wrong.protocol_name = Some("range".into());
        assert_eq!(wire.call(5, &wrong).error_code, ErrorCode::INCONSISTENT_GROUP_PROTOCOL);
        // A protocol that the others of the old kind cannot do.
        let mut request = Classic::new(group).request();
        request.protocols[0].name = "range".into();
        assert_eq!(wire.call(9, &request).error_code, ErrorCode::INCONSISTENT_GROUP_PROTOCOL);
    }
}

/// The same on both, of which neither lets groups move.
fn groups_do_not_move(cluster: &Cluster) {
    let group = "moves-not";
    cluster.topic(group, 4, &[]);
    let mut wire = coordinated(cluster, group);
    let old = Classic::alone(&mut wire, group, None);
    assert_eq!(try_join(cluster, group), ErrorCode::GROUP_ID_NOT_FOUND);
    assert_eq!(old.heartbeat(&mut wire), ErrorCode::NONE);
    let group = "moves-not-back";
    cluster.topic(group, 4, &[]);
    Member::new("new").join(&mut wire, group, group);
    let refused = Classic::new(group).join(&mut wire);
    assert_eq!(refused.error_code, ErrorCode::INCONSISTENT_GROUP_PROTOCOL);
}

const POLICY: &str = "group.consumer.migration.policy";

#[test]
fn groups_do_not_move_where_they_are_not_let() {
    let broker = Broker::builder().config(POLICY, "disabled").start();
    groups_do_not_move(&Cluster::Embedded(broker.unwrap()));
}

#[test]
fn groups_do_not_move_where_real_kafka_does_not_let_them() {
    require!();
    let kafka = Kafka::builder().property(POLICY, "disabled").start();
    // It lives as long as the program of the test, as the shared one does.
    let kafka: &'static Kafka = Box::leak(Box::new(kafka.unwrap()));
    groups_do_not_move(&Cluster::Real(kafka));
}

#[test]
fn a_group_goes_one_way_alone_if_that_is_the_policy() {
    let broker = Broker::builder().config(POLICY, "UPGRADE").start();
    let cluster = Cluster::Embedded(broker.unwrap());
    let group = "one-way";
    cluster.topic(group, 4, &[]);
    let mut wire = cluster.wire();
    let mut old = Classic::alone(&mut wire, group, None);
    Member::new("new").join(&mut wire, group, group);
    call(&mut wire, &leave(group, "new", -1, None));
    old.settle(&mut wire);
    assert_eq!(listed(&mut wire, group), as_pair("consumer", "Stable"));
    assert_eq!(old.owned, [0, 1, 2, 3]);
}

#[test]
fn a_member_of_the_old_protocol_that_is_late_is_out_and_the_last_of_the_new_ends_it() {
    let broker = Broker::builder().topic("late", 4).start().unwrap();
    broker.freeze_clock();
    let cluster = Cluster::Embedded(broker);
    let Cluster::Embedded(broker) = &cluster else {
        unreachable!()
    };
    let topic_id = metadata(&mut cluster.wire(), "late").topic_id;
    let mut wire = cluster.wire();
    let mut old = Classic::alone(&mut wire, "late", None);
    let mut new = Member::new("new");
    new.join(&mut wire, "late", "late");
    // It is told to join within its 20 seconds, and only says again and again that it lives.
    for _ in 0..3 {
        assert_eq!(old.heartbeat(&mut wire), ErrorCode::REBALANCE_IN_PROGRESS);
        new.beat(&mut wire, "late", topic_id);
        broker.advance_clock(Duration::from_millis(6_667));
    }
    until(|| (broker.members("late") == ["new"]).then_some(()));
    // One that joins and does not sync.
    old.id = String::new();
    old.join(&mut wire);
    old.join(&mut wire);
    for _ in 0..3 {
        assert_eq!(broker.members("late").len(), 2);
        old.heartbeat(&mut wire);
        new.beat(&mut wire, "late", topic_id);
        broker.advance_clock(Duration::from_millis(6_667));
    }
    until(|| (broker.members("late") == ["new"]).then_some(()));
    // One that does all that is asked for, until nobody else is left.
    old.id = String::new();
    old.join(&mut wire);
    old.settle(&mut wire);
    broker.expire_member("late", "new");
    assert_eq!(
        listed(&mut wire, "late"),
        as_pair("classic", "PreparingRebalance")
    );
}
