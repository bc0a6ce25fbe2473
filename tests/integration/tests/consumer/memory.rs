//! The memory that fetched records take.

use libkafka_client::membership::Subscription;
use libkafka_client::{ConsumerOptions, ConsumerSource, FetchOptions};

use super::owner::Owner;
use super::*;

const KIB: usize = 1024;

#[test]
fn fetched_records_never_take_more_memory_than_they_may() {
    let broker = broker(6);
    let value = "x".repeat(10 * KIB);
    for partition in 0..6 {
        broker.move_leader("t", partition, partition % 3 + 1);
        let mut producer = client(&broker).producer("t", partition).unwrap();
        for _ in 0..50 {
            producer.produce(batch(&[&value])).unwrap();
        }
    }
    let memory = 512 * KIB;
    let fetch = FetchOptions::new().max_bytes(100 * KIB as u32);
    let options = ConsumerOptions::new().memory(memory).fetch(fetch);
    let source = ConsumerSource::from(Subscription::topics(["t"]));
    let mut owner = Owner::new(&client(&broker), source, options);
    let mut most = 0;
    owner.until(|owner| {
        most = most.max(owner.consumer.budget().used());
        owner.count() == 300
    });
    assert!(most <= memory, "{most}");
    assert!(most > memory / 4, "{most}: it is made use of");
    // Those who keep what they are given get no more than there is room for, until they let go.
    let options = ConsumerOptions::new()
        .memory(memory)
        .fetch(FetchOptions::new().max_bytes(100 * KIB as u32));
    let source = ConsumerSource::from(Subscription::topics(["t"]));
    let mut owner = Owner::new(&client(&broker), source, options);
    owner.handles = false;
    let mut idle = 0;
    while idle < 10 {
        let before = owner.count();
        owner.poll(Duration::from_millis(20));
        idle = if owner.count() == before && before > 0 {
            idle + 1
        } else {
            0
        };
        assert!(owner.consumer.budget().used() <= memory);
    }
    assert!(owner.count() < 300);
    owner.handles = true;
    while owner.count() < 300 {
        owner.unhandled.clear();
        owner.poll(Duration::from_millis(50));
    }
}

#[test]
fn paused_partitions_do_not_keep_the_memory_that_others_need() {
    let broker = broker(3);
    let value = "x".repeat(10 * KIB);
    for partition in 0..3 {
        broker.move_leader("t", partition, 1);
        let mut producer = client(&broker).producer("t", partition).unwrap();
        for _ in 0..30 {
            producer.produce(batch(&[&value])).unwrap();
        }
    }
    let fetch = FetchOptions::new().max_bytes(100 * KIB as u32);
    let options = ConsumerOptions::new().memory(130 * KIB).fetch(fetch);
    let source = ConsumerSource::from(Subscription::topics(["t"]));
    let mut owner = Owner::new(&client(&broker), source, options);
    owner.read(1);
    let (paused, others): (Vec<_>, Vec<_>) = owner
        .claims
        .clone()
        .into_iter()
        .partition(|claim| claim.partition().partition == 0);
    owner.consumer.pause(&paused[0]);
    assert_eq!(others.len(), 2);
    owner.until(|owner| owner.values(1).len() == 30 && owner.values(2).len() == 30);
    owner.consumer.resume(&paused[0]);
    owner.read(90);
    assert_eq!(owner.values(0).len(), 30, "each once");
}

#[test]
fn nothing_is_fetched_long_before_it_is_handed_out() {
    const PARTITIONS: i32 = 60;
    let broker = broker(PARTITIONS);
    let value = "x".repeat(20 * KIB);
    for partition in 0..PARTITIONS {
        broker.move_leader("t", partition, 1);
        produce(&broker, partition, &[&value]);
    }
    let response = 100 * KIB;
    let options = ConsumerOptions::new().max_response_bytes(response as u32);
    let source = ConsumerSource::from(Subscription::topics(["t"]));
    let mut owner = Owner::new(&client(&broker), source, options);
    let mut most = 0;
    owner.until(|owner| {
        // Time enough to fetch all of it.
        std::thread::park_timeout(Duration::from_millis(5));
        most = most.max(owner.consumer.budget().used());
        owner.count() == PARTITIONS as usize
    });
    // One that is handed out, one that waits, one on its way.
    assert!(most <= 4 * response, "{most}");
}
