//! `Step`: what a membership wants done, and what came of it.

use std::sync::Arc;
use std::time::Instant;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::{
    ConsumerGroupHeartbeatRequest, ConsumerGroupHeartbeatResponse, HeartbeatRequest,
    HeartbeatResponse, JoinGroupRequest, JoinGroupResponse, LeaveGroupResponse, SyncGroupRequest,
    SyncGroupResponse,
};

use super::assign_task::{AssignTask, Assigned};
use super::leave_request::LeaveRequest;
use super::topics::{Topics, WantedTopics};

/// What to do now for a [`Membership`](super::Membership).
#[derive(Debug)]
#[non_exhaustive]
#[expect(
    clippy::large_enum_variant,
    reason = "it goes from hand to hand, and is not kept"
)]
pub enum Step {
    /// Do this, and ask for the next step at once, without waiting for what comes of it.
    Do(Action),
    /// Nothing to do before this time, unless something comes of an action.
    WaitUntil(Instant),
    /// Nothing to do unless something comes of an action, or the owner has a wish.
    Wait,
    /// The membership is over.
    Done,
}

/// Something to be done for a membership, most often a request to be sent. What comes of it goes
/// to [`Membership::done`](super::Membership::done).
#[derive(Debug)]
#[non_exhaustive]
pub struct Action {
    /// Which one it is.
    pub id: ActionId,
    /// What is to be done.
    pub task: Task,
    /// When the membership gives it up.
    pub by: Instant,
}

/// The name of an [`Action`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionId(pub(super) u64);

/// What is to be done.
#[derive(Debug)]
#[non_exhaustive]
pub enum Task {
    /// Find the group's coordinator, and let its connections go if it is another one than before.
    FindCoordinator,
    /// Ask metadata about these topics.
    FindTopics(WantedTopics),
    /// Work out who reads what. It can take its time: on a thread of its own if need be, while
    /// heartbeats go on.
    Assign(AssignTask),
    /// Send to the coordinator, which holds the answer back until all members have joined.
    Join(JoinGroupRequest),
    /// Send to the coordinator, which holds the answer back until the leader has sent its own.
    Sync(SyncGroupRequest),
    /// Send to the coordinator.
    Heartbeat(HeartbeatRequest),
    /// Send to the coordinator.
    ConsumerHeartbeat(ConsumerGroupHeartbeatRequest),
    /// Send to the coordinator; the request depends on the version.
    Leave(LeaveRequest),
}

impl Task {
    /// Whether the coordinator can hold the answer back. It reads nothing else from that connection
    /// meanwhile, so such a request needs one of its own.
    pub fn is_held_back(&self) -> bool {
        matches!(self, Self::Join(_) | Self::Sync(_))
    }
}

/// What came of a [`Task`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Outcome {
    /// The coordinator is found.
    CoordinatorFound,
    /// All that is known of topics now.
    Topics(Arc<Topics>),
    /// Who is to read what.
    Assigned(Assigned),
    /// The coordinator's answer.
    Join(JoinGroupResponse),
    /// The coordinator's answer.
    Sync(SyncGroupResponse),
    /// The coordinator's answer.
    Heartbeat(HeartbeatResponse),
    /// The coordinator's answer.
    ConsumerHeartbeat(ConsumerGroupHeartbeatResponse),
    /// The coordinator's answer.
    Leave(LeaveGroupResponse),
}

/// Why nothing came of a [`Task`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// There was no answer: no connection, it was closed, or the time was over.
    NoAnswer,
    /// The broker refused with this code, while the coordinator or topics were looked for.
    Refused(ErrorCode),
    /// The broker has no version of the request that can say this.
    Unsupported,
}
