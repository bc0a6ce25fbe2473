//! Membership: a member of a group as a state machine without I/O, for the classic protocol and for
//! KIP-848.
//!
//! [`Membership::tick`] says what to do next, [`Membership::done`] takes the outcome, and
//! [`Membership::next_event`] returns what happened to the member's partitions. A partition during
//! one ownership is a [`Claim`].

mod actions;
mod assign_task;
mod backoff;
mod base;
mod claim;
mod claims;
mod classic;
mod consumer;
mod event;
mod identity;
mod later;
mod leave_request;
mod liveness;
mod options;
mod protocol;
mod state_machine;
mod step;
mod subscription;
#[cfg(test)]
mod tests;
mod topic_replaced;
mod topics;

pub use self::assign_task::{AssignTask, Assigned};
pub(crate) use self::backoff::Backoff;
pub use self::claim::Claim;
pub(crate) use self::claims::{Assignment, Claims};
pub use self::event::{Event, LostReason, StopReason};
pub use self::identity::{GenerationOrEpoch, MemberIdentity};
pub use self::leave_request::LeaveRequest;
pub use self::options::{ClassicOptions, ConsumerOptions, Departure, LeaveOptions};
pub use self::state_machine::Membership;
pub use self::step::{Action, ActionId, Failure, Outcome, Step, Task};
pub use self::subscription::{BadRegex, Subscription, TopicRegex};
pub use self::topics::{Topic, Topics, WantedTopics};
