//! `Base`: what members of both protocols have in common.

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

/// How long a member that must leave waits for the answer.
const LEAVE_TIME: Duration = Duration::from_secs(5);

/// What members of both protocols have in common.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) group_id: String,
    pub(super) instance_id: Option<String>,
    pub(super) request_timeout: Duration,
    pub(super) subscription: Subscription,
    /// What is known of topics, if anything is.
    pub(super) topics: Option<Arc<Topics>>,
    /// When to ask for topics again, if any are wanted.
    pub(super) topics_due: Option<Instant>,
    pub(super) topics_backoff: Backoff,
    pub(super) claims: Claims,
    pub(super) liveness: Liveness,
    pub(super) actions: Actions,
    pub(super) knows_coordinator: bool,
    pub(super) coordinator_backoff: Backoff,
    /// The backoff of requests to the coordinator.
    pub(super) backoff: Backoff,
    pub(super) standing: Standing,
}

/// The stage of a member's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is a member, or is becoming one.
    Member,
    Leaving(Leaving),
    /// It has left because its owner did not poll, and returns when the owner does.
    Away,
    Stopped,
}

/// A member that is leaving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaving {
    pub(super) options: LeaveOptions,
    pub(super) by: Instant,
    /// What ends the membership; `None` if the member returns when its owner polls.
    pub(super) then: Option<StopReason>,
    /// Whether the owner has polled meanwhile.
    pub(super) polled: bool,
}

/// What a protocol must do next.
#[expect(
    clippy::large_enum_variant,
    reason = "it goes from hand to hand, and is not kept"
)]
pub(super) enum Next {
    /// Do this; it may take this long.
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
    /// It is not known until something in progress has ended.
    NotYet,
    Send(Task),
}

/// Why a heartbeat, a commit or the like is refused, in either protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The coordinator is another broker.
    NotCoordinator,
    /// A retry may succeed.
    Passing,
    /// No retry can succeed.
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

    /// Looks up the coordinator again. Requests to the former one are abandoned.
    pub(super) fn lose_coordinator(&mut self, now: Instant) {
        self.knows_coordinator = false;
        self.coordinator_backoff.failed_curably(now);
        let sent = [Kind::Join, Kind::Sync, Kind::Heartbeat, Kind::Leave];
        self.actions.forget(&sent);
    }

    /// Notes that the coordinator has accepted a request.
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

    /// Ends the membership because the coordinator refused it.
    pub(super) fn refused(&mut self, code: ErrorCode, message: Option<String>) {
        let lost = match code {
            ErrorCode::FENCED_INSTANCE_ID => LostReason::InstanceTaken,
            _ => LostReason::Stopped,
        };
        self.stop(StopReason::Refused { code, message }, lost);
    }

    /// Leaves, after which the membership ends.
    pub(super) fn stop_and_leave(&mut self, now: Instant, why: StopReason) {
        let options = LeaveOptions::default()
            .reason("the member cannot go on")
            .within(LEAVE_TIME);
        self.start_leaving(now, options, Some(why), LostReason::Stopped);
    }

    /// Loses the partitions and leaves. `then` ends the membership; without it the member returns
    /// when its owner polls.
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

    /// Requests the topics, if any are wanted and it is time.
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

    /// Notes that the wanted topics have been looked up. If some are missing, they are requested
    /// again soon.
    pub(super) fn topics_updated(&mut self, now: Instant, are_missing: bool) {
        if are_missing {
            self.topics_backoff.failed(now);
            self.topics_due = self.topics_backoff.until();
        } else {
            self.topics_backoff.succeeded();
        }
    }

    /// Leaves because the owner has not polled; returns when it does.
    pub(super) fn leave_until_polled(&mut self, now: Instant) {
        let options = LeaveOptions::default()
            .reason("the owner of the member has not polled in time")
            .within(LEAVE_TIME);
        self.start_leaving(now, options, None, LostReason::PollLate);
    }

    /// Replaces what is known of topics. Partitions of topics that were created again are lost.
    pub(super) fn update_topics(&mut self, topics: Arc<Topics>) {
        self.claims.lose(LostReason::TopicReplaced, |claim| {
            let known = topics.get(&claim.partition().topic);
            let id = known.and_then(|topic| topic.id);
            id.is_some() && claim.topic_id().is_some() && id != claim.topic_id()
        });
        self.topics = Some(topics);
    }
}
