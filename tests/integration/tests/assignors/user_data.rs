//! What members tell each other in user data and subscriptions.

use libkafka_client::assignor::{Assignor, CooperativeSticky, Sticky, Subscription};
use libkafka_client::protocol::messages::ConsumerProtocolSubscription;

use crate::group::{Group, Member};

/// What Java's StickyAssignor sends for partitions 0 to 3 of `a` in generation 7.
const STICKY: [u8; 31] = [
    0, 0, 0, 1, 0, 1, b'a', 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 7,
];

const OWNED: [(&str, i32); 4] = [("a", 0), ("a", 1), ("a", 2), ("a", 3)];

/// One member that sends `user_data`, one that is new, and four partitions.
fn first_share(assignor: &dyn Assignor, user_data: &[u8], owned: bool) -> Vec<(String, i32)> {
    let mut group = Group::default();
    group.topics.insert("a".into(), vec![vec![]; 4]);
    for id in ["new", "old"] {
        let member = Member {
            topics: ["a".to_owned()].into(),
            ..Member::default()
        };
        group.members.insert(id.into(), member);
    }
    let mut subscriptions = group.subscription();
    let old = subscriptions.members.get_mut("old").unwrap();
    old.user_data = Some(user_data);
    if owned {
        old.owned_partitions = OWNED[2..].to_vec();
    }
    let assignment = assignor.assign(&subscriptions);
    assignment["old"]
        .iter()
        .map(|(t, p)| ((*t).to_owned(), *p))
        .collect()
}

#[test]
fn sticky_writes_what_java_writes() {
    assert_eq!(Sticky.user_data(&OWNED, Some(7)).unwrap(), STICKY[..]);
    assert_eq!(Sticky.user_data(&[], None), None);
}

#[test]
fn sticky_reads_partitions_with_and_without_a_generation() {
    let kept = |bytes: &[u8]| first_share(&Sticky, bytes, false);
    let mine: Vec<_> = OWNED[..2]
        .iter()
        .map(|(t, p)| ((*t).to_owned(), *p))
        .collect();
    assert_eq!(kept(&STICKY), mine);
    assert_eq!(kept(&STICKY[..27]), mine);
    // Fields of a version to come are left unread.
    assert_eq!(kept(&[&STICKY[..], &[9, 9]].concat()), mine);
}

#[test]
fn user_data_that_make_no_sense_are_as_none() {
    let nothing_kept = first_share(&Sticky, &[], false);
    assert_eq!(nothing_kept.len(), 2);
    for length in (0..STICKY.len()).filter(|length| *length != 27) {
        assert_eq!(
            first_share(&Sticky, &STICKY[..length], false),
            nothing_kept,
            "{length}"
        );
    }
    assert_eq!(first_share(&Sticky, &[0xff; 40], false), nothing_kept);
}

#[test]
fn sticky_goes_by_user_data_and_not_by_what_is_owned_still() {
    // An eager member owns nothing any more when it joins.
    assert_eq!(
        first_share(&Sticky, &[], true),
        first_share(&Sticky, &[], false)
    );
}

#[test]
fn cooperative_sticky_writes_and_reads_the_generation_alone() {
    let user_data = |generation| CooperativeSticky.user_data(&OWNED, generation).unwrap();
    assert_eq!(user_data(Some(7)), [0, 0, 0, 7][..]);
    assert_eq!(user_data(None), [0xff; 4][..]);

    // Two members claim the same; the one with the later generation in its user data has it.
    let mut group = Group::default();
    group.topics.insert("a".into(), vec![vec![]; 2]);
    for id in ["early", "late"] {
        let member = Member {
            topics: ["a".to_owned()].into(),
            owned: vec![("a".to_owned(), 0)],
            ..Member::default()
        };
        group.members.insert(id.into(), member);
    }
    let mut subscriptions = group.subscription();
    subscriptions.members.get_mut("early").unwrap().user_data = Some(&[0, 0, 0, 6]);
    subscriptions.members.get_mut("late").unwrap().user_data = Some(&[0, 0, 0, 7]);
    let assignment = CooperativeSticky.assign(&subscriptions);
    assert_eq!(assignment["late"], [("a", 0)]);
    assert_eq!(assignment["early"], [("a", 1)]);
}

#[test]
fn a_subscription_survives_the_wire() {
    let mut sent = Subscription::to(["b", "a"]);
    sent.user_data = Some(&[1]);
    sent.owned_partitions = vec![("b", 2), ("a", 1), ("b", 0)];
    sent.generation = Some(5);
    sent.rack = Some("r");
    let wire = sent.to_wire();
    assert_eq!(wire.topics, ["a", "b"]);
    let bytes = wire.to_bytes(3).unwrap();
    let read = ConsumerProtocolSubscription::from_bytes(&bytes).unwrap();
    let mut read = Subscription::from_wire(&read);
    assert_eq!(read.owned_partitions, [("a", 1), ("b", 0), ("b", 2)]);
    read.owned_partitions = sent.owned_partitions.clone();
    assert_eq!(read, sent);

    let old = ConsumerProtocolSubscription::from_bytes(&wire.to_bytes(0).unwrap()).unwrap();
    assert_eq!(Subscription::from_wire(&old).generation, None);
}
