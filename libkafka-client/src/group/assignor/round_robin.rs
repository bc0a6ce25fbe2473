//! [`RoundRobin`]: assigns one partition to each member in turn.

use super::assign::{Assignor, GroupAssignment};
use super::layout::Layout;
use super::subscription::GroupSubscription;

/// Assigns the partitions of all topics to the members in turn, skipping members that do not
/// subscribe to a topic. The same as `RoundRobinAssignor` of Java's client.
///
/// Shares differ by at most one partition if all members subscribe to the same topics; otherwise
/// they can be far apart. A member that joins or leaves moves nearly all partitions.
///
/// ```
/// use libkafka_client::assignor::{Assignor, GroupSubscription, RoundRobin, Subscription};
///
/// let group = GroupSubscription {
///     topics: [("orders", vec![vec![]; 3])].into(),
///     members: [("a", Subscription::to(["orders"])), ("b", Subscription::to(["orders"]))].into(),
/// };
/// assert_eq!(RoundRobin.assign(&group)["a"], [("orders", 0), ("orders", 2)]);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct RoundRobin;

impl Assignor for RoundRobin {
    fn assign<'a>(&self, group: &GroupSubscription<'a>) -> GroupAssignment<'a> {
        let layout = Layout::of(group);
        let mut turns = layout.in_order().into_iter().cycle();
        let mut owners = Vec::with_capacity(layout.racks.len());
        for (topic, name) in layout.topics.iter().enumerate() {
            for _ in layout.first[topic]..layout.first[topic + 1] {
                // A topic of the layout has a subscriber, so this ends.
                owners.push(turns.find(|m| layout.members[*m].1.topics.contains(name)));
            }
        }
        layout.assignment(&owners)
    }

    fn name(&self) -> &str {
        "roundrobin"
    }
}
