//! Closing, in every state and by deadline.

use std::thread;
use std::time::Instant;

use libkafka_client::protocol::ApiKey;
use libkafka_client::{ConsumerOptions, Polled};
use libkafka_testbroker::Fault;

use super::owner::Owner;
use super::*;

/// The time that is given to close.
const SHORT: Duration = Duration::from_secs(2);

#[test]
fn closing_commits_what_is_handled_and_leaves_in_every_state() {
    for kind in KINDS {
        // Before it was ever polled.
        let broker = broker(2);
        let client = client(&broker);
        let consumer = client.consumer(kind.member("g", "t", "one"), ConsumerOptions::new());
        consumer.unwrap().close(LONG).unwrap();
        assert!(broker.members("g").is_empty());
        // While it joins.
        let mut owner = Owner::new(
            &client,
            kind.member("g", "t", "two"),
            ConsumerOptions::new(),
        );
        owner.until(|_| !broker.members("g").is_empty());
        owner.close().unwrap();
        assert!(broker.members("g").is_empty(), "{kind:?}");
        // With partitions, some of whose records are handled.
        produce(&broker, 0, &["a", "b"]);
        let mut owner = Owner::new(
            &client,
            kind.member("g", "t", "three"),
            ConsumerOptions::new(),
        );
        owner.read(1);
        owner.handles = false;
        owner.read(2);
        owner.close().unwrap();
        assert_eq!(broker.committed("g", "t", 0), Some(1), "{kind:?}");
        assert!(broker.members("g").is_empty());
        // While partitions are wanted back.
        let mut one = Owner::new(
            &client,
            kind.member("g", "t", "four"),
            ConsumerOptions::new(),
        );
        one.read(1);
        let mut two = client.consumer(kind.member("g", "t", "five"), ConsumerOptions::new());
        let two = two.as_mut().unwrap();
        let deadline = Instant::now() + LONG;
        loop {
            assert!(Instant::now() < deadline, "{kind:?} {one:?}");
            let _ = two.poll(Duration::from_millis(10)).unwrap();
            let polled = one.consumer.poll(Duration::from_millis(10)).unwrap();
            if matches!(polled, Polled::Revoking { .. }) {
                break;
            }
        }
        one.close().unwrap();
        assert_eq!(broker.committed("g", "t", 0), Some(2), "{kind:?}");
        assert_eq!(broker.members("g").len(), 1);
    }
}

#[test]
fn closing_takes_no_longer_than_it_is_told_to_whatever_brokers_do() {
    for kind in KINDS {
        for api in [
            ApiKey::OFFSET_COMMIT,
            ApiKey::LEAVE_GROUP,
            ApiKey::CONSUMER_GROUP_HEARTBEAT,
        ] {
            let is_of_kind = match kind {
                Kind::Consumer => api != ApiKey::LEAVE_GROUP,
                _ => api != ApiKey::CONSUMER_GROUP_HEARTBEAT,
            };
            if !is_of_kind {
                continue;
            }
            let broker = broker(1);
            produce(&broker, 0, &["a"]);
            let client = client(&broker);
            let member = kind.member("g", "t", "one");
            let mut owner = Owner::new(&client, member, ConsumerOptions::new());
            owner.read(1);
            let silence = broker.inject(Fault::on(api).silence());
            let started = Instant::now();
            let closed = owner.consumer.close(SHORT);
            assert!(started.elapsed() < SHORT + LONG / 4, "{kind:?} {api:?}");
            assert!(silence.remove() > 0, "{kind:?} {api:?}");
            if api == ApiKey::OFFSET_COMMIT {
                assert!(closed.is_err(), "the commit was not answered");
            }
        }
        // With nobody there at all.
        let broker = broker(1);
        produce(&broker, 0, &["a"]);
        let member = kind.member("g", "t", "one");
        let mut owner = Owner::new(&client(&broker), member, ConsumerOptions::new());
        owner.read(1);
        broker.ids().iter().for_each(|node| broker.stop_node(*node));
        let started = Instant::now();
        assert!(owner.consumer.close(SHORT).is_err());
        assert!(started.elapsed() < SHORT + LONG / 4, "{kind:?}");
    }
}

#[test]
fn a_stopper_ends_a_poll_from_another_thread_and_the_consumer_still_commits() {
    let broker = broker(1);
    produce(&broker, 0, &["a"]);
    let member = Kind::Cooperative.member("g", "t", "one");
    let mut owner = Owner::new(&client(&broker), member, ConsumerOptions::new());
    owner.read(1);
    let stop = owner.consumer.stopper();
    thread::scope(|scope| {
        scope.spawn(move || stop.stop());
        loop {
            if let Polled::Stopped { why } = owner.consumer.poll(LONG).unwrap() {
                assert_eq!(why, None);
                break;
            }
        }
    });
    owner.close().unwrap();
    assert_eq!(broker.committed("g", "t", 0), Some(1));
}
