//! [`Assignor`], the trait, and the assignment that it returns.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::subscription::GroupSubscription;

/// The partitions of each member, by member id: names of topics and partition numbers.
pub type GroupAssignment<'a> = BTreeMap<&'a str, Vec<(&'a str, i32)>>;

/// Decides which member of a group reads which partition.
///
/// [`assign`](Self::assign) is the one method to write:
///
/// ```
/// use libkafka_client::assignor::{Assignor, GroupAssignment, GroupSubscription};
///
/// /// Everything to the member with the lowest id; the others stand by.
/// struct Standby;
///
/// impl Assignor for Standby {
///     fn assign<'a>(&self, group: &GroupSubscription<'a>) -> GroupAssignment<'a> {
///         let mut assignment: GroupAssignment<'a> =
///             group.members.keys().map(|member| (*member, Vec::new())).collect();
///         let all = group.topics.iter().flat_map(|(topic, partitions)| {
///             (0..partitions.len() as i32).map(move |partition| (*topic, partition))
///         });
///         if let Some(mut first) = assignment.first_entry() {
///             first.get_mut().extend(all);
///         }
///         assignment
///     }
///
///     fn name(&self) -> &str {
///         "standby"
///     }
/// }
/// ```
pub trait Assignor: Send + Sync {
    /// Assigns partitions to the members of `group`.
    ///
    /// Runs in the leader of the group. A partition that is assigned to no member is not read; a
    /// partition that is assigned to two is read twice. A member without an entry gets nothing.
    ///
    /// A [cooperative](Self::cooperative) assignor must not assign what another member still owns:
    /// members continue to read what they keep while others already read what they were assigned.
    /// It leaves such partitions out; their owners give them up, which starts the next rebalance.
    fn assign<'a>(&self, group: &GroupSubscription<'a>) -> GroupAssignment<'a>;

    /// The name by which members agree on an assignor.
    ///
    /// Default: the path of the Rust type, which is enough while all members run the same program.
    fn name(&self) -> &str {
        std::any::type_name::<Self>()
    }

    /// Whether members keep reading during a rebalance and give up only what they lose (KIP-429).
    ///
    /// Default: false, with which all members give up everything at the start of every rebalance.
    fn cooperative(&self) -> bool {
        false
    }

    /// The data that a member sends to the leader's assignor, as
    /// [`user_data`](super::Subscription::user_data). `owned` are the partitions that it was last
    /// assigned, in `generation`; both are empty before its first assignment.
    ///
    /// Default: no data.
    fn user_data(&self, owned: &[(&str, i32)], generation: Option<i32>) -> Option<Bytes> {
        let _ = (owned, generation);
        None
    }
}
