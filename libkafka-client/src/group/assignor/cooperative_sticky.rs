//! [`CooperativeSticky`]: sticky, without reassigning what is still being read.

use bytes::Bytes;

use super::assign::{Assignor, GroupAssignment};
use super::claims::Claims;
use super::layout::Layout;
use super::sticky::reassign;
use super::subscription::GroupSubscription;
use super::user_data::cooperative_generation;

/// Like [`Sticky`](super::Sticky), but a partition that has to move is first given up by its owner
/// and assigned in a second rebalance, while all other partitions continue to be read. The same as
/// `CooperativeStickyAssignor` of Java's client (KIP-429).
///
/// What members own is in their subscriptions
/// ([`owned_partitions`](super::Subscription::owned_partitions)). So is its generation, except that
/// members with a subscription older than version 2 send it in the user data.
///
/// ```
/// use libkafka_client::assignor::{Assignor, CooperativeSticky, GroupSubscription, Subscription};
///
/// let mut first = Subscription::to(["orders"]);
/// first.owned_partitions = vec![("orders", 0), ("orders", 1)];
/// first.generation = Some(7);
/// let mut group = GroupSubscription {
///     topics: [("orders", vec![vec![]; 2])].into(),
///     members: [("a", Subscription::to(["orders"])), ("b", first)].into(),
/// };
/// let assignment = CooperativeSticky.assign(&group);
/// assert_eq!(assignment["b"], [("orders", 0)]);
/// assert_eq!(assignment["a"], []); // partition 1 is not free yet
///
/// group.members.get_mut("b").unwrap().owned_partitions.pop();
/// assert_eq!(CooperativeSticky.assign(&group)["a"], [("orders", 1)]);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct CooperativeSticky;

impl Assignor for CooperativeSticky {
    fn assign<'a>(&self, group: &GroupSubscription<'a>) -> GroupAssignment<'a> {
        let layout = Layout::of(group);
        let mut claims = Claims::none(&layout);
        for (member, (_, subscription)) in layout.members.iter().enumerate() {
            let in_user_data = || cooperative_generation(subscription.user_data?);
            let generation = subscription.generation.or_else(in_user_data);
            let owned = subscription.owned_partitions.iter().copied();
            claims.add(&layout, member, owned, generation);
        }
        let mut owners = reassign(&layout, &claims);
        for (partition, owner) in owners.iter_mut().enumerate() {
            owner.take_if(|member| claims.is_held_against(partition, *member));
        }
        layout.assignment(&owners)
    }

    fn name(&self) -> &str {
        "cooperative-sticky"
    }

    fn cooperative(&self) -> bool {
        true
    }

    fn user_data(&self, _: &[(&str, i32)], generation: Option<i32>) -> Option<Bytes> {
        let generation = generation.unwrap_or(-1);
        Some(Bytes::copy_from_slice(&generation.to_be_bytes()))
    }
}
