//! Groups of KIP-848.

use std::time::{Duration, Instant};

use libkafka_protocol::ErrorCode;
use libkafka_protocol::constants::config_resource_type::GROUP;
use libkafka_protocol::messages::consumer_group_heartbeat::request::TopicPartitions;
use libkafka_protocol::messages::incremental_alter_configs::{
    AlterConfigsResource, AlterableConfig,
};
use libkafka_protocol::messages::update_features::FeatureUpdateKey;
use libkafka_protocol::messages::{
    ApiVersionsRequest, ConsumerGroupDescribeRequest, ConsumerGroupHeartbeatRequest,
    IncrementalAlterConfigsRequest, UpdateFeaturesRequest,
};
use libkafka_testbroker::Broker;
use libkafka_testkafka::{Kafka, require};

use crate::cluster::Cluster;
use crate::consumer_member::{
    Member, call, commit, commit_request, coordinated, join, leave, told,
};
use crate::on_both;
use crate::wire::Wire;
use libkafka_integration::until;

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
    fn a_group_has_a_heartbeat_interval_of_its_own_if_it_was_given_one(cluster) {
        cluster.topic("own-interval", 1, &[]);
        let mut wire = coordinated(cluster, "own-interval");
        let request = IncrementalAlterConfigsRequest {
            resources: vec![AlterConfigsResource {
                resource_type: GROUP,
                resource_name: "own-interval".into(),
                configs: vec![AlterableConfig {
                    name: "consumer.heartbeat.interval.ms".into(),
                    value: Some("7000".into()),
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        };
        assert_eq!(wire.call(1, &request).responses[0].error_code, ErrorCode::NONE);
        let mut interval = |group: &str| {
            let answer = call(&mut wire, &join(group, "one", "own-interval"));
            answer.heartbeat_interval_ms
        };
        until(|| (interval("own-interval") == 7_000).then_some(()));
        assert_eq!(interval("other-interval"), 5_000);
    }

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
        // Its coordinator may still load.
        until(|| (describe(&mut wire, "no-such-group").0 == ErrorCode::GROUP_ID_NOT_FOUND).then_some(()));
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
        // Its topics are looked for when this is answered.
        let joined = call(&mut wire, &request);
        assert_eq!((joined.member_epoch, told(&joined)), (1, Some(vec![])));
        member.hear(&joined);
        until(|| {
            member.beat(&mut wire, group, topic.topic_id);
            (member.owned == [0, 1]).then_some(())
        });
        assert_eq!(member.epoch, 2);
        // Those of the same expression are known.
        request.member_id = "other".into();
        assert_eq!(call(&mut wire, &request).error_code, ErrorCode::NONE);
        until(|| {
            member.beat(&mut wire, group, topic.topic_id);
            (member.epoch > 2).then_some(())
        });
        assert_eq!(member.epoch, 3);
    }

    fn offsets_are_committed_in_the_member_s_epoch(cluster) {
        let group = "member-epochs";
        cluster.topic(group, 1, &[]);
        let mut wire = coordinated(cluster, group);
        let mut member = Member::new("member");
        member.join(&mut wire, group, group);
        let mut commit = |member: &str, epoch| commit(&mut wire, group, (member, epoch), 5);
        assert_eq!(commit("member", member.epoch), ErrorCode::NONE);
        assert_eq!(commit("member", member.epoch + 1), ErrorCode::STALE_MEMBER_EPOCH);
        assert_eq!(commit("nobody", member.epoch), ErrorCode::UNKNOWN_MEMBER_ID);
        assert_eq!(commit("", -1), ErrorCode::UNKNOWN_MEMBER_ID);
    }

    fn offsets_of_a_former_epoch_are_taken_of_what_the_member_had_then(cluster) {
        let group = "former-epochs";
        let topic = cluster.topic(group, 1, &[]);
        let mut wire = coordinated(cluster, group);
        let mut member = Member::new("member");
        member.join(&mut wire, group, group);
        until(|| {
            member.beat(&mut wire, group, topic.topic_id);
            (member.owned == [0]).then_some(())
        });
        let former = member.epoch;
        let other = join(group, "other", group);
        assert_eq!(call(&mut wire, &other).error_code, ErrorCode::NONE);
        until(|| {
            member.beat(&mut wire, group, topic.topic_id);
            (member.epoch > former).then_some(())
        });
        let mut commit = |who: &str, epoch| commit(&mut wire, group, (who, epoch), 5);
        assert_eq!(commit("member", former), ErrorCode::NONE);
        assert_eq!(commit("member", former - 1), ErrorCode::STALE_MEMBER_EPOCH);
        assert_eq!(commit("member", -1), ErrorCode::STALE_MEMBER_EPOCH);
        // Which has nothing.
        assert_eq!(commit("other", former - 1), ErrorCode::STALE_MEMBER_EPOCH);
    }

    fn a_member_does_not_commit_by_versions_that_know_no_epochs(cluster) {
        let group = "old-versions";
        cluster.topic(group, 1, &[]);
        let mut wire = coordinated(cluster, group);
        let mut member = Member::new("member");
        member.join(&mut wire, group, group);
        let request = commit_request(group, ("member", member.epoch), 5);
        let code = wire.call(8, &request).topics[0].partitions[0].error_code;
        assert_eq!(code, ErrorCode::UNSUPPORTED_VERSION);
    }
}

/// Who joins within a second of the last assignment hears of the next only after it (KIP-1263);
/// gives whether it was quick enough to show that.
fn an_assignment_stands_for_a_second(cluster: &Cluster, group: &str) -> bool {
    let topic = cluster.topic(group, 2, &[]);
    let mut wire = coordinated(cluster, group);
    let (mut one, mut two) = (Member::new("one"), Member::new("two"));
    let start = Instant::now();
    one.join(&mut wire, group, group);
    two.join(&mut wire, group, group);
    let state = describe(&mut wire, group).1;
    let quick = start.elapsed() < Duration::from_secs(1);
    if quick {
        assert_eq!((one.epoch, two.epoch, state.as_str()), (2, 2, "Assigning"));
    }
    if let Cluster::Embedded(broker) = cluster {
        broker.advance_clock(Duration::from_secs(1));
    }
    until(|| {
        one.beat(&mut wire, group, topic.topic_id);
        two.beat(&mut wire, group, topic.topic_id);
        (one.owned.len() == 1 && two.owned.len() == 1 && two.epoch == 3).then_some(())
    });
    quick
}

#[test]
fn an_assignment_stands_for_as_long_as_is_configured() {
    let interval = ("group.consumer.assignment.interval.ms", "1000");
    let broker = Broker::builder().config(interval.0, interval.1).start();
    let broker = broker.unwrap();
    broker.freeze_clock();
    an_assignment_stands_for_a_second(&Cluster::Embedded(broker), "stands");
}

#[test]
fn an_assignment_stands_for_a_second_in_real_kafka() {
    require!();
    let cluster = Cluster::Real(Kafka::shared());
    let mut groups = (0..).map(|n| format!("stands-{n}"));
    until(|| an_assignment_stands_for_a_second(&cluster, &groups.next().unwrap()).then_some(()));
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

/// With real Kafka, other tests need the feature.
#[test]
fn a_cluster_without_the_feature_has_no_such_groups() {
    let broker = Broker::builder().topic("t", 1).start().unwrap();
    let mut wire = Wire::connect(broker.address(1));
    let update = |max_version_level, upgrade_type| UpdateFeaturesRequest {
        feature_updates: vec![FeatureUpdateKey {
            feature: "group.version".into(),
            max_version_level,
            upgrade_type,
            ..Default::default()
        }],
        ..Default::default()
    };
    let versions = ApiVersionsRequest {
        client_software_name: "wire".into(),
        client_software_version: "1".into(),
        ..Default::default()
    };
    let is_on = |wire: &mut Wire| {
        let features = wire.call(3, &versions).finalized_features;
        features
            .iter()
            .any(|feature| feature.name == "group.version")
    };
    assert!(is_on(&mut wire));
    assert!(wire.call(2, &update(0, 2)).error_code.is_ok());
    assert!(!is_on(&mut wire));
    let refused = wire.call(1, &join("g", "one", "t"));
    assert_eq!(refused.error_code, ErrorCode::UNSUPPORTED_VERSION);
    assert_eq!(describe(&mut wire, "g").0, ErrorCode::UNSUPPORTED_VERSION);
    assert!(wire.call(2, &update(1, 1)).error_code.is_ok());
    assert!(wire.call(1, &join("g", "one", "t")).error_code.is_ok());
}
