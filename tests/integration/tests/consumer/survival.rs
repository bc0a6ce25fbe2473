//! Leaders and coordinators that go.

use libkafka_client::assignor::Range;
use libkafka_client::membership::{ClassicOptions, Subscription};
use libkafka_client::protocol::ApiKey;
use libkafka_client::{Commits, ConsumerOptions, ConsumerSource};
use libkafka_testbroker::Fault;

use super::owner::Owner;
use super::*;

#[test]
fn a_leader_that_is_killed_costs_no_record_and_no_partition() {
    for kind in KINDS {
        let broker = broker(3);
        let group = format!("g{kind:?}");
        broker.set_coordinator(&group, 1);
        for partition in 0..3 {
            broker.move_leader("t", partition, 2);
            produce(&broker, partition, &["a"]);
        }
        let options = ConsumerOptions::new().commits(Commits::Every(Duration::from_millis(50)));
        let member = kind.member(&group, "t", "one");
        let mut owner = Owner::new(&client(&broker), member, options);
        owner.read(3);
        broker.stop_node(2);
        for partition in 0..3 {
            produce(&broker, partition, &["b"]);
        }
        owner.read(6);
        for partition in 0..3 {
            assert_eq!(owner.values(partition), ["a", "b"], "{kind:?}");
        }
        assert!(owner.lost.is_empty() && owner.revoked == 0, "{kind:?}");
        owner.close().unwrap();
        assert_eq!(broker.committed(&group, "t", 0), Some(2));
    }
}

#[test]
fn a_coordinator_that_is_killed_costs_no_partition_and_commits_follow_it() {
    for kind in KINDS {
        let broker = broker(2);
        let group = format!("g{kind:?}");
        broker.set_coordinator(&group, 2);
        for partition in 0..2 {
            broker.move_leader("t", partition, 1);
            produce(&broker, partition, &["a"]);
        }
        let member = kind.member(&group, "t", "one");
        let by_hand = ConsumerOptions::new().commits(Commits::ByHand);
        let mut owner = Owner::new(&client(&broker), member, by_hand);
        owner.read(2);
        owner.consumer.commit(LONG).unwrap().into_result().unwrap();
        broker.set_coordinator(&group, 3);
        broker.stop_node(2);
        produce(&broker, 0, &["b"]);
        owner.read(3);
        owner.consumer.commit(LONG).unwrap().into_result().unwrap();
        assert_eq!(broker.committed(&group, "t", 0), Some(2), "{kind:?}");
        assert!(owner.lost.is_empty() && owner.revoked == 0, "{kind:?}");
    }
}

#[test]
fn a_broker_that_is_silent_holds_up_none_of_the_others() {
    let broker = broker(2);
    broker.move_leader("t", 0, 1);
    broker.move_leader("t", 1, 2);
    broker.set_coordinator("g", 1);
    let silent = broker.inject(Fault::on(ApiKey::LIST_OFFSETS).node(2).silence());
    let options = ClassicOptions::default().assignor(Range);
    let membership = Membership::classic("g", Subscription::topics(["t"]), options);
    // The silent one is asked again once that is over; the others answer well within it.
    let config = Config::new(broker.bootstrap()).timeout(Duration::from_secs(4));
    let client = Client::new(config).unwrap();
    let mut owner = Owner::new(&client, membership, ConsumerOptions::new());
    silent_until(&mut owner, || silent.hits() > 0);
    produce(&broker, 0, &["a", "b"]);
    owner.read(2);
    silent.remove();
    produce(&broker, 1, &["c"]);
    owner.read(3);
    assert!(owner.lost.is_empty());
}

fn silent_until(owner: &mut Owner, done: impl Fn() -> bool) {
    owner.until(|_| done());
}

#[test]
fn a_coordinator_that_loads_is_asked_again() {
    let broker = broker(1);
    produce(&broker, 0, &["a"]);
    let loading = libkafka_client::protocol::ErrorCode::COORDINATOR_LOAD_IN_PROGRESS;
    let fetch = broker.inject(Fault::on(ApiKey::OFFSET_FETCH).times(2).error(loading));
    let commit = broker.inject(Fault::on(ApiKey::OFFSET_COMMIT).times(2).error(loading));
    let member = Kind::Cooperative.member("g", "t", "one");
    let mut owner = Owner::new(&client(&broker), member, ConsumerOptions::new());
    owner.read(1);
    owner.consumer.commit(LONG).unwrap().into_result().unwrap();
    assert_eq!(broker.committed("g", "t", 0), Some(1));
    assert_eq!((fetch.hits(), commit.hits()), (2, 2));
}

#[test]
fn a_poll_that_may_take_long_returns_as_soon_as_something_has_come() {
    let broker = broker(2);
    produce(&broker, 0, &["a"]);
    produce(&broker, 1, &["b"]);
    let client = client(&broker);
    let group = |kind: Kind| ConsumerSource::from(kind.member(&format!("{kind:?}"), "t", "one"));
    let topics = ConsumerSource::from(Subscription::topics(["t"]));
    for source in KINDS.map(group).into_iter().chain([topics]) {
        let mut owner = Owner::new(&client, source, ConsumerOptions::new());
        let started = std::time::Instant::now();
        while owner.count() < 2 {
            owner.poll(LONG);
        }
        assert!(started.elapsed() < LONG / 2, "{owner:?}");
    }
}
