//! Where a consumer begins, and how far it is.

use std::time::Instant;

use libkafka_client::membership::Subscription;
use libkafka_client::{Commit, Commits, ConsumerOptions, ConsumerSource, StartAt, TopicPartition};
use libkafka_integration::{batch_at, until};

use super::owner::Owner;
use super::*;

fn chosen(partitions: impl IntoIterator<Item = i32>) -> ConsumerSource {
    let partitions = partitions.into_iter();
    ConsumerSource::Partitions(partitions.map(|n| TopicPartition::new("t", n)).collect())
}

#[test]
fn a_consumer_begins_where_the_group_has_committed_and_else_where_it_is_told() {
    let broker = broker(2);
    let client = client(&broker);
    let mut producer = client_producer(&broker);
    for (time, value) in [(1000, "a"), (2000, "b"), (3000, "c")] {
        producer.produce(batch_at(time, &[value])).unwrap();
    }
    produce(&broker, 1, &["d", "e"]);
    let commit = Commit {
        topic: "t",
        partition: 1,
        offset: 1,
        ..Default::default()
    };
    let cases = [
        (StartAt::Earliest, vec!["a", "b", "c", "new"]),
        (StartAt::Timestamp(2000), vec!["b", "c", "new"]),
        (StartAt::Timestamp(9000), vec!["new"]),
        (StartAt::Latest, vec!["new"]),
    ];
    for (n, (start, expected)) in cases.into_iter().enumerate() {
        let group = format!("g{n}");
        let mut offsets = client.offsets(&group);
        offsets.commit(&[commit]).unwrap().into_result().unwrap();
        let options = ConsumerOptions::new().start(start);
        let member = Kind::Cooperative.member(&group, "t", "one");
        let mut owner = Owner::new(&client, member, options);
        owner.until(|owner| {
            owner.consumer.claims().len() == 2
                && owner
                    .consumer
                    .claims()
                    .all(|claim| claim.position.is_some())
        });
        produce(&broker, 0, &["new"]);
        owner.until(|owner| owner.values(0).last() == Some(&"new"));
        owner.until(|owner| owner.values(1).last() == Some(&"e"));
        assert_eq!(
            owner.values(0)[..expected.len() - 1],
            expected[..expected.len() - 1]
        );
        assert_eq!(owner.values(1), ["e"]);
        owner.close().unwrap();
    }
}

#[test]
fn without_any_start_a_partition_waits_for_its_owner() {
    let broker = broker(1);
    produce(&broker, 0, &["a", "b"]);
    let options = ConsumerOptions::new().start(StartAt::Error);
    let member = Kind::Eager.member("g", "t", "one");
    let mut owner = Owner::new(&client(&broker), member, options);
    owner.until(|owner| !owner.trouble.is_empty());
    assert!(
        owner.trouble[0]
            .1
            .contains("no offset is committed for t-0"),
        "{owner:?}"
    );
    assert!(owner.consumer.seek(&owner.claim(0), 1));
    owner.read(1);
    assert_eq!(owner.values(0), ["b"]);
}

#[test]
fn a_start_that_was_looked_up_is_committed_before_anything_is_read() {
    for kind in KINDS {
        let broker = broker(1);
        produce(&broker, 0, &["a", "b"]);
        let client = client(&broker);
        let options = ConsumerOptions::new().start(StartAt::Latest);
        let mut owner = Owner::new(&client, kind.member("g", "t", "one"), options.clone());
        owner.until(|_| broker.committed("g", "t", 0) == Some(2));
        drop(owner);
        // Whoever comes next misses nothing of what came between.
        produce(&broker, 0, &["c"]);
        let members = broker.members("g");
        broker.expire_member("g", &members[0]);
        let mut owner = Owner::new(&client, kind.member("g", "t", "two"), options);
        owner.read(1);
        assert_eq!(owner.values(0), ["c"], "{kind:?}");
    }
}

#[test]
fn a_start_is_committed_though_the_leader_of_another_partition_does_not_tell_its_own() {
    let broker = broker(2);
    let mut client = client(&broker);
    let of = |client: &mut Client, partition| client.leader("t", partition).unwrap().id;
    let (first, second) = (of(&mut client, 0), of(&mut client, 1));
    assert_ne!(first, second);
    produce(&broker, 0, &["a", "b"]);
    produce(&broker, 1, &["a"]);
    let held = broker.inject(Fault::on(ApiKey::LIST_OFFSETS).node(second).pause());
    let options = ConsumerOptions::new().start(StartAt::Latest);
    let member = Kind::Cooperative.member("g", "t", "one");
    let mut owner = Owner::new(&client, member, options);
    owner.until(|_| held.hits() == 1);
    let begun = Instant::now();
    owner.until(|_| broker.committed("g", "t", 0) == Some(2));
    assert_eq!(broker.committed("g", "t", 1), None);
    // After ten seconds the lookup would be over.
    assert!(begun.elapsed() < Duration::from_secs(9));
    held.release();
    owner.until(|_| broker.committed("g", "t", 1) == Some(1));
}

#[test]
fn a_partition_that_is_added_later_is_read_from_its_beginning_though_others_began_at_the_end() {
    // The leader of the group hears of new partitions.
    let group = ClassicOptions::default()
        .heartbeat_interval(Duration::from_millis(100))
        .metadata_interval(Duration::from_millis(100))
        .assignor(Range);
    let topics = Subscription::topics(["t"]);
    let sources = [
        ConsumerSource::from(Membership::classic("g", topics.clone(), group)),
        ConsumerSource::from(topics),
        ConsumerSource::from(Subscription::regex("t|nothing").unwrap()),
    ];
    for source in sources {
        let broker = broker(1);
        produce(&broker, 0, &["old"]);
        let mut client = client(&broker);
        let options = ConsumerOptions::new()
            .start(StartAt::Latest)
            .metadata_interval(Duration::from_millis(100));
        let mut owner = Owner::new(&client, source, options);
        owner.until(|owner| {
            owner
                .consumer
                .claims()
                .any(|claim| claim.position == Some(1))
        });
        client.create_partitions("t", 2).unwrap();
        until(|| client.producer("t", 1).ok());
        produce(&broker, 1, &["first"]);
        produce(&broker, 0, &["new"]);
        owner.read(2);
        assert_eq!(owner.values(0), ["new"]);
        assert_eq!(owner.values(1), ["first"]);
    }
}

#[test]
fn chosen_partitions_commit_to_a_group_without_members_and_begin_there_again() {
    let broker = broker(3);
    for partition in 0..3 {
        produce(&broker, partition, &["a", "b"]);
    }
    let client = client(&broker);
    let options = ConsumerOptions::new().offsets_of("stored");
    let mut owner = Owner::new(&client, chosen(0..2), options.clone());
    owner.read(4);
    owner.close().unwrap();
    assert_eq!(broker.committed("stored", "t", 1), Some(2));
    assert_eq!(broker.committed("stored", "t", 2), None);
    produce(&broker, 0, &["c"]);
    let mut owner = Owner::new(&client, chosen(0..3), options);
    owner.read(3);
    assert_eq!(owner.values(0), ["c"]);
    assert_eq!(owner.values(2), ["a", "b"]);
    // Without a group there is nothing to commit to.
    let mut owner = Owner::new(&client, chosen(0..1), ConsumerOptions::new());
    owner.read(3);
    assert!(owner.consumer.commit(LONG).is_err());
}

#[test]
fn position_handled_committed_end_and_lag_are_told_of_each_claim() {
    let broker = broker(1);
    produce(&broker, 0, &["a", "b", "c"]);
    let member = Kind::Cooperative.member("g", "t", "one");
    let options = ConsumerOptions::new().commits(Commits::ByHand);
    let mut owner = Owner::new(&client(&broker), member, options);
    owner.handles = false;
    owner.read(2);
    let claim = owner.claim(0);
    let status = |owner: &Owner| owner.consumer.claim(&claim).unwrap();
    let found = status(&owner);
    assert_eq!(
        (found.position, found.handled, found.committed),
        (Some(2), Some(0), None)
    );
    assert_eq!((found.end, found.lag, found.pending), (Some(3), Some(1), 2));
    // Out of order: nothing before the first is handled.
    owner.unhandled[1].handled();
    assert_eq!(status(&owner).handled, Some(0));
    owner.unhandled[0].handled();
    assert_eq!(status(&owner).handled, Some(2));
    owner.consumer.commit(LONG).unwrap().into_result().unwrap();
    assert_eq!(status(&owner).committed, Some(2));
    assert_eq!(broker.committed("g", "t", 0), Some(2));
    // What was handed out before a seek does not count after it.
    owner.read(3);
    assert!(owner.consumer.seek(&claim, 1));
    owner.unhandled[2].handled();
    assert_eq!(status(&owner).handled, Some(1));
    owner.read(5);
    assert_eq!(owner.values(0), ["a", "b", "c", "b", "c"]);
    assert_eq!(status(&owner).lag, Some(0));
}

#[test]
fn records_are_handed_out_from_the_asked_offset_on() {
    let broker = broker(1);
    let client = client(&broker);
    let mut producer = client_producer(&broker);
    producer.produce(batch(&["a", "b", "c"])).unwrap();
    let mut owner = Owner::new(&client, chosen(0..1), ConsumerOptions::new());
    owner.until(|owner| !owner.claims.is_empty());
    owner.consumer.seek(&owner.claim(0), 1);
    owner.read(2);
    assert_eq!(owner.values(0), ["b", "c"]);
}

fn client_producer(broker: &Broker) -> libkafka_client::PartitionProducer {
    client(broker).producer("t", 0).unwrap()
}
