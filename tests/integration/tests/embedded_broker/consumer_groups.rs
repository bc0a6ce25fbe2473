//! Groups of KIP-848.

use std::time::Duration;

use libkafka_protocol::messages::consumer_group_heartbeat::request::TopicPartitions;
use libkafka_protocol::messages::offset_commit::{
    OffsetCommitRequestPartition, OffsetCommitRequestTopic,
};
use libkafka_protocol::messages::{
    ConsumerGroupDescribeRequest, ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse,
    FindCoordinatorRequest, OffsetCommitRequest,
};
use libkafka_protocol::{ErrorCode, Response, Uuid};
use libkafka_testbroker::Broker;

use crate::cluster::{Cluster, until};
use crate::on_both;
use crate::wire::Wire;

/// A member, one heartbeat at a time.
struct Member {
    id: &'static str,
    epoch: i32,
    owned: Vec<i32>,
}

fn coordinated(cluster: &Cluster, group: &str) -> Wire {
    let mut wire = cluster.wire();
    let request = FindCoordinatorRequest {
        coordinator_keys: vec![group.into()],
        ..Default::default()
    };
    until(|| wire.call(4, &request).first_error().is_none().then_some(()));
    wire
}

/// Real Kafka takes a moment to load a coordinator.
fn call(
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

fn join(group: &str, member: &str, topic: &str) -> ConsumerGroupHeartbeatRequest {
    ConsumerGroupHeartbeatRequest {
        group_id: group.into(),
        member_id: member.into(),
        rebalance_timeout_ms: 60_000,
        subscribed_topic_names: Some(vec![topic.into()]),
        topic_partitions: Some(Vec::new()),
        ..Default::default()
    }
}

fn told(response: &ConsumerGroupHeartbeatResponse) -> Option<Vec<i32>> {
    let assignment = response.assignment.as_ref()?;
    let topics = assignment.topic_partitions.iter();
    let mut partitions: Vec<i32> = topics.flat_map(|t| t.partitions.clone()).collect();
    partitions.sort_unstable();
    Some(partitions)
}

impl Member {
    fn new(id: &'static str) -> Self {
        Self {
            id,
            epoch: 0,
            owned: Vec::new(),
        }
    }

    fn join(&mut self, wire: &mut Wire, group: &str, topic: &str) {
        let response = call(wire, &join(group, self.id, topic));
        self.hear(&response);
    }

    /// Says what it has, and does at once as it is told.
    fn beat(&mut self, wire: &mut Wire, group: &str, topic_id: Uuid) {
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

    fn hear(&mut self, response: &ConsumerGroupHeartbeatResponse) {
        assert_eq!(response.error_code, ErrorCode::NONE, "{response:?}");
        assert_eq!(response.member_id.as_deref(), Some(self.id));
        assert_eq!(response.heartbeat_interval_ms, 5000);
        self.epoch = response.member_epoch;
        if let Some(partitions) = told(response) {
            self.owned = partitions;
        }
    }
}

fn leave(
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

fn describe(wire: &mut Wire, group: &str) -> (ErrorCode, String, String, Vec<(String, i32)>) {
    let request = ConsumerGroupDescribeRequest {
        group_ids: vec![group.into()],
        ..Default::default()
    };
    let described = wire.call(1, &request).groups.remove(0);
    let members = described.members.into_iter();
    let mut members: Vec<_> = members.map(|m| (m.member_id, m.member_epoch)).collect();
    members.sort();
    (
        described.error_code,
        described.group_state,
        described.assignor_name,
        members,
    )
}

on_both! {
    fn two_members_share_what_one_had(cluster) {
        for (group, assignor) in [("shared-uniform", None), ("shared-range", Some("range"))] {
            let topic = cluster.topic(group, 4, &[]);
            let mut wire = coordinated(cluster, group);
            let mut one = Member::new("one");
            // Real Kafka may need a moment to know the topic.
            let mut request = join(group, "one", group);
            request.server_assignor = assignor.map(str::to_owned);
            one.hear(&call(&mut wire, &request));
            until(|| {
                one.beat(&mut wire, group, topic.topic_id);
                (one.owned == [0, 1, 2, 3]).then_some(())
            });
            let mut two = Member::new("two");
            two.join(&mut wire, group, group);
            assert!(two.owned.is_empty());
            until(|| {
                one.beat(&mut wire, group, topic.topic_id);
                two.beat(&mut wire, group, topic.topic_id);
                (one.owned.len() == 2 && two.owned.len() == 2 && one.epoch == two.epoch).then_some(())
            });
            let mut all = [one.owned.clone(), two.owned.clone()].concat();
            all.sort_unstable();
            assert_eq!(all, [0, 1, 2, 3]);
            let assignor = assignor.unwrap_or("uniform");
            let members = vec![("one".into(), one.epoch), ("two".into(), one.epoch)];
            assert_eq!(describe(&mut wire, group), (ErrorCode::NONE, "Stable".into(), assignor.into(), members));

            let left = call(&mut wire, &leave(group, "two", -1, None));
            assert_eq!((left.error_code, left.member_epoch, left.heartbeat_interval_ms), (ErrorCode::NONE, -1, 0));
            until(|| {
                one.beat(&mut wire, group, topic.topic_id);
                (one.owned == [0, 1, 2, 3]).then_some(())
            });
        }
    }

    fn a_heartbeat_that_makes_no_sense_is_refused(cluster) {
        let group = "nonsense";
        cluster.topic(group, 1, &[]);
        let mut wire = coordinated(cluster, group);
        let good = || join(group, "member", group);
        let mut unsubscribed = good();
        unsubscribed.subscribed_topic_names = None;
        let mut owning = good();
        owning.topic_partitions = None;
        let mut impatient = good();
        impatient.rebalance_timeout_ms = -1;
        let mut assigned = good();
        assigned.server_assignor = Some("sticky".into());
        let mut expressive = good();
        expressive.subscribed_topic_regex = Some("(".into());
        let mut late = good();
        late.member_epoch = 3;
        for (request, code) in [
            (join("", "member", group), ErrorCode::INVALID_REQUEST),
            (join(group, "", group), ErrorCode::INVALID_REQUEST),
            (unsubscribed, ErrorCode::INVALID_REQUEST),
            (owning, ErrorCode::INVALID_REQUEST),
            (impatient, ErrorCode::INVALID_REQUEST),
            (leave(group, "member", -2, None), ErrorCode::INVALID_REQUEST),
            (assigned, ErrorCode::UNSUPPORTED_ASSIGNOR),
            (expressive, ErrorCode::INVALID_REGULAR_EXPRESSION),
            (late.clone(), ErrorCode::GROUP_ID_NOT_FOUND),
        ] {
            assert_eq!(call(&mut wire, &request).error_code, code, "{request:?}");
        }
        let mut member = Member::new("member");
        member.join(&mut wire, group, group);
        assert_eq!(call(&mut wire, &late).error_code, ErrorCode::FENCED_MEMBER_EPOCH);
        late.member_id = "other".into();
        assert_eq!(call(&mut wire, &late).error_code, ErrorCode::UNKNOWN_MEMBER_ID);
        let gone = leave(group, "other", -1, None);
        assert_eq!(call(&mut wire, &gone).error_code, ErrorCode::UNKNOWN_MEMBER_ID);
        assert_eq!(describe(&mut wire, "no-such-group").0, ErrorCode::GROUP_ID_NOT_FOUND);
    }

    fn a_static_member_comes_back_to_what_it_had(cluster) {
        let group = "static-848";
        let topic = cluster.topic(group, 2, &[]);
        let mut wire = coordinated(cluster, group);
        let named = |member| ConsumerGroupHeartbeatRequest {
            instance_id: Some("instance".into()),
            ..join(group, member, group)
        };
        let first = until(|| {
            let first = call(&mut wire, &named("first"));
            if told(&first) == Some(vec![0, 1]) {
                return Some(first);
            }
            call(&mut wire, &leave(group, "first", -1, Some("instance")));
            None
        });
        assert_eq!(call(&mut wire, &named("second")).error_code, ErrorCode::UNRELEASED_INSTANCE_ID);
        let left = call(&mut wire, &leave(group, "first", -2, Some("instance")));
        assert_eq!((left.error_code, left.member_epoch), (ErrorCode::NONE, -2));
        let second = call(&mut wire, &named("second"));
        assert_eq!((second.error_code, second.member_epoch), (ErrorCode::NONE, first.member_epoch));
        assert_eq!(told(&second), Some(vec![0, 1]));
        let mut old = named("first");
        old.member_epoch = first.member_epoch;
        old.topic_partitions = Some(vec![TopicPartitions { topic_id: topic.topic_id, ..Default::default() }]);
        assert_eq!(call(&mut wire, &old).error_code, ErrorCode::FENCED_INSTANCE_ID);
    }

    fn topics_are_read_by_an_expression(cluster) {
        let group = "expressions";
        let topic = cluster.topic("expression-1", 2, &[]);
        cluster.topic("no-expression-1", 1, &[]);
        let mut wire = coordinated(cluster, group);
        let mut member = Member::new("member");
        let mut request = join(group, "member", "");
        request.subscribed_topic_names = None;
        request.subscribed_topic_regex = Some("expression-.*".into());
        member.hear(&call(&mut wire, &request));
        until(|| {
            member.beat(&mut wire, group, topic.topic_id);
            (member.owned == [0, 1]).then_some(())
        });
    }

    fn offsets_are_committed_in_the_member_s_epoch(cluster) {
        let group = "member-epochs";
        cluster.topic(group, 1, &[]);
        let mut wire = coordinated(cluster, group);
        let mut member = Member::new("member");
        member.join(&mut wire, group, group);
        let mut commit = |member: &str, epoch| {
            let request = OffsetCommitRequest {
                group_id: group.into(),
                member_id: member.into(),
                generation_id_or_member_epoch: epoch,
                topics: vec![OffsetCommitRequestTopic {
                    name: group.into(),
                    partitions: vec![OffsetCommitRequestPartition {
                        committed_offset: 5,
                        ..Default::default()
                    }],
                    ..Default::default()
                }],
                ..Default::default()
            };
            wire.call(9, &request).topics[0].partitions[0].error_code
        };
        assert_eq!(commit("member", member.epoch), ErrorCode::NONE);
        assert_eq!(commit("member", member.epoch + 1), ErrorCode::STALE_MEMBER_EPOCH);
        assert_eq!(commit("nobody", member.epoch), ErrorCode::UNKNOWN_MEMBER_ID);
        assert_eq!(commit("", -1), ErrorCode::UNKNOWN_MEMBER_ID);
    }
}

#[test]
fn a_member_that_is_not_heard_of_is_taken_out_by_the_broker_s_clock() {
    let cluster = Cluster::Embedded(Broker::builder().topic("silent", 1).start().unwrap());
    let Cluster::Embedded(broker) = &cluster else {
        unreachable!()
    };
    broker.freeze_clock();
    let mut wire = cluster.wire();
    Member::new("one").join(&mut wire, "silent", "silent");
    broker.advance_clock(Duration::from_millis(44_999));
    assert_eq!(broker.members("silent"), ["one"]);
    broker.advance_clock(Duration::from_millis(1));
    until(|| broker.members("silent").is_empty().then_some(()));
}
