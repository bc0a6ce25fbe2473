//! [`Range`]: assigns each member consecutive partitions of each topic.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::assign::{Assignor, GroupAssignment};
use super::layout::Layout;
use super::subscription::GroupSubscription;

/// Assigns each member consecutive partitions of each topic that it subscribes to. The same as
/// `RangeAssignor` of Java's client.
///
/// If topics have the same number of partitions and the same subscribers, partition `n` of all of
/// them goes to one member, as joins require. If shares do not come out even, the first members get
/// one more partition of every topic, so many small topics make them uneven.
///
/// If members and partitions know their racks, and not every partition is in every rack, members
/// first get partitions with a replica in their rack (KIP-881); shares stay as even as without
/// racks.
///
/// ```
/// use libkafka_client::assignor::{Assignor, GroupSubscription, Range, Subscription};
///
/// let group = GroupSubscription {
///     topics: [("orders", vec![vec![]; 3])].into(),
///     members: [("a", Subscription::to(["orders"])), ("b", Subscription::to(["orders"]))].into(),
/// };
/// assert_eq!(Range.assign(&group)["a"], [("orders", 0), ("orders", 1)]);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Range;

impl Assignor for Range {
    fn assign<'a>(&self, group: &GroupSubscription<'a>) -> GroupAssignment<'a> {
        let layout = Layout::of(group);
        let mut topics = topics(&layout);
        if topics.iter().any(|topic| topic.racks_matter) {
            assign_by_rack(&layout, &mut topics);
        }
        for topic in &mut topics {
            topic.assign_rows(|_, _| true);
        }
        let owners: Vec<_> = topics.into_iter().flat_map(|topic| topic.owners).collect();
        layout.assignment(&owners)
    }

    fn name(&self) -> &str {
        "range"
    }
}

/// A topic that is being assigned.
struct Topic<'g, 'a> {
    /// Its subscribers in Kafka's order. The other fields refer to members by their places in this
    /// list.
    members: Vec<usize>,
    /// The rack of each of them.
    member_racks: Vec<Option<&'a str>>,
    racks: &'g [&'g [&'a str]],
    owners: Vec<Option<usize>>,
    assigned: Vec<usize>,
    /// How many partitions every member gets.
    row: usize,
    /// How many members may still get one more.
    extra: usize,
    racks_matter: bool,
}

fn topics<'g, 'a>(layout: &'g Layout<'g, 'a>) -> Vec<Topic<'g, 'a>> {
    let mut rank = vec![0; layout.members.len()];
    for (place, member) in layout.in_order().into_iter().enumerate() {
        rank[member] = place;
    }
    let topics = layout.subscribers.iter().enumerate();
    let topics = topics.map(|(topic, subscribers)| {
        let mut members = subscribers.clone();
        members.sort_by_key(|member| rank[*member]);
        let racks = &layout.racks[layout.first[topic]..layout.first[topic + 1]];
        let member_racks: Vec<_> = members.iter().map(|m| layout.rack(*m)).collect();
        Topic {
            owners: vec![None; racks.len()],
            assigned: vec![0; members.len()],
            row: racks.len() / members.len(),
            extra: racks.len() % members.len(),
            racks_matter: racks_matter(&member_racks, racks),
            racks,
            member_racks,
            members,
        }
    });
    topics.collect()
}

/// Whether a member and a replica share a rack, and not all partitions are in all racks.
fn racks_matter(members: &[Option<&str>], partitions: &[&[&str]]) -> bool {
    let of_members: HashSet<&str> = members.iter().flatten().copied().collect();
    if of_members.is_empty() {
        return false;
    }
    let all: HashSet<&str> = partitions.iter().copied().flatten().copied().collect();
    let is_everywhere = |racks: &&[&str]| racks.iter().collect::<HashSet<_>>().len() == all.len();
    !of_members.is_disjoint(&all) && !partitions.iter().all(is_everywhere)
}

/// Assigns what can be assigned within racks. Topics with the same number of partitions and the
/// same members are assigned together.
fn assign_by_rack(layout: &Layout<'_, '_>, topics: &mut [Topic<'_, '_>]) {
    let mut alike: BTreeMap<(Vec<usize>, usize), Vec<usize>> = BTreeMap::new();
    for (index, topic) in topics.iter().enumerate() {
        // Without a member that knows its rack there is nothing to match.
        if topic.member_racks.iter().any(Option::is_some) {
            let key = (layout.subscribers[index].clone(), topic.owners.len());
            alike.entry(key).or_default().push(index);
        }
    }
    for indices in alike.into_values() {
        match indices[..] {
            [index] if topics[index].racks_matter => {
                let (racks, member_racks) =
                    (topics[index].racks, topics[index].member_racks.clone());
                topics[index].assign_rows(|place, partition| {
                    member_racks[place].is_none_or(|rack| racks[partition].contains(&rack))
                });
            }
            [_] => {}
            _ => assign_together(topics, &indices),
        }
    }
}

/// Assigns each partition number to the first member whose rack has a replica of it in all topics.
fn assign_together(topics: &mut [Topic<'_, '_>], indices: &[usize]) {
    let first = indices[0];
    for partition in 0..topics[first].owners.len() {
        let mut common: BTreeSet<&str> = topics[first].racks[partition].iter().copied().collect();
        for index in &indices[1..] {
            let racks = topics[*index].racks[partition];
            common.retain(|rack| racks.contains(rack));
        }
        // All of these topics are in the same state, so one speaks for all.
        let topic = &topics[first];
        let is_nearby =
            |place: &usize| topic.member_racks[*place].is_none_or(|r| common.contains(r));
        let mut places = 0..topic.members.len();
        if let Some(place) = places.find(|place| topic.room(*place) > 0 && is_nearby(place)) {
            for index in indices {
                topics[*index].give(partition, place);
            }
        }
    }
}

impl Topic<'_, '_> {
    /// How many more partitions a member may get.
    fn room(&self, place: usize) -> usize {
        (self.row + usize::from(self.extra > 0)).saturating_sub(self.assigned[place])
    }

    fn give(&mut self, partition: usize, place: usize) {
        self.owners[partition] = Some(self.members[place]);
        self.assigned[place] += 1;
        // Past the row, it is one of those that do not come out even.
        if self.assigned[place] > self.row {
            self.extra -= 1;
        }
    }

    /// Gives each member in turn the first remaining partitions that it may have.
    fn assign_rows(&mut self, may_have: impl Fn(usize, usize) -> bool) {
        let mut left: Vec<usize> = (0..self.owners.len())
            .filter(|partition| self.owners[*partition].is_none())
            .collect();
        for place in 0..self.members.len() {
            let mut room = self.room(place);
            left.retain(|partition| {
                let given = room > 0 && may_have(place, *partition);
                if given {
                    room -= 1;
                    self.give(*partition, place);
                }
                !given
            });
        }
    }
}
