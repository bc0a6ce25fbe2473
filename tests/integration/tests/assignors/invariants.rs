//! What holds for every group.

use libkafka_client::assignor::{
    Assignor, CooperativeSticky, GroupSubscription, Range, RoundRobin, Sticky,
};
use proptest::prelude::*;

use crate::group::{Group, Member};
use crate::random::{config, shapes};

const EAGER: [&dyn Assignor; 3] = [&Range, &RoundRobin, &Sticky];
const ALL: [&dyn Assignor; 4] = [&Range, &RoundRobin, &Sticky, &CooperativeSticky];

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn each_partition_of_a_subscribed_topic_goes_to_one_subscriber(shape in shapes()) {
        for assignor in EAGER {
            let mut group = shape.group();
            let assignment = group.assign(assignor);
            let complete = group.check_complete(&assignment);
            prop_assert_eq!(complete, Ok(()), "{}", assignor.name());
        }
    }

    #[test]
    fn cooperative_gives_away_nothing_that_is_claimed_and_is_done_in_two_rounds(
        shape in shapes(),
    ) {
        let mut group = shape.group();
        let first = group.assign(&CooperativeSticky);
        prop_assert_eq!(group.check_sound(&first), Ok(()));
        prop_assert_eq!(group.check_nothing_taken(&first), Ok(()));

        let mut group = group.after(&first);
        let second = group.assign(&CooperativeSticky);
        prop_assert_eq!(group.check_complete(&second), Ok(()));
        prop_assert_eq!(group.moved(&second), 0);

        let third = group.after(&second).assign(&CooperativeSticky);
        prop_assert_eq!(third, second);
    }

    #[test]
    fn a_sticky_assignment_is_final_until_the_group_changes(shape in shapes()) {
        let mut group = shape.group();
        let first = group.assign(&Sticky);
        let again = group.after(&first).assign(&Sticky);
        prop_assert_eq!(again, first);
    }

    #[test]
    fn equal_subscriptions_get_equal_shares(mut shape in shapes()) {
        shape.equal = true;
        let mut group = shape.group();
        for member in group.members.values_mut() {
            member.topics.remove("missing");
        }
        for assignor in [&RoundRobin as &dyn Assignor, &Sticky] {
            let assignment = group.assign(assignor);
            let loads = || assignment.values().map(Vec::len);
            let (most, least) = (loads().max().unwrap_or(0), loads().min().unwrap_or(0));
            prop_assert!(most - least <= 1, "{}", assignor.name());
        }
    }

    #[test]
    fn what_members_own_can_be_listed_in_any_order(shape in shapes(), seed in any::<u64>()) {
        let mut group = shape.group();
        let expected = ALL.map(|assignor| group.assign(assignor));
        let mut random = fastrand::Rng::with_seed(seed);
        for member in group.members.values_mut() {
            random.shuffle(&mut member.owned);
        }
        prop_assert_eq!(ALL.map(|assignor| group.assign(assignor)), expected);
    }

    #[test]
    fn a_member_that_leaves_moves_only_its_own(shape in shapes(), leaver in any::<prop::sample::Index>()) {
        let mut group = shape.group();
        let first = group.assign(&Sticky);
        let mut group = group.after(&first);
        if group.members.is_empty() {
            return Ok(());
        }
        let leaver = leaver.index(group.members.len());
        let leaver = group.members.keys().nth(leaver).cloned().unwrap_or_default();
        group.members.remove(&leaver);
        let second = group.assign(&Sticky);
        if shape.equal {
            prop_assert_eq!(group.moved(&second), 0);
        }
    }
}

#[test]
fn members_read_in_their_own_rack_where_all_can() {
    let racks = ["r1", "r2", "r3"];
    let mut group = Group::default();
    let nearby = |n: i32| vec![racks[n as usize % 3].to_owned()];
    for topic in ["a", "b"] {
        group
            .topics
            .insert(topic.to_owned(), (0..12).map(nearby).collect());
    }
    for n in 0..6 {
        let member = Member {
            topics: ["a".to_owned(), "b".to_owned()].into(),
            rack: Some(racks[n / 2].to_owned()),
            ..Member::default()
        };
        group.members.insert(format!("m{n}"), member);
    }
    for assignor in [&Range as &dyn Assignor, &Sticky] {
        let assignment = group.assign(assignor);
        assert_eq!(group.far(&assignment), 0, "{}", assignor.name());
        assert!(assignment.values().all(|share| share.len() == 4));
    }
}

#[test]
fn a_group_without_members_or_topics_has_an_empty_assignment() {
    for assignor in ALL {
        assert!(assignor.assign(&GroupSubscription::default()).is_empty());
    }
}

#[test]
fn the_names_are_those_that_java_members_know() {
    let names = ["range", "roundrobin", "sticky", "cooperative-sticky"];
    assert_eq!(ALL.map(|assignor| assignor.name()), names);
    let cooperative = [false, false, false, true];
    assert_eq!(ALL.map(|assignor| assignor.cooperative()), cooperative);
}
