//! `Step`: what a membership wants done, and the outcome.

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
    /// Do this, and ask for the next step at once, without waiting for the outcome.
    Do(Action),
    /// Nothing to do before this time, unless an action ends.
    WaitUntil(Instant),
    /// Nothing to do unless an action ends or the owner calls something.
    Wait,
    /// The membership is over.
    Done,
}

/// Something to do for a membership, usually a request to send. The outcome goes to
/// [`Membership::done`](super::Membership::done).
#[derive(Debug)]
#[non_exhaustive]
pub struct Action {
    /// Identifies the action.
    pub id: ActionId,
    /// What to do.
    pub task: Task,
    /// The deadline after which the membership gives it up.
    pub by: Instant,
}

/// Identifies an [`Action`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionId(pub(super) u64);

/// Something to do for a membership.
#[derive(Debug)]
#[non_exhaustive]
pub enum Task {
    /// Look up the group's coordinator, and close the connections to the previous one if it has
    /// changed.
    FindCoordinator,
    /// Request metadata of these topics.
    FindTopics(WantedTopics),
    /// Compute the assignment. It may take its time, on a thread of its own if necessary, while
    /// heartbeats continue.
    Assign(AssignTask),
    /// Send to the coordinator, which holds the answer back until all members have joined.
    Join(JoinGroupRequest),
    /// Send to the coordinator, which holds the answer back until the leader has sent its own.
    Sync(SyncGroupRequest),
    /// Send to the coordinator.
    Heartbeat(HeartbeatRequest),
    /// Send to the coordinator.
    ConsumerHeartbeat(ConsumerGroupHeartbeatRequest),
    /// Send to the coordinator. The request depends on the version.
    Leave(LeaveRequest),
}

impl Task {
    /// Whether the coordinator may hold the answer back. It reads nothing else from that connection
    /// meanwhile, so such a request needs its own connection.
    pub fn is_held_back(&self) -> bool {
        matches!(self, Self::Join(_) | Self::Sync(_))
    }
}

/// The outcome of a [`Task`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Outcome {
    /// The coordinator was found.
    CoordinatorFound,
    /// Everything that is now known of topics.
    Topics(Arc<Topics>),
    /// The computed assignment.
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

/// Why a [`Task`] failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// There was no answer: no connection, a closed connection, or a timeout.
    NoAnswer,
    /// The broker refused with this code, when looking up the coordinator or topics.
    Refused(ErrorCode),
    /// The broker has no version of the request that supports this.
    Unsupported,
}
