//! `Base`: what members of both protocols have.

use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_protocol::ErrorCode;

use super::actions::{Actions, Kind};
use super::backoff::Backoff;
use super::claims::Claims;
use super::event::{Event, LostReason, StopReason};
use super::later::later;
use super::liveness::Liveness;
use super::options::LeaveOptions;
use super::step::Task;
use super::subscription::Subscription;
use super::topics::{Topics, WantedTopics};

/// How long a member that has to leave waits for the answer.
const LEAVE_TIME: Duration = Duration::from_secs(5);

/// What members of both protocols have.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) group_id: String,
    pub(super) instance_id: Option<String>,
    pub(super) request_timeout: Duration,
    pub(super) subscription: Subscription,
    /// What is known of topics, if anything ever was.
    pub(super) topics: Option<Arc<Topics>>,
    /// When topics are to be asked for again, if any are wanted.
    pub(super) topics_due: Option<Instant>,
    pub(super) topics_backoff: Backoff,
    pub(super) claims: Claims,
    pub(super) liveness: Liveness,
    pub(super) actions: Actions,
    pub(super) knows_coordinator: bool,
    pub(super) coordinator_backoff: Backoff,
    /// Of requests to the coordinator.
    pub(super) backoff: Backoff,
    pub(super) standing: Standing,
}

/// Where a member is in its life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is a member, or on the way to be one.
    Member,
    Leaving(Leaving),
    /// It has left since its owner did not poll, and comes back when it does.
    Away,
    Stopped,
}

/// A member that leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaving {
    pub(super) options: LeaveOptions,
    pub(super) by: Instant,
    /// What ends the membership; none if the member comes back when its owner polls.
    pub(super) then: Option<StopReason>,
    /// The owner has polled meanwhile.
    pub(super) polled: bool,
}

/// What a protocol has to do next.
#[expect(
    clippy::large_enum_variant,
    reason = "it goes from hand to hand, and is not kept"
)]
pub(super) enum Next {
    /// This, and it may take so long.
    Do(Task, Duration),
    /// Nothing before this time.
    At(Option<Instant>),
}

/// What is sent in order to leave.
#[expect(
    clippy::large_enum_variant,
    reason = "it goes from hand to hand, and is not kept"
)]
pub(super) enum Leave {
    /// Nothing.
    Nothing,
    /// What to send is not known before something that is on the way has ended.
    NotYet,
    Send(Task),
}

/// Why a heartbeat, a commit or the like is refused, in either protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The coordinator is elsewhere.
    NotCoordinator,
    /// Trying again cures it.
    Passing,
    /// Nothing cures it.
    Final,
}

impl Refusal {
    pub(super) fn of(code: ErrorCode) -> Self {
        match code {
            ErrorCode::NOT_COORDINATOR | ErrorCode::COORDINATOR_NOT_AVAILABLE => {
                Self::NotCoordinator
            }
            code if code.is_retriable() => Self::Passing,
            _ => Self::Final,
        }
    }
}

impl Base {
    pub(super) fn new(
        group_id: String,
        instance_id: Option<String>,
        request_timeout: Duration,
        subscription: Subscription,
        liveness: Liveness,
    ) -> Self {
        Self {
            group_id,
            instance_id,
            request_timeout,
            subscription,
            topics: None,
            topics_due: None,
            topics_backoff: Backoff::default(),
            claims: Claims::default(),
            liveness,
            actions: Actions::default(),
            knows_coordinator: false,
            coordinator_backoff: Backoff::default(),
            backoff: Backoff::default(),
            standing: Standing::Member,
        }
    }

    /// The coordinator has to be found again. What was sent to the former one is not waited for.
    pub(super) fn lose_coordinator(&mut self, now: Instant) {
        self.knows_coordinator = false;
        self.coordinator_backoff.failed_curably(now);
        let sent = [Kind::Join, Kind::Sync, Kind::Heartbeat, Kind::Leave];
        self.actions.forget(&sent);
    }

    /// The coordinator has taken a request.
    pub(super) fn succeeded(&mut self) {
        self.coordinator_backoff.succeeded();
        self.backoff.succeeded();
    }

    /// Ends the membership.
    pub(super) fn stop(&mut self, why: StopReason, lost: LostReason) {
        if self.standing == Standing::Stopped {
            return;
        }
        self.lose_all(lost);
        self.standing = Standing::Stopped;
        self.actions = Actions::default();
        self.liveness.end_session();
        self.claims.push(Event::Stopped { why });
    }

    /// Ends the membership since the coordinator refused it.
    pub(super) fn refused(&mut self, code: ErrorCode, message: Option<String>) {
        let lost = match code {
            ErrorCode::FENCED_INSTANCE_ID => LostReason::InstanceTaken,
            _ => LostReason::Stopped,
        };
        self.stop(StopReason::Refused { code, message }, lost);
    }

    /// Leaves, and ends the membership then.
    pub(super) fn stop_and_leave(&mut self, now: Instant, why: StopReason) {
        let options = LeaveOptions::default()
            .reason("the member cannot go on")
            .within(LEAVE_TIME);
        self.start_leaving(now, options, Some(why), LostReason::Stopped);
    }

    /// Loses the partitions and leaves. `then` ends the membership; without it the member comes
    /// back when its owner polls.
    pub(super) fn start_leaving(
        &mut self,
        now: Instant,
        options: LeaveOptions,
        then: Option<StopReason>,
        lost: LostReason,
    ) {
        self.lose_all(lost);
        self.standing = Standing::Leaving(Leaving {
            by: later(now, options.within),
            options,
            then,
            polled: false,
        });
        // A member without an id gets it by the answer to its join, and leaves with it.
        let others = [Kind::Sync, Kind::Heartbeat, Kind::Assign, Kind::FindTopics];
        self.actions.forget(&others);
        self.liveness.end_session();
    }

    pub(super) fn lose_all(&mut self, why: LostReason) {
        self.claims.lose(why, |_| true);
    }

    /// Has the topics asked for, if any are wanted and it is time.
    pub(super) fn find_topics(&mut self, wanted: Option<WantedTopics>, now: Instant) -> Next {
        let Some(wanted) = wanted else {
            return Next::At(None);
        };
        if self.actions.has(Kind::FindTopics) {
            return Next::At(None);
        }
        match self.topics_due.max(self.topics_backoff.until()) {
            Some(due) if due > now => Next::At(Some(due)),
            _ => Next::Do(Task::FindTopics(wanted), self.request_timeout),
        }
    }

    /// The topics that are wanted have been looked up; if some are missing, they are asked for
    /// again soon.
    pub(super) fn topics_updated(&mut self, now: Instant, are_missing: bool) {
        if are_missing {
            self.topics_backoff.failed(now);
            self.topics_due = self.topics_backoff.until();
        } else {
            self.topics_backoff.succeeded();
        }
    }

    /// Leaves since the owner has not polled; comes back when it does.
    pub(super) fn leave_until_polled(&mut self, now: Instant) {
        let options = LeaveOptions::default()
            .reason("the owner of the member has not polled in time")
            .within(LEAVE_TIME);
        self.start_leaving(now, options, None, LostReason::PollLate);
    }

    /// Takes over what is known of topics now. Topics that were created again are lost.
    pub(super) fn update_topics(&mut self, topics: Arc<Topics>) {
        self.claims.lose(LostReason::TopicReplaced, |claim| {
            let known = topics.get(&claim.partition().topic);
            let id = known.and_then(|topic| topic.id);
            id.is_some() && claim.topic_id().is_some() && id != claim.topic_id()
        });
        self.topics = Some(topics);
    }
}
