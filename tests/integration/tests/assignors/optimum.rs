//! The sticky assignment beside all others: none is more even, and of those as even none moves less.

use std::collections::BTreeMap;

use libkafka_client::assignor::Sticky;
use proptest::prelude::*;

use crate::group::{Assignment, Group, Member, Partition, unevenness};
use crate::random::{config, shapes};

/// Assignments to try at most.
const PATIENCE: usize = 4_000;

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn no_assignment_is_more_even_and_none_as_even_moves_less(mut shape in shapes()) {
        shape.members = shape.members.min(4);
        shape.topics = shape.topics.min(3);
        shape.partitions = shape.partitions.min(8);
        let mut group = shape.group();
        if choices(&group).1 > PATIENCE {
            shape.partitions = 5;
            group = shape.group();
        }
        let assignment = group.assign(&Sticky);
        let found = (unevenness(&assignment), group.moved(&assignment));
        prop_assert_eq!(found, best(&group));
    }

    #[test]
    fn no_pair_or_triple_of_members_could_be_more_even(mut shape in shapes()) {
        // What the test above cannot try for large groups: every way over at most two topics.
        shape.equal = false;
        let mut group = shape.group();
        let assignment = group.assign(&Sticky);
        prop_assert_eq!(better_by_two_moves(&group, &assignment), None);
    }
}

#[test]
fn a_chain_of_members_is_levelled_through_the_one_in_the_middle() {
    // Java's class stops at 9, 10 and 11: no single move makes that better.
    let mut group = Group::default();
    for (topic, partitions) in [("left", 10), ("right", 20)] {
        group.topics.insert(topic.into(), vec![vec![]; partitions]);
    }
    let owned = [
        ("a", &["left"][..], [("left", 0..9), ("right", 0..0)]),
        ("b", &["left", "right"], [("left", 9..10), ("right", 0..9)]),
        ("c", &["right"], [("left", 0..0), ("right", 9..20)]),
    ];
    for (id, topics, owned) in owned {
        let owned = owned.into_iter();
        let member = Member {
            topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
            owned: owned
                .flat_map(|(t, p)| p.map(move |p| (t.to_owned(), p)))
                .collect(),
            generation: Some(1),
            ..Member::default()
        };
        group.members.insert(id.into(), member);
    }
    let assignment = group.assign(&Sticky);
    assert!(assignment.values().all(|partitions| partitions.len() == 10));
    assert_eq!(group.moved(&assignment), 2);
}

/// The partitions with those who may have them, and the number of assignments.
fn choices(group: &Group) -> (Vec<(Partition, Vec<&str>)>, usize) {
    let choices = group.partitions().into_iter().map(|partition| {
        let members = group.members.iter();
        let may = members.filter(|(_, member)| member.topics.contains(&partition.0));
        let may = may.map(|(id, _)| id.as_str()).collect();
        (partition, may)
    });
    let choices: Vec<(Partition, Vec<&str>)> = choices.collect();
    let number = choices.iter().map(|(_, may)| may.len()).product();
    (choices, number)
}

/// The least unevenness, and the fewest moves with it.
fn best(group: &Group) -> (usize, usize) {
    let (choices, number) = choices(group);
    let all = (0..number).map(|mut n| {
        let mut assignment: Assignment = group
            .members
            .keys()
            .map(|id| (id.clone(), Vec::new()))
            .collect();
        for (partition, may) in &choices {
            let member = may[n % may.len()];
            n /= may.len();
            assignment
                .entry(member.to_owned())
                .or_default()
                .push(partition.clone());
        }
        (unevenness(&assignment), group.moved(&assignment))
    });
    all.min().unwrap_or_default()
}

/// A member with at least two partitions more than another that it can pass one to, over at most
/// one member between them.
fn better_by_two_moves(group: &Group, assignment: &Assignment) -> Option<(String, String)> {
    let mut passes: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, partitions) in assignment {
        for (to, member) in &group.members {
            if partitions
                .iter()
                .any(|(topic, _)| member.topics.contains(topic))
            {
                passes.entry(from).or_default().push(to);
            }
        }
    }
    let nobody = Vec::new();
    let next = |from: &str| passes.get(from).unwrap_or(&nobody).iter().copied();
    let pairs = assignment.keys().flat_map(|from| {
        let direct = next(from);
        let over = next(from).flat_map(next);
        direct.chain(over).map(move |to| (from, to))
    });
    let mut pairs = pairs.map(|(from, to)| (from.clone(), to.to_owned()));
    pairs.find(|(from, to)| assignment[from].len() >= assignment[to].len() + 2)
}
