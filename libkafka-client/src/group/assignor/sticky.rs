//! [`Sticky`]: even shares, and as few partitions moved as they allow.

use std::collections::HashMap;

use bytes::Bytes;

use super::assign::{Assignor, GroupAssignment};
use super::balance::{self, Class};
use super::claims::Claims;
use super::deal::deal;
use super::layout::Layout;
use super::subscription::GroupSubscription;
use super::user_data::StickyUserData;
use crate::wire_value::known;

/// Gives members even shares, and lets each keep as much of what it owned as these allow. The same
/// as `StickyAssignor` of Java's client.
///
/// Shares differ by at most one partition if all members subscribe to the same topics. Otherwise no
/// assignment is more even, whether it moves one partition or many. Among the most even ones, none
/// moves fewer partitions. A partition that has to move goes to a member in a rack of its replicas,
/// if there is one with room; no partition moves only because of its rack.
///
/// All members give up all partitions before they join a rebalance, and learn afterwards that they
/// own most of them again; [`CooperativeSticky`](super::CooperativeSticky) avoids that. What they
/// owned is in the user data.
///
/// ```
/// use libkafka_client::assignor::{Assignor, GroupSubscription, Sticky, Subscription};
///
/// let mut first = Subscription::to(["orders"]);
/// let had = Sticky.user_data(&[("orders", 0), ("orders", 1), ("orders", 2)], Some(7));
/// first.user_data = had.as_deref();
/// let group = GroupSubscription {
///     topics: [("orders", vec![vec![]; 3])].into(),
///     members: [("b", first), ("a", Subscription::to(["orders"]))].into(),
/// };
/// let assignment = Sticky.assign(&group);
/// assert_eq!(assignment["a"], [("orders", 2)]);
/// assert_eq!(assignment["b"], [("orders", 0), ("orders", 1)]);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Sticky;

impl Assignor for Sticky {
    fn assign<'a>(&self, group: &GroupSubscription<'a>) -> GroupAssignment<'a> {
        let layout = Layout::of(group);
        let mut claims = Claims::none(&layout);
        for (member, (_, subscription)) in layout.members.iter().enumerate() {
            // A member whose user data make no sense had nothing, as Java has it.
            let data = subscription.user_data.map(StickyUserData::from_bytes);
            let Some(Ok(data)) = data else { continue };
            let had = data.previous_assignment.iter();
            let had = had.flat_map(|of| of.partitions.iter().map(|p| (of.topic.as_str(), *p)));
            let generation = known(data.generation);
            claims.add(&layout, member, had, generation);
        }
        layout.assignment(&reassign(&layout, &claims))
    }

    fn name(&self) -> &str {
        "sticky"
    }

    fn user_data(&self, owned: &[(&str, i32)], generation: Option<i32>) -> Option<Bytes> {
        if owned.is_empty() && generation.is_none() {
            return None;
        }
        StickyUserData::to_bytes(owned, generation)
    }
}

/// The new owner of each partition.
///
/// Topics with the same subscribers are one class: their partitions can go to the same members, so
/// how many of a class each member gets is decided first, and then which.
pub(super) fn reassign(layout: &Layout<'_, '_>, claims: &Claims) -> Vec<Option<usize>> {
    let owners = claims.owners(layout);
    let mut classes: Vec<Class> = Vec::new();
    let mut topics: Vec<Vec<usize>> = Vec::new();
    let mut known: HashMap<&[usize], usize> = HashMap::new();
    for (topic, subscribers) in layout.subscribers.iter().enumerate() {
        let class = *known.entry(subscribers).or_insert_with(|| {
            classes.push(Class::of(subscribers.clone()));
            topics.push(Vec::new());
            classes.len() - 1
        });
        topics[class].push(topic);
        let partitions = &owners[layout.first[topic]..layout.first[topic + 1]];
        classes[class].add(partitions);
    }
    let shares = balance::shares(&classes, layout.members.len());
    let mut new_owners = owners;
    for ((class, shares), topics) in classes.iter().zip(shares).zip(&topics) {
        deal(layout, topics, &class.subscribers, shares, &mut new_owners);
    }
    new_owners
}
