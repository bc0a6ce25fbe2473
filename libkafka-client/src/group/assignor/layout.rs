//! `Layout`: a group's topics, partitions and members by index rather than by name.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::assign::GroupAssignment;
use super::subscription::{GroupSubscription, Subscription};

/// The topics that exist and have subscribers, and the members, all in order of name.
///
/// The partitions of all topics are numbered consecutively: those of topic `t` are
/// `first[t]..first[t + 1]`.
pub(super) struct Layout<'g, 'a> {
    pub(super) topics: Vec<&'a str>,
    pub(super) first: Vec<usize>,
    /// The racks of each partition's replicas.
    pub(super) racks: Vec<&'g [&'a str]>,
    pub(super) members: Vec<(&'a str, &'g Subscription<'a>)>,
    /// The members that subscribe to each topic.
    pub(super) subscribers: Vec<Vec<usize>>,
}

impl<'g, 'a> Layout<'g, 'a> {
    pub(super) fn of(group: &'g GroupSubscription<'a>) -> Self {
        let members: Vec<_> = group.members.iter().map(|(id, s)| (*id, s)).collect();
        let mut by_topic: HashMap<&str, Vec<usize>> = HashMap::new();
        for (member, (_, subscription)) in members.iter().enumerate() {
            for topic in &subscription.topics {
                by_topic.entry(topic).or_default().push(member);
            }
        }
        let mut layout = Layout {
            topics: Vec::new(),
            first: vec![0],
            racks: Vec::new(),
            members,
            subscribers: Vec::new(),
        };
        for (topic, partitions) in &group.topics {
            let Some(subscribers) = by_topic.remove(topic) else {
                continue;
            };
            layout.topics.push(topic);
            layout.racks.extend(partitions.iter().map(Vec::as_slice));
            layout.first.push(layout.racks.len());
            layout.subscribers.push(subscribers);
        }
        layout
    }

    /// The index of a topic.
    pub(super) fn topic(&self, name: &str) -> Option<usize> {
        self.topics.binary_search(&name).ok()
    }

    /// The index of a topic's partition.
    pub(super) fn partition(&self, topic: usize, number: i32) -> Option<usize> {
        let index = self.first[topic].checked_add(usize::try_from(number).ok()?)?;
        (index < self.first[topic + 1]).then_some(index)
    }

    /// The rack of a member, if it is known.
    pub(super) fn rack(&self, member: usize) -> Option<&'a str> {
        self.members[member].1.rack.filter(|rack| !rack.is_empty())
    }

    /// Whether a member would read a partition from another rack: the racks of both are known, and
    /// none of the partition's replicas is in the member's.
    pub(super) fn is_far(&self, partition: usize, member: usize) -> bool {
        let racks = self.racks[partition];
        self.rack(member)
            .is_some_and(|rack| !racks.is_empty() && !racks.contains(&rack))
    }

    /// The members in Kafka's order: first those with an instance id, in that order; then the
    /// others, by member id.
    pub(super) fn in_order(&self) -> Vec<usize> {
        let key = |member: &usize| {
            let (id, subscription) = self.members[*member];
            (subscription.instance_id, id)
        };
        let mut order: Vec<usize> = (0..self.members.len()).collect();
        order.sort_by(|a, b| match (key(a), key(b)) {
            ((Some(a), _), (Some(b), _)) => java_order(a, b),
            ((Some(_), _), (None, _)) => Ordering::Less,
            ((None, _), (Some(_), _)) => Ordering::Greater,
            ((None, a), (None, b)) => java_order(a, b),
        });
        order
    }

    /// The assignment in which each partition goes to the member that `owners` names, if any.
    pub(super) fn assignment(&self, owners: &[Option<usize>]) -> GroupAssignment<'a> {
        let mut shares = vec![Vec::new(); self.members.len()];
        for (topic, name) in self.topics.iter().enumerate() {
            let owners = &owners[self.first[topic]..self.first[topic + 1]];
            for (number, owner) in (0..).zip(owners) {
                if let Some(owner) = owner {
                    shares[*owner].push((*name, number));
                }
            }
        }
        let members = self.members.iter().map(|(id, _)| *id);
        members.zip(shares).collect()
    }
}

/// Java's order of strings, by their UTF-16 units, which differs from Rust's for characters beyond
/// U+FFFF. All leaders must arrive at the same order.
fn java_order(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}
