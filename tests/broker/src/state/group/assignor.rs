//! Who is to read what: the assignors `uniform` and `range` (KIP-848).

use std::collections::{BTreeMap, BTreeSet};

use libkafka_protocol::Uuid;

use super::consumer_member::ConsumerMember;
use super::partitions::Partitions;

/// The names of the assignors; the first is taken where members have no wish.
pub(crate) const ASSIGNORS: [&str; 2] = ["uniform", "range"];

/// The assignor that most members wish for.
pub(crate) fn elected(members: &[ConsumerMember]) -> &'static str {
    let votes = |name: &str| {
        let wishes = members.iter().filter_map(|m| m.assignor.as_deref());
        wishes.filter(|wish| *wish == name).count()
    };
    if votes(ASSIGNORS[1]) > votes(ASSIGNORS[0]) {
        ASSIGNORS[1]
    } else {
        ASSIGNORS[0]
    }
}

/// Sets the target of each member, of which `read` are the topics with their numbers of
/// partitions.
pub(super) fn assign(members: &mut [ConsumerMember], read: &[BTreeMap<Uuid, i32>]) {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by(|a, b| members[*a].id.cmp(&members[*b].id));
    let targets = match elected(members) {
        "range" => range(&order, read),
        _ => uniform(members, &order, read),
    };
    for (member, target) in members.iter_mut().zip(targets) {
        member.target = target;
    }
}

/// Of each topic, a row of partitions to each member.
fn range(order: &[usize], read: &[BTreeMap<Uuid, i32>]) -> Vec<Partitions> {
    let mut targets = vec![Partitions::new(); read.len()];
    for (topic, partitions) in topics(read) {
        let readers = order.iter().filter(|i| read[**i].contains_key(&topic));
        let readers: Vec<usize> = readers.copied().collect();
        let mut next = 0;
        for (place, reader) in (0..).zip(&readers) {
            let left = readers.len() as i32 - place;
            // The first get one more where it does not come out even.
            let share = (partitions - next + left - 1) / left;
            targets[*reader].extend((next..next + share).map(|p| (topic, p)));
            next += share;
        }
    }
    targets
}

/// As many partitions to each member as to any other, and to each what it has, as far as that
/// goes.
fn uniform(
    members: &[ConsumerMember],
    order: &[usize],
    read: &[BTreeMap<Uuid, i32>],
) -> Vec<Partitions> {
    let mut targets = vec![Partitions::new(); read.len()];
    let topics = topics(read).into_iter();
    let mut free: Partitions = topics
        .flat_map(|(topic, n)| (0..n).map(move |p| (topic, p)))
        .collect();
    let least = free.len() / members.len().max(1);
    let mut extra = free.len() % members.len().max(1);
    for index in order {
        let had = members[*index].target.iter();
        let keeps = had.filter(|p| read[*index].contains_key(&p.0) && free.contains(p));
        let mut keeps: BTreeSet<_> = keeps.copied().collect();
        while keeps.len() > least + usize::from(extra > 0) {
            keeps.pop_last();
        }
        extra -= usize::from(keeps.len() > least);
        free.retain(|partition| !keeps.contains(partition));
        targets[*index] = keeps;
    }
    for partition in free {
        let readers = order.iter().copied();
        let readers = readers.filter(|index| read[*index].contains_key(&partition.0));
        if let Some(reader) = readers.min_by_key(|index| targets[*index].len()) {
            targets[reader].insert(partition);
        }
    }
    targets
}

fn topics(read: &[BTreeMap<Uuid, i32>]) -> BTreeMap<Uuid, i32> {
    read.iter().flatten().map(|(id, n)| (*id, *n)).collect()
}
