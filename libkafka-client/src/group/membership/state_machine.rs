//! `Membership`: a member of a group, as a state machine without I/O.

use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_protocol::ErrorCode;

use super::actions::{Kind, OnTheWay};
use super::base::{Base, Leave, Leaving, Next, Refusal, Standing};
use super::claim::Claim;
use super::classic::Classic;
use super::consumer::Consumer;
use super::event::{Event, LostReason, StopReason};
use super::identity::MemberIdentity;
use super::later::{earlier, later};
use super::liveness::Liveness;
use super::options::{ClassicOptions, ConsumerOptions, LeaveOptions};
use super::protocol::Protocol;
use super::step::{Action, ActionId, Failure, Outcome, Step, Task};
use super::subscription::Subscription;
use super::topics::Topics;

/// A member of a group, as a state machine without I/O. It hides whether the classic protocol or
/// KIP-848 is used.
///
/// It has no clock and no connection. Its owner asks for the next [`step`](Self::tick), does what
/// that says, passes in the [outcome](Self::done), and takes [events](Self::next_event) about the
/// partitions that the member owns. Heartbeats are due, and leaving is possible, in every state in
/// which the coordinator knows the member.
#[derive(Debug)]
pub struct Membership {
    pub(super) base: Base,
    pub(super) protocol: Box<dyn Protocol>,
}

impl Membership {
    /// A member of a classic group.
    pub fn classic(
        group_id: impl Into<String>,
        subscription: Subscription,
        options: ClassicOptions,
    ) -> Self {
        let base = Base::new(
            group_id.into(),
            options.instance_id.clone(),
            options.request_timeout,
            subscription,
            Liveness::of_classic(&options),
        );
        let protocol = Box::new(Classic::new(options));
        Self { base, protocol }
    }

    /// A member of a group of the consumer protocol (KIP-848). `member_id` must be a new UUID for
    /// each run of the process (KIP-1082).
    pub fn consumer(
        group_id: impl Into<String>,
        member_id: impl Into<String>,
        subscription: Subscription,
        options: ConsumerOptions,
    ) -> Self {
        let base = Base::new(
            group_id.into(),
            options.instance_id.clone(),
            options.request_timeout,
            subscription,
            Liveness::of_consumer(&options),
        );
        let protocol = Box::new(Consumer::new(member_id.into(), options));
        Self { base, protocol }
    }

    /// What to do now. Call it again after each [`Step::Do`], after any other call, and at the time
    /// in [`Step::WaitUntil`].
    pub fn tick(&mut self, now: Instant) -> Step {
        self.catch_up(now);
        while let Some(overdue) = self.base.actions.overdue(now) {
            if let Some(action) = self.base.actions.end(overdue) {
                self.ended(now, action, Err(Failure::NoAnswer));
            }
        }
        let next = match self.base.standing.clone() {
            Standing::Stopped => return Step::Done,
            Standing::Away => Next::At(None),
            Standing::Leaving(leaving) => self.next_of_leaving(&leaving, now),
            Standing::Member => self.next_of_member(now),
        };
        match next {
            Next::Do(task, time) => {
                let by = later(now, time);
                let id = self.base.actions.begin(&task, now, by);
                Step::Do(Action { id, task, by })
            }
            // It stopped just now.
            Next::At(_) if self.base.standing == Standing::Stopped => Step::Done,
            Next::At(time) => {
                let clocks = [
                    time,
                    self.base.actions.next_end(),
                    self.base.liveness.session_ends(),
                    self.poll_ends(),
                ];
                let soonest = clocks.into_iter().flatten().min();
                soonest.map_or(Step::Wait, Step::WaitUntil)
            }
        }
    }

    /// Passes in the outcome of an action. Ignored if the membership no longer waits for it.
    pub fn done(&mut self, now: Instant, id: ActionId, outcome: Result<Outcome, Failure>) {
        self.catch_up(now);
        if let Some(action) = self.base.actions.end(id) {
            self.ended(now, action, outcome);
        }
    }

    /// Whether the membership still waits for the outcome of an action. If not, the request can be
    /// abandoned together with its connection.
    pub fn awaits(&self, id: ActionId) -> bool {
        self.base.actions.contains(id)
    }

    /// The next event about the member's partitions.
    pub fn next_event(&mut self) -> Option<Event> {
        self.base.claims.next_event()
    }

    /// Gives up claims that are [`Revoking`](Event::Revoking). Claims that are not, or that have
    /// ended, are ignored.
    pub fn release<'a>(&mut self, now: Instant, claims: impl IntoIterator<Item = &'a Claim>) {
        self.catch_up(now);
        if self.base.claims.release(claims) && self.base.standing == Standing::Member {
            self.protocol.released(&mut self.base, now);
        }
    }

    /// Tells the member that its owner makes progress. The owner must call this within every
    /// `max_poll_interval`; a member that left because it did not joins again now.
    pub fn polled(&mut self, now: Instant) {
        self.catch_up(now);
        self.base.liveness.polled(now);
        match &mut self.base.standing {
            Standing::Leaving(leaving) => leaving.polled = true,
            Standing::Away => self.base.standing = Standing::Member,
            Standing::Member | Standing::Stopped => {}
        }
    }

    /// Replaces the subscription.
    pub fn subscribe(&mut self, now: Instant, subscription: Subscription) {
        if self.base.subscription != subscription {
            self.base.subscription = subscription;
            self.base.topics_due = None;
            self.protocol.subscription_changed(&mut self.base, now);
        }
    }

    /// Replaces what is known of topics, without being asked for it.
    pub fn update_topics(&mut self, now: Instant, topics: Arc<Topics>) {
        self.base.update_topics(topics);
        if self.base.standing == Standing::Member {
            self.protocol.topics_changed(&mut self.base, now);
        }
    }

    /// Leaves the group, whatever state the member is in. All claims end now, so commit before.
    /// [`Event::Stopped`] follows when the coordinator has answered or `within` is over.
    pub fn leave(&mut self, now: Instant, options: LeaveOptions) {
        match self.base.standing {
            Standing::Stopped => {}
            Standing::Away => self.base.stop(StopReason::Left, LostReason::Left),
            Standing::Member | Standing::Leaving(_) => {
                let then = Some(StopReason::Left);
                self.base
                    .start_leaving(now, options, then, LostReason::Left);
            }
        }
    }

    /// Passes in the error code with which a commit of `identity` was answered, since it may say
    /// that the group has moved on without the member. Ignored if the member has a different
    /// [identity](Self::identity) by now.
    pub fn commit_refused(&mut self, now: Instant, identity: &MemberIdentity, code: ErrorCode) {
        self.catch_up(now);
        let is_current = self.identity().as_ref() == Some(identity);
        if !is_current || self.base.standing != Standing::Member {
            return;
        }
        if Refusal::of(code) == Refusal::NotCoordinator {
            self.lose_coordinator(now);
        } else {
            self.protocol.commit_refused(&mut self.base, now, code);
        }
    }

    /// The identity with which to commit and fetch offsets; `None` while the coordinator would
    /// refuse it.
    pub fn identity(&self) -> Option<MemberIdentity> {
        match self.base.standing {
            Standing::Member => self.protocol.identity(&self.base),
            _ => None,
        }
    }

    /// What the member wants to read.
    pub fn subscription(&self) -> &Subscription {
        &self.base.subscription
    }

    /// The id of the group.
    pub fn group_id(&self) -> &str {
        &self.base.group_id
    }

    /// The id of the member; empty if the coordinator has not assigned one yet.
    pub fn member_id(&self) -> &str {
        self.protocol.member_id()
    }

    /// The live claims, in order of their partitions, including those being revoked.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.base.claims.live()
    }

    /// The time until the member loses its partitions if the coordinator hears nothing more from it
    /// or its owner does not poll any more; `None` if neither clock is running.
    pub fn time_left(&self, now: Instant) -> Option<Duration> {
        let clocks = [self.base.liveness.session_ends(), self.poll_ends()];
        let soonest = clocks.into_iter().flatten().min();
        soonest.map(|end| end.saturating_duration_since(now))
    }

    fn poll_ends(&self) -> Option<Instant> {
        match self.base.standing {
            Standing::Member => self.base.liveness.poll_ends(),
            _ => None,
        }
    }

    /// Acts on everything that has become due.
    pub(super) fn catch_up(&mut self, now: Instant) {
        if self.base.standing != Standing::Member {
            return;
        }
        let session = self.base.liveness.session_ends();
        if session.is_some_and(|ends| ends <= now) {
            self.protocol.reset(&mut self.base, LostReason::SessionOver);
        }
        if self.poll_ends().is_some_and(|ends| ends <= now) {
            self.base.leave_until_polled(now);
        }
    }

    fn next_of_member(&mut self, now: Instant) -> Next {
        if self.base.liveness.poll_ends().is_none() {
            self.base.liveness.polled(now);
        }
        let coordinator = match self.base.knows_coordinator {
            true => self.protocol.next(&mut self.base, now),
            false => self.find_coordinator(now),
        };
        let Next::At(soonest) = coordinator else {
            return coordinator;
        };
        if self.base.standing != Standing::Member {
            return Next::At(None);
        }
        let wanted = self.protocol.wanted_topics(&self.base);
        match self.base.find_topics(wanted, now) {
            Next::At(time) => Next::At(earlier(soonest, time)),
            todo => todo,
        }
    }

    fn next_of_leaving(&mut self, leaving: &Leaving, now: Instant) -> Next {
        if now >= leaving.by {
            self.left(leaving);
            return Next::At(None);
        }
        let options = &leaving.options;
        let leave = self
            .protocol
            .leave(&self.base, options.departure, &options.reason);
        let next = match leave {
            Leave::Nothing => {
                self.left(leaving);
                return Next::At(None);
            }
            Leave::NotYet => Next::At(None),
            Leave::Send(_) if !self.base.knows_coordinator => self.find_coordinator(now),
            Leave::Send(_) if self.base.actions.has(Kind::Leave) => Next::At(None),
            Leave::Send(_) if !self.base.backoff.is_over(now) => {
                Next::At(self.base.backoff.until())
            }
            Leave::Send(task) => Next::Do(task, leaving.by - now),
        };
        match next {
            Next::At(time) => Next::At(earlier(time, Some(leaving.by))),
            todo => todo,
        }
    }

    fn find_coordinator(&mut self, now: Instant) -> Next {
        if self.base.actions.has(Kind::FindCoordinator) {
            Next::At(None)
        } else if self.base.coordinator_backoff.is_over(now) {
            Next::Do(Task::FindCoordinator, self.base.request_timeout)
        } else {
            Next::At(self.base.coordinator_backoff.until())
        }
    }

    fn lose_coordinator(&mut self, now: Instant) {
        self.base.lose_coordinator(now);
        self.protocol.coordinator_lost(&mut self.base, now);
    }

    fn ended(&mut self, now: Instant, action: OnTheWay, outcome: Result<Outcome, Failure>) {
        match (action.kind, outcome) {
            (Kind::FindCoordinator, outcome) => self.coordinator_found(now, &outcome),
            (Kind::FindTopics, outcome) => self.topics_found(now, outcome),
            (Kind::Leave, Err(Failure::NoAnswer)) => self.lose_coordinator(now),
            (Kind::Leave, Ok(Outcome::Leave(answer))) => {
                self.leave_answered(now, answer.error_code)
            }
            (Kind::Leave, Ok(Outcome::ConsumerHeartbeat(answer))) => {
                self.leave_answered(now, answer.error_code);
            }
            (Kind::Leave, _) => self.leave_answered(now, ErrorCode::NONE),
            (kind, Err(Failure::Unsupported)) => self.unsupported(kind),
            (kind, Ok(Outcome::ConsumerHeartbeat(answer)))
                if answer.error_code == ErrorCode::UNSUPPORTED_VERSION =>
            {
                self.unsupported(kind);
            }
            (kind, Err(Failure::NoAnswer)) if kind != Kind::Assign => self.lose_coordinator(now),
            (_, outcome) => self.protocol.done(&mut self.base, now, action, outcome),
        }
    }

    /// Handles a broker that does not support what the member needs.
    fn unsupported(&mut self, kind: Kind) {
        let fallback = self.protocol.fallback();
        let Some(options) = fallback.filter(|_| kind == Kind::Heartbeat).cloned() else {
            return self.base.stop(StopReason::Unsupported, LostReason::Stopped);
        };
        self.base.instance_id.clone_from(&options.instance_id);
        self.base.request_timeout = options.request_timeout;
        self.base.liveness = Liveness::of_classic(&options);
        self.base.succeeded();
        self.protocol = Box::new(Classic::new(options));
    }

    fn coordinator_found(&mut self, now: Instant, outcome: &Result<Outcome, Failure>) {
        match outcome {
            Ok(_) => self.base.knows_coordinator = true,
            Err(Failure::Refused(code)) if Refusal::of(*code) == Refusal::Final => {
                self.base.refused(*code, None);
            }
            Err(Failure::Unsupported) => self.unsupported(Kind::FindCoordinator),
            Err(_) => self.base.coordinator_backoff.failed(now),
        }
    }

    fn topics_found(&mut self, now: Instant, outcome: Result<Outcome, Failure>) {
        let Ok(Outcome::Topics(topics)) = outcome else {
            self.base.topics_backoff.failed(now);
            return;
        };
        self.base.topics_due = Some(later(now, self.protocol.topics_interval()));
        self.update_topics(now, topics);
    }

    fn leave_answered(&mut self, now: Instant, code: ErrorCode) {
        let Standing::Leaving(leaving) = self.base.standing.clone() else {
            return;
        };
        match Refusal::of(code) {
            Refusal::NotCoordinator => self.lose_coordinator(now),
            Refusal::Passing => self.base.backoff.failed(now),
            // Whatever else it says, the member is gone.
            Refusal::Final => self.left(&leaving),
        }
    }

    fn left(&mut self, leaving: &Leaving) {
        self.base.actions.forget(&[Kind::Join, Kind::Leave]);
        self.base.backoff.succeeded();
        self.protocol.reset(&mut self.base, LostReason::Left);
        self.base.standing = match &leaving.then {
            Some(why) => {
                self.base.stop(why.clone(), LostReason::Left);
                return;
            }
            None if leaving.polled => Standing::Member,
            None => Standing::Away,
        };
    }
}
