//! Consumers in groups.

use std::time::{Duration, Instant};

use libkafka_client::assignor::CooperativeSticky;
use libkafka_client::membership::{ClassicOptions, ConsumerOptions, Membership, Subscription};
use libkafka_client::{Client, Consumer, Polled, TopicPartition};
use libkafka_testkafka::{Listener, Mechanism, Version};

use crate::place::Place;
use libkafka_integration::{PATIENCE, batch, patiently};

/// Two members share what there is, one leaves, and nothing is read twice. By the classic protocol,
/// and by KIP-848 where the broker has it; through a listener of each kind, since it takes a while.
pub(crate) fn share_a_topic_and_go_on_where_they_were(place: &Place) {
    match (place.listener, place.mechanism) {
        (Listener::Plaintext, _) | (Listener::SaslSsl, Some(Mechanism::ScramSha256)) => {}
        _ => return,
    }
    share(place, "classic", |group, topic, _| {
        let options = ClassicOptions::default()
            .session_timeout(Duration::from_secs(60))
            .heartbeat_interval(Duration::from_millis(300))
            .assignor(CooperativeSticky);
        Membership::classic(group, Subscription::topics([topic]), options)
    });
    if place.version >= Version::new(4, 0, 0) && place.listener == Listener::Plaintext {
        share(place, "consumer", |group, topic, name| {
            let id = format!("{group}-{name}");
            let subscription = Subscription::topics([topic]);
            Membership::consumer(group, id, subscription, ConsumerOptions::default())
        });
    }
}

fn share(place: &Place, kind: &str, member: impl Fn(&str, &str, &str) -> Membership) {
    let mut client = place.client();
    let topic = place.create_with(&mut client, &format!("consumed-{kind}"), 2);
    let group = place.name(&format!("consumers-{kind}"));
    produce(&mut client, &topic, "first");
    let options = libkafka_client::ConsumerOptions::new();
    let mut one = client
        .consumer(member(&group, &topic, "one"), options.clone())
        .unwrap();
    let mut read = Vec::new();
    poll(&mut [&mut one], &mut read, |_, read| read == 2);
    let mut two = client
        .consumer(member(&group, &topic, "two"), options)
        .unwrap();
    poll(&mut [&mut one, &mut two], &mut read, |consumers, _| {
        consumers
            .iter()
            .all(|consumer| consumer.claims().len() == 1)
    });
    produce(&mut client, &topic, "second");
    poll(&mut [&mut one, &mut two], &mut read, |_, read| read == 4);
    one.close(PATIENCE).unwrap();
    poll(&mut [&mut two], &mut read, |consumers, _| {
        consumers[0].claims().len() == 2
    });
    produce(&mut client, &topic, "third");
    poll(&mut [&mut two], &mut read, |_, read| read == 6);
    two.close(PATIENCE).unwrap();
    let expected: Vec<_> = ["first", "second", "third"]
        .into_iter()
        .flat_map(|value| (0..2).map(move |partition| (partition, value.to_owned())))
        .collect();
    read.sort();
    let mut expected = expected;
    expected.sort();
    assert_eq!(read, expected, "each is read once");
    let partitions = [0, 1].map(|n| TopicPartition::new(topic.as_str(), n));
    let mut offsets = client.offsets(&group);
    for (_, committed) in offsets.fetch(&partitions).unwrap().into_result().unwrap() {
        assert_eq!(committed.unwrap().offset, 3);
    }
}

/// Polls them in turn until `done`, told how much was read.
fn poll(
    consumers: &mut [&mut Consumer],
    read: &mut Vec<(i32, String)>,
    done: impl Fn(&[&mut Consumer], usize) -> bool,
) {
    let deadline = Instant::now() + PATIENCE;
    while !done(consumers, read.len()) {
        assert!(Instant::now() < deadline, "{read:?} {consumers:?}");
        for consumer in consumers.iter_mut() {
            match consumer.poll(Duration::from_millis(20)).unwrap() {
                Polled::Records(batch) => {
                    for record in &batch.records().unwrap() {
                        let value = record.unwrap().value_text().unwrap().into_owned();
                        read.push((batch.partition().partition, value));
                    }
                    batch.handled();
                }
                Polled::Lost { claims, why } => panic!("lost {claims:?}: {why:?}"),
                Polled::Stopped { why } => panic!("{why:?}"),
                Polled::CommitFailed { error } => panic!("{error}"),
                _ => {}
            }
        }
    }
}

fn produce(client: &mut Client, topic: &str, value: &str) {
    for partition in 0..2 {
        let mut producer = patiently(client, |client| client.producer(topic, partition));
        patiently(&mut producer, |producer| producer.produce(batch(&[value])));
    }
}
