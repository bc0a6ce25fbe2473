//! Assignors: decide which member of a group of the classic protocol reads which partition.
//!
//! The leader of such a group decides this for all members, with an assignor that all of them
//! support. The four here are those of Kafka's Java client, so the members of a group can use
//! different clients. Each is a pure function of a [`GroupSubscription`]: the same input gives the
//! same [`GroupAssignment`], whoever leads.
//! same [`GroupAssignment`], whoever leads.
//!
//! | assignor | name on the wire | shares are even | rebalances move | uses racks |
//! | --- | --- | --- | --- | --- |
//! | [`Range`] | `range` | within each topic | whatever the ranges say | yes (KIP-881) |
//! | [`RoundRobin`] | `roundrobin` | if all subscribe to the same topics | nearly everything | no |
//! | [`Sticky`] | `sticky` | as far as subscriptions allow | as little as possible | yes |
//! | [`CooperativeSticky`] | `cooperative-sticky` | likewise | likewise, and the rest continues to be read | yes |
//!
//! Choose [`CooperativeSticky`] unless you have a reason not to. For a rule of your own, implement
//! [`Assignor`].

mod assign;
mod balance;
mod claims;
mod cooperative_sticky;
mod deal;
mod layout;
mod range;
mod round_robin;
mod sticky;
mod subscription;
mod user_data;

pub use self::assign::{Assignor, GroupAssignment};
pub use self::cooperative_sticky::CooperativeSticky;
pub use self::range::Range;
pub use self::round_robin::RoundRobin;
pub use self::sticky::Sticky;
pub use self::subscription::{GroupSubscription, Racks, Subscription, assignment_to_wire};
