//! Committed offsets, from inside and outside of a group.

use std::time::Duration;

use libkafka_client::membership::{ConsumerOptions, Event, Membership, Subscription};
use libkafka_client::protocol::ErrorCode;
use libkafka_client::{Client, Commit, Isolation, OffsetSpec, Offsets, TopicPartition};

use libkafka_integration::{batch_at, patiently};

use crate::on_both;
use crate::topics::{client, create};

fn produce(client: &mut Client, topic: &str, partition: i32, values: &[&str]) {
    let mut producer = client.producer(topic, partition).unwrap();
    producer
        .produce(batch_at(1_700_000_000_000, values))
        .unwrap();
}

fn commit(topic: &str, partition: i32, offset: i64) -> Commit<'_> {
    Commit {
        topic,
        partition,
        offset,
        ..Default::default()
    }
}

fn all(offsets: &mut Offsets) -> Vec<(i32, i64)> {
    let all = offsets.fetch_all().unwrap().into_result().unwrap();
    let all = all
        .into_iter()
        .filter_map(|(partition, committed)| Some((partition.partition, committed?.offset)));
    all.collect()
}

on_both! {
    fn each_partition_has_a_result_of_its_own(cluster) {
        let mut client = client(cluster);
        let topic = "each-result";
        create(&mut client, topic, 2, &[]);
        let mut offsets = client.offsets(topic);
        let commits = [commit(topic, 0, 5), commit("no-such-topic", 0, 1), commit(topic, 1, 6)];
        patiently(&mut offsets, |offsets| offsets.commit(&commits[..1])?.into_result());
        let results = offsets.commit(&commits).unwrap();
        let refused: Vec<_> = results.refused().map(|(p, error)| (p.to_string(), error.code())).collect();
        let code = Some(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
        assert_eq!(refused, [("no-such-topic-0".to_owned(), code)]);
        assert!(results.into_result().is_err());
        assert_eq!(all(&mut offsets), [(0, 5), (1, 6)]);
    }

    fn offsets_are_reset_to_a_place_in_the_log_and_forgotten(cluster) {
        let mut client = client(cluster);
        let topic = "reset-offsets";
        create(&mut client, topic, 2, &[]);
        produce(&mut client, topic, 0, &["a", "b", "c"]);
        produce(&mut client, topic, 1, &["d"]);
        let mut offsets = client.offsets(topic);
        patiently(&mut offsets, |offsets| offsets.reset(topic, OffsetSpec::Latest)?.into_result());
        assert_eq!(all(&mut offsets), [(0, 3), (1, 1)]);
        offsets.reset(topic, OffsetSpec::Earliest).unwrap().into_result().unwrap();
        assert_eq!(all(&mut offsets), [(0, 0), (1, 0)]);
        // No record is that late: the end.
        let late = OffsetSpec::Timestamp(2_000_000_000_000);
        offsets.reset(topic, late).unwrap().into_result().unwrap();
        assert_eq!(all(&mut offsets), [(0, 3), (1, 1)]);

        let first = [TopicPartition::new(topic, 0)];
        offsets.delete(&first).unwrap().into_result().unwrap();
        assert_eq!(all(&mut offsets), [(1, 1)]);
    }

    fn lag_is_counted_to_the_end_of_each_partition(cluster) {
        let mut client = client(cluster);
        let topic = "lag";
        create(&mut client, topic, 3, &[]);
        produce(&mut client, topic, 0, &["a", "b", "c"]);
        produce(&mut client, topic, 1, &["d"]);
        let mut offsets = client.offsets(topic);
        let commits = [commit(topic, 0, 1), commit(topic, 2, 0)];
        patiently(&mut offsets, |offsets| offsets.commit(&commits)?.into_result());
        for isolation in [Isolation::ReadUncommitted, Isolation::ReadCommitted] {
            let lags = offsets.lag_in(&[topic], isolation).unwrap().into_result().unwrap();
            let lags: Vec<_> = lags.into_iter().map(|(_, lag)| (lag.end, lag.records)).collect();
            assert_eq!(lags, [(3, Some(2)), (1, None), (0, Some(0))]);
        }
        let error = offsets.lag(&["no-such-topic"]).unwrap_err();
        assert_eq!(error.code(), Some(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION));
    }

    fn a_member_of_kip_848_commits_in_its_epoch_and_nobody_else_does(cluster) {
        let mut client = client(cluster);
        let topic = "commit-in-epoch";
        create(&mut client, topic, 1, &[]);
        let topology = client.topology([topic]).unwrap();
        let topic_id = topology.topic(topic).unwrap().topic_id;
        let subscription = Subscription::topics([topic]);
        let id = "commit-in-epoch-member";
        let membership = Membership::consumer(topic, id, subscription, ConsumerOptions::default());
        let mut member = client.group_member(membership);
        while !matches!(member.wait(Duration::from_secs(60)), Ok(Some(Event::Assigned { .. }))) {}
        let identity = member.membership().identity().unwrap();

        let mut offsets = client.offsets(topic);
        let by_id = Commit { topic_id, ..commit(topic, 0, 4) };
        offsets.commit_as(&identity, &[commit(topic, 0, 3)]).unwrap().into_result().unwrap();
        offsets.commit_as(&identity, &[by_id]).unwrap().into_result().unwrap();
        let partitions = [TopicPartition::new(topic, 0)];
        let committed = offsets.fetch_as(&identity, &partitions).unwrap().into_result().unwrap();
        assert_eq!(committed[0].1.as_ref().unwrap().offset, 4);

        let by_id = offsets.fetch_by_id(&topology, &partitions).unwrap().into_result().unwrap();
        assert_eq!(by_id, committed);

        let refused = offsets.commit(&[commit(topic, 0, 5)]).unwrap().into_result();
        assert_eq!(refused.unwrap_err().code(), Some(ErrorCode::UNKNOWN_MEMBER_ID));
        member.leave(Default::default()).unwrap();
        let refused = offsets.commit_as(&identity, &[commit(topic, 0, 6)]).unwrap().into_result();
        assert!(refused.is_err());
        assert_eq!(all(&mut offsets), [(0, 4)]);
    }
}
