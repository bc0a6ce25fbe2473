//! `Protocol`: the differences between the classic protocol and KIP-848.

use std::time::{Duration, Instant};

use libkafka_protocol::{ErrorCode, Uuid};

use super::actions::OnTheWay;
use super::base::{Base, Leave, Next};
use super::event::LostReason;
use super::identity::MemberIdentity;
use super::options::{ClassicOptions, Departure};
use super::step::{Failure, Outcome};
use super::topics::WantedTopics;

/// The differences between the classic protocol and KIP-848.
pub(super) trait Protocol: std::fmt::Debug + Send {
    /// What a member that is in the group and knows its coordinator must do next.
    fn next(&mut self, base: &mut Base, now: Instant) -> Next;

    /// Handles the outcome of one of its own actions.
    fn done(
        &mut self,
        base: &mut Base,
        now: Instant,
        action: OnTheWay,
        outcome: Result<Outcome, Failure>,
    );

    /// The coordinator must be looked up again.
    fn coordinator_lost(&mut self, base: &mut Base, now: Instant);

    /// The partitions are lost, and the member must join again.
    fn reset(&mut self, base: &mut Base, why: LostReason);

    /// Another subscription is in force.
    fn subscription_changed(&mut self, base: &mut Base, now: Instant);

    /// What is known of topics has changed.
    fn topics_changed(&mut self, base: &mut Base, now: Instant);

    /// A topic was deleted and created again, and now has this id.
    fn topic_replaced(&mut self, base: &mut Base, now: Instant, topic: &str, id: Uuid);

    /// The topics that it needs to know.
    fn wanted_topics(&self, base: &Base) -> Option<WantedTopics>;

    /// How often to look up topics once all of them are known.
    fn topics_interval(&self) -> Duration;

    /// Claims that were being revoked have been released.
    fn released(&mut self, base: &mut Base, now: Instant);

    /// The coordinator refused a commit of this member with this code.
    fn commit_refused(&mut self, base: &mut Base, now: Instant, code: ErrorCode);

    /// The request with which it leaves.
    fn leave(&self, base: &Base, departure: Departure, reason: &str) -> Leave;

    /// The identity with which it commits.
    fn identity(&self, base: &Base) -> Option<MemberIdentity>;

    /// Its id; empty if it has none yet.
    fn member_id(&self) -> &str;

    /// The options of a classic member to become instead, if the broker does not support this
    /// protocol; `None` if that is not wanted, or the member has joined once.
    fn fallback(&self) -> Option<&ClassicOptions> {
        None
    }
}
