//! Consumers in groups.

use std::thread;
use std::time::{Duration, Instant};

use libkafka_client::membership::LostReason;
use libkafka_client::{Commits, ConsumerOptions, Polled};

use super::owner::{Owner, both};
use super::*;

#[test]
fn a_commit_inside_revoking_is_accepted_by_the_coordinator() {
    for kind in KINDS {
        let broker = broker(2);
        produce(&broker, 0, &["a", "b"]);
        produce(&broker, 1, &["c"]);
        let client = client(&broker);
        let by_hand = ConsumerOptions::new().commits(Commits::ByHand);
        let mut one = Owner::new(&client, kind.member("g", "t", "one"), by_hand.clone());
        one.read(3);
        assert_eq!(broker.committed("g", "t", 0), None, "nothing was committed");
        let mut two = client
            .consumer(kind.member("g", "t", "two"), by_hand)
            .unwrap();
        let deadline = Instant::now() + LONG;
        let revoking = loop {
            assert!(Instant::now() < deadline, "{kind:?} {one:?}");
            let _ = two.poll(Duration::from_millis(10)).unwrap();
            if let Polled::Revoking { claims, by } =
                one.consumer.poll(Duration::from_millis(10)).unwrap()
            {
                assert!(by > Instant::now());
                break claims;
            }
        };
        let results = one.consumer.commit(LONG).unwrap();
        assert_eq!(results.iter().len(), 2, "{kind:?} {results:?}");
        results.into_result().unwrap();
        assert_eq!(broker.committed("g", "t", 0), Some(2));
        assert_eq!(broker.committed("g", "t", 1), Some(1));
        assert!(revoking.iter().all(|claim| !claim.is_ended()));
        let _ = one.consumer.poll(Duration::from_millis(10)).unwrap();
        assert!(revoking.iter().all(|claim| claim.is_ended()), "{kind:?}");
    }
}

#[test]
fn what_is_handled_is_committed_before_partitions_are_given_up_and_read_on_from_there() {
    for kind in KINDS {
        let broker = broker(2);
        produce(&broker, 0, &["a", "b"]);
        produce(&broker, 1, &["c"]);
        let client = client(&broker);
        let mut one = Owner::new(
            &client,
            kind.member("g", "t", "one"),
            ConsumerOptions::new(),
        );
        one.read(3);
        let mut two = Owner::new(
            &client,
            kind.member("g", "t", "two"),
            ConsumerOptions::new(),
        );
        both(&mut one, &mut two, |one, two| {
            one.claims.len() == 1 && two.claims.len() == 1
        });
        let moved = two.claims[0].partition().partition;
        produce(&broker, moved, &["next"]);
        two.read(1);
        assert_eq!(
            (two.values(moved), two.count()),
            (vec!["next"], 1),
            "{kind:?}"
        );
        two.close().unwrap();
        one.until(|one| one.claims.len() == 2);
        produce(&broker, moved, &["last"]);
        one.until(|one| one.values(moved).last() == Some(&"last"));
        assert!(!one.values(moved).contains(&"next"), "{kind:?}");
        one.close().unwrap();
        assert!(broker.members("g").is_empty());
    }
}

#[test]
fn poll_with_everything_paused_still_serves_the_group() {
    for kind in KINDS {
        let broker = broker(2);
        produce(&broker, 0, &["a"]);
        produce(&broker, 1, &["b"]);
        let client = client(&broker);
        let mut one = Owner::new(
            &client,
            kind.member("g", "t", "one"),
            ConsumerOptions::new(),
        );
        one.until(|one| one.claims.len() == 2);
        for claim in one.claims.clone() {
            assert!(one.consumer.pause(&claim));
        }
        let mut two = Owner::new(
            &client,
            kind.member("g", "t", "two"),
            ConsumerOptions::new(),
        );
        both(&mut one, &mut two, |one, two| {
            one.claims.len() == 1 && two.claims.len() == 1 && two.count() == 1
        });
        let kept = one.claims[0].clone();
        // A claim that was kept is still paused; one that is new never was.
        if one.consumer.claim(&kept).unwrap().paused {
            assert_eq!(one.count(), 0);
            assert!(one.consumer.resume(&kept));
        }
        one.read(1);
    }
}

#[test]
fn a_handler_that_takes_three_sessions_keeps_its_partitions_by_a_keeper() {
    let broker = broker(1);
    produce(&broker, 0, &["slow", "next"]);
    let member = Kind::Eager.member("g", "t", "one");
    let mut owner = Owner::new(&client(&broker), member, ConsumerOptions::new());
    thread::scope(|scope| {
        let keeper = owner.consumer.keeper().unwrap();
        scope.spawn(move || keeper.run().unwrap());
        owner.read(1);
        three_sessions_pass(&broker, || assert!(!owner.claims[0].is_wanted_back()));
        owner.read(2);
        assert!(owner.lost.is_empty() && owner.revoked == 0);
        owner.close().unwrap();
    });
    assert_eq!(broker.committed("g", "t", 0), Some(2));
}

#[test]
fn a_late_handled_of_an_ended_claim_does_nothing() {
    for kind in KINDS {
        let broker = broker(1);
        produce(&broker, 0, &["a", "b"]);
        let client = client(&broker);
        let mut owner = Owner::new(
            &client,
            kind.member("g", "t", "one"),
            ConsumerOptions::new(),
        );
        owner.handles = false;
        owner.read(2);
        // Where the claim began is committed by itself, and nothing after it.
        owner.until(|_| broker.committed("g", "t", 0) == Some(0));
        let members = broker.members("g");
        broker.expire_member("g", &members[0]);
        // The partition comes back, and is another claim.
        owner.until(|owner| owner.lost.len() == 1 && owner.claims.len() == 1);
        assert!(owner.unhandled.iter().all(|batch| batch.claim().is_ended()));
        owner.unhandled.iter().for_each(|batch| batch.handled());
        assert!(owner.consumer.commit(LONG).unwrap().into_result().is_ok());
        assert_eq!(
            broker.committed("g", "t", 0),
            Some(0),
            "{kind:?}: the start"
        );
        owner.unhandled.clear();
        owner.read(4);
        owner.unhandled[0].handled();
        owner.consumer.commit(LONG).unwrap().into_result().unwrap();
        assert_eq!(broker.committed("g", "t", 0), Some(1));
        assert!(matches!(
            owner.lost[0],
            LostReason::UnknownMember | LostReason::Fenced
        ));
    }
}

#[test]
fn records_buffered_before_a_rebalance_are_not_handed_out_after_it() {
    for kind in KINDS {
        let broker = broker(2);
        let many: Vec<String> = (0..50).map(|n| n.to_string()).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        produce(&broker, 0, &many);
        produce(&broker, 1, &many);
        let client = client(&broker);
        let mut one = Owner::new(
            &client,
            kind.member("g", "t", "one"),
            ConsumerOptions::new(),
        );
        // Both partitions have something buffered.
        one.until(|one| !one.values(0).is_empty() && !one.values(1).is_empty());
        let mut two = Owner::new(
            &client,
            kind.member("g", "t", "two"),
            ConsumerOptions::new(),
        );
        both(&mut one, &mut two, |one, two| {
            one.claims.len() == 1 && two.claims.len() == 1
        });
        both(&mut one, &mut two, |one, two| {
            one.count() + two.count() >= 100
        });
        // Each value once: what the first had buffered of the moved partition, it never gave out.
        assert_eq!(one.count() + two.count(), 100, "{kind:?}");
    }
}

#[test]
fn a_consumer_that_lost_its_partitions_goes_on_from_what_it_had_committed() {
    for kind in KINDS {
        let broker = broker(1);
        produce(&broker, 0, &["a", "b"]);
        let client = client(&broker);
        let options = ConsumerOptions::new().commits(Commits::Every(Duration::from_millis(20)));
        let mut owner = Owner::new(&client, kind.member("g", "t", "one"), options);
        owner.read(2);
        owner.until(|_| broker.committed("g", "t", 0) == Some(2));
        let members = broker.members("g");
        broker.expire_member("g", &members[0]);
        owner.until(|owner| !owner.lost.is_empty() && owner.claims.len() == 1);
        produce(&broker, 0, &["c"]);
        owner.read(3);
        assert_eq!(owner.values(0), ["a", "b", "c"], "{kind:?}");
    }
}
