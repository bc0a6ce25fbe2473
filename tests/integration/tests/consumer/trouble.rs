//! Trouble with single partitions: it is told, and nothing is lost silently.

use libkafka_client::membership::LostReason;
use libkafka_client::protocol::ErrorCode;
use libkafka_client::protocol::messages::{FetchRequest, FetchResponse};
use libkafka_client::{
    Commit, ConsumerOptions, ConsumerSource, OnCorruptBatch, OnOutOfRange, OnTruncation, Polled,
    TopicPartition,
};
use libkafka_client::{NewTopic, membership::Subscription};
use libkafka_integration::{until, until_ok};
use libkafka_testbroker::Fault;

use super::owner::Owner;
use super::*;

fn member(group: &str) -> Membership {
    Kind::Cooperative.member(group, "t", "one")
}

/// A consumer whose group has committed this offset for partition 0.
fn owner_at(broker: &Broker, group: &str, offset: i64, options: ConsumerOptions) -> Owner {
    let client = client(broker);
    let commit = Commit {
        topic: "t",
        partition: 0,
        offset,
        ..Default::default()
    };
    let mut offsets = client.offsets(group);
    offsets.commit(&[commit]).unwrap().into_result().unwrap();
    Owner::new(&client, member(group), options)
}

#[test]
fn an_offset_before_the_start_of_the_log_stops_the_partition_and_is_never_skipped_silently() {
    let broker = broker(1);
    produce(&broker, 0, &["a", "b", "c", "d"]);
    broker.delete_before("t", 0, 2);
    let mut owner = owner_at(&broker, "stops", 1, ConsumerOptions::new());
    owner.until(|owner| !owner.trouble.is_empty());
    assert!(owner.trouble[0].1.contains('1'), "{owner:?}");
    assert_eq!(owner.count(), 0);
    let status = owner.consumer.claim(&owner.claim(0)).unwrap();
    assert_eq!((status.log_start, status.end), (Some(2), Some(4)));
    owner.consumer.seek(&owner.claim(0), 3);
    owner.read(1);
    assert_eq!(owner.values(0), ["d"]);
    for (policy, expected) in [
        (OnOutOfRange::Nearest, vec!["c", "d"]),
        (OnOutOfRange::Earliest, vec!["c", "d"]),
        (OnOutOfRange::Latest, vec![]),
    ] {
        let options = ConsumerOptions::new().on_out_of_range(policy);
        let mut owner = owner_at(&broker, &format!("{policy:?}"), 1, options);
        owner.until(|owner| {
            owner
                .consumer
                .claims()
                .any(|claim| claim.position == Some(4))
        });
        assert_eq!(owner.values(0), expected, "{policy:?}");
        assert_eq!(owner.trouble.len(), 1);
    }
}

#[test]
fn an_offset_beyond_the_end_of_the_log_stops_the_partition_or_goes_where_it_is_told() {
    let broker = broker(1);
    produce(&broker, 0, &["a", "b"]);
    let mut owner = owner_at(&broker, "stops", 9, ConsumerOptions::new());
    owner.until(|owner| !owner.trouble.is_empty());
    let status = owner.consumer.claim(&owner.claim(0)).unwrap();
    assert_eq!((status.position, status.end), (Some(9), Some(2)));
    for (policy, expected) in [
        (OnOutOfRange::Nearest, vec!["new"]),
        (OnOutOfRange::Earliest, vec!["a", "b", "new"]),
    ] {
        let broker = self::broker(1);
        produce(&broker, 0, &["a", "b"]);
        let options = ConsumerOptions::new().on_out_of_range(policy);
        let mut owner = owner_at(&broker, "g", 9, options);
        owner.until(|owner| !owner.trouble.is_empty());
        produce(&broker, 0, &["new"]);
        owner.until(|owner| owner.values(0).last() == Some(&"new"));
        assert_eq!(owner.values(0), expected, "{policy:?}");
    }
}

#[test]
fn a_log_that_was_truncated_under_the_reader_is_told_and_read_again_from_where_it_parts() {
    for policy in [OnTruncation::Rewind, OnTruncation::Stop] {
        let broker = broker(1);
        produce(&broker, 0, &["a", "lost", "lost too"]);
        let options = ConsumerOptions::new().on_truncation(policy);
        let mut owner = Owner::new(&client(&broker), member("g"), options);
        owner.read(3);
        // A leader is elected that has the first record only, and goes on from there.
        broker.truncate("t", 0, 1);
        let next = broker.leader("t", 0).unwrap() % 3 + 1;
        broker.move_leader("t", 0, next);
        produce(&broker, 0, &["b", "c", "d"]);
        owner.until(|owner| !owner.trouble.is_empty());
        if policy == OnTruncation::Stop {
            assert_eq!(owner.count(), 3);
            owner.consumer.seek(&owner.claim(0), 1);
        }
        owner.read(6);
        assert_eq!(owner.values(0), ["a", "lost", "lost too", "b", "c", "d"]);
        owner.close().unwrap();
        assert_eq!(broker.committed("g", "t", 0), Some(4));
    }
}

#[test]
fn a_committed_offset_is_checked_against_the_epochs_of_the_log() {
    let broker = broker(1);
    produce(&broker, 0, &["a", "lost"]);
    let mut owner = Owner::new(&client(&broker), member("g"), ConsumerOptions::new());
    owner.read(2);
    owner.close().unwrap();
    broker.truncate("t", 0, 1);
    let next = broker.leader("t", 0).unwrap() % 3 + 1;
    broker.move_leader("t", 0, next);
    produce(&broker, 0, &["b", "c"]);
    // Offset 2 is in the log, but what comes before it is not what was read.
    let mut owner = Owner::new(&client(&broker), member("g"), ConsumerOptions::new());
    owner.read(2);
    assert_eq!(owner.values(0), ["b", "c"]);
    assert_eq!(owner.trouble.len(), 1, "{owner:?}");
}

/// Damages the second of the batches in each response.
fn damage(_: &FetchRequest, response: &mut FetchResponse) {
    let Some(topic) = response.responses.first_mut() else {
        return;
    };
    let partition = &mut topic.partitions[0];
    let Some(records) = partition.records.take() else {
        return;
    };
    let mut bytes = records.to_vec();
    let batches = libkafka_client::batch::RecordSet::unchecked(&records);
    let mut at = 0;
    let mut batches = batches.map(|batch| {
        let batch = batch.unwrap();
        let start = at;
        at += batch.size();
        (start, batch.header.base_offset)
    });
    if let Some((start, _)) = batches.find(|(_, base_offset)| *base_offset == 1) {
        // In the records, so that the header is as it was.
        bytes[start + 61 + 5] ^= 1;
    }
    partition.records = Some(bytes.into());
}

#[test]
fn a_corrupt_batch_in_the_middle_is_trouble_and_loses_nothing() {
    let broker = broker(1);
    produce(&broker, 0, &["a", "b", "c"]);
    let fault = broker.inject(Fault::any().alter::<FetchRequest>(damage));
    let mut owner = Owner::new(&client(&broker), member("g"), ConsumerOptions::new());
    let deadline = std::time::Instant::now() + LONG;
    let next_offset = loop {
        assert!(std::time::Instant::now() < deadline, "{owner:?}");
        match owner.consumer.poll(Duration::from_millis(50)).unwrap() {
            Polled::Records(batch) => {
                assert_eq!(batch.span().first_offset, 0);
                batch.handled();
            }
            Polled::Assigned { claims } => owner.claims.extend(claims),
            Polled::Trouble {
                next, next_offset, ..
            } => {
                assert_eq!(next, None, "it waits for its owner");
                break next_offset;
            }
            _ => {}
        }
    };
    assert_eq!(next_offset, Some(2), "the offset after the bad batch");
    let status = owner.consumer.claim(&owner.claim(0)).unwrap();
    assert_eq!((status.position, status.handled), (Some(1), Some(1)));
    // It was the transport after all: nothing has been lost.
    fault.remove();
    owner.consumer.seek(&owner.claim(0), 1);
    owner.read(2);
    assert_eq!(owner.values(0), ["b", "c"]);
}

#[test]
fn a_corrupt_batch_is_skipped_only_by_those_who_say_so() {
    let broker = broker(1);
    produce(&broker, 0, &["a", "b", "c"]);
    let _fault = broker.inject(Fault::any().alter::<FetchRequest>(damage));
    let options = ConsumerOptions::new().on_corrupt_batch(OnCorruptBatch::Skip);
    let mut owner = Owner::new(&client(&broker), member("g"), options);
    owner.read(2);
    assert_eq!(owner.values(0), ["a", "c"]);
    assert_eq!(owner.trouble.len(), 1);
    owner.close().unwrap();
    assert_eq!(broker.committed("g", "t", 0), Some(3));
}

#[test]
fn a_topic_that_was_created_again_ends_the_claims_on_the_former_and_is_read_from_its_beginning() {
    let chosen = vec![TopicPartition::new("t", 0)];
    let sources = [
        ConsumerSource::from(Kind::Eager.member("g", "t", "one")),
        ConsumerSource::from(Kind::Consumer.member("g", "t", "one")),
        ConsumerSource::from(Subscription::topics(["t"])),
        ConsumerSource::from(chosen),
    ];
    for source in sources {
        let what = format!("{source:?}");
        let broker = broker(1);
        produce(&broker, 0, &["old", "older"]);
        let mut client = client(&broker);
        let options = ConsumerOptions::new().metadata_interval(Duration::from_millis(100));
        let mut owner = Owner::new(&client, source, options);
        // What was handled of a topic that is gone.
        owner.may_fail_to_commit = true;
        owner.read(2);
        let old = owner.claim(0);
        client.delete_topic("t").unwrap();
        let topic = NewTopic::new("t").partitions(1).replication_factor(1);
        until_ok(|| client.create_topic(topic.clone()));
        until(|| client.producer("t", 0).ok());
        produce(&broker, 0, &["new", "newer", "newest"]);
        owner.read(5);
        assert_eq!(owner.values(0), ["old", "older", "new", "newer", "newest"]);
        assert!(old.is_ended(), "{what}: {owner:?}");
        assert!(
            owner.lost.contains(&LostReason::TopicReplaced) || owner.revoked == 1,
            "{what}: {owner:?}"
        );
        owner.close().unwrap();
    }
}

#[test]
fn a_partition_without_a_leader_is_trouble_and_read_once_it_has_one() {
    let broker = broker(2);
    produce(&broker, 0, &["a"]);
    produce(&broker, 1, &["b"]);
    let leader = broker.leader("t", 0).unwrap();
    broker.remove_leader("t", 0);
    let mut owner = Owner::new(&client(&broker), member("g"), ConsumerOptions::new());
    owner.until(|owner| owner.trouble.len() == 1 && owner.count() == 1);
    assert_eq!(owner.values(1), ["b"], "the other is read meanwhile");
    broker.move_leader("t", 0, leader);
    owner.read(2);
    assert_eq!(owner.values(0), ["a"]);
    assert_eq!(owner.trouble.len(), 1, "it is told once");
}

#[test]
fn an_error_that_a_second_try_cures_is_not_worth_a_word() {
    let broker = broker(1);
    produce(&broker, 0, &["a"]);
    let fault = Fault::on(libkafka_client::protocol::ApiKey::FETCH).times(1);
    let fault = broker.inject(fault.error(ErrorCode::NOT_LEADER_OR_FOLLOWER));
    let mut owner = Owner::new(&client(&broker), member("g"), ConsumerOptions::new());
    owner.read(1);
    assert_eq!(fault.hits(), 1);
    assert!(owner.trouble.is_empty(), "{owner:?}");
}
