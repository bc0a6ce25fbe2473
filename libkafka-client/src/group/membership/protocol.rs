//! `Protocol`: in what the classic protocol and KIP-848 differ.

use std::time::{Duration, Instant};

use libkafka_protocol::{ErrorCode, Uuid};

use super::actions::OnTheWay;
use super::base::{Base, Leave, Next};
use super::event::LostReason;
use super::identity::MemberIdentity;
use super::options::{ClassicOptions, Departure};
use super::step::{Failure, Outcome};
use super::topics::WantedTopics;

/// In what the classic protocol and KIP-848 differ.
pub(super) trait Protocol: std::fmt::Debug + Send {
    /// What a member in good standing that knows its coordinator has to do next.
    fn next(&mut self, base: &mut Base, now: Instant) -> Next;

    /// Something came of an action of its own.
    fn done(
        &mut self,
        base: &mut Base,
        now: Instant,
        action: OnTheWay,
        outcome: Result<Outcome, Failure>,
    );

    /// The coordinator has to be found again.
    fn coordinator_lost(&mut self, base: &mut Base, now: Instant);

    /// The partitions are lost, and the member has to join again.
    fn reset(&mut self, base: &mut Base, why: LostReason);

    /// Another subscription is in force.
    fn subscription_changed(&mut self, base: &mut Base, now: Instant);

    /// More, or something else, is known of topics.
    fn topics_changed(&mut self, base: &mut Base, now: Instant);

    /// A topic was deleted and created again, and has this id now.
    fn topic_replaced(&mut self, base: &mut Base, now: Instant, topic: &str, id: Uuid);

    /// The topics that it has to know of.
    fn wanted_topics(&self, base: &Base) -> Option<WantedTopics>;

    /// After how long it wants to know of them again, once it knows of all of them.
    fn topics_interval(&self) -> Duration;

    /// Claims that were wanted back have been released.
    fn released(&mut self, base: &mut Base, now: Instant);

    /// What the coordinator answered to a commit of this very member.
    fn commit_refused(&mut self, base: &mut Base, now: Instant, code: ErrorCode);

    /// What it sends in order to leave.
    fn leave(&self, base: &Base, departure: Departure, reason: &str) -> Leave;

    /// As whom it commits.
    fn identity(&self, base: &Base) -> Option<MemberIdentity>;

    /// Its id; empty if it has none yet.
    fn member_id(&self) -> &str;

    /// How to be a classic member instead, if the broker does not support this protocol; none if
    /// that is not wanted, or the member has joined once.
    fn fallback(&self) -> Option<&ClassicOptions> {
        None
    }
}
