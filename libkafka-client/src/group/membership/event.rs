//! `Event`: what a membership tells its owner.

use std::time::Instant;

use libkafka_protocol::ErrorCode;

use super::Claim;

/// What a [`Membership`](super::Membership) tells its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The member owns these partitions from now on.
    Assigned {
        /// The new claims.
        claims: Vec<Claim>,
    },
    /// The group wants these partitions back. They are still owned: commit what is handled, then
    /// [release](super::Membership::release) the claims.
    Revoking {
        /// The claims, until they are released or lost.
        claims: Vec<Claim>,
        /// When the coordinator stops waiting and gives the member up.
        by: Instant,
    },
    /// These partitions are owned no longer, and somebody else may own them already: nothing can
    /// be committed for them.
    Lost {
        /// The claims; they have ended.
        claims: Vec<Claim>,
        /// What happened.
        why: LostReason,
    },
    /// The membership is over. No event follows.
    Stopped {
        /// What ended it.
        why: StopReason,
    },
}

/// Why partitions were lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LostReason {
    /// The coordinator refused the member's generation ([`ErrorCode::ILLEGAL_GENERATION`]) or epoch
    /// ([`ErrorCode::FENCED_MEMBER_EPOCH`]): it has gone on without the member.
    Fenced,
    /// The coordinator does not know the member ([`ErrorCode::UNKNOWN_MEMBER_ID`]): it was removed,
    /// or its session had expired.
    UnknownMember,
    /// No heartbeat was answered for a whole session timeout, so the coordinator has to be taken
    /// to have given the member up.
    SessionOver,
    /// [`polled`](super::Membership::polled) was not called for longer than `max_poll_interval`.
    PollLate,
    /// Another process joined with the same `group.instance.id`
    /// ([`ErrorCode::FENCED_INSTANCE_ID`]).
    InstanceTaken,
    /// The topic was deleted and created again: what is there now is another topic.
    TopicReplaced,
    /// The member [left](super::Membership::leave).
    Left,
    /// The membership ended for the reason that [`Event::Stopped`] gives.
    Stopped,
}

/// Why a membership is over.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// The member [left](super::Membership::leave).
    Left,
    /// The coordinator refused the member with an error that trying again does not cure.
    Refused {
        /// The error.
        code: ErrorCode,
        /// The coordinator's own words, if it sent any.
        message: Option<String>,
    },
    /// The broker does not support what the membership needs: KIP-848 takes brokers of 4.0 or
    /// later (or 3.7 with the protocol enabled), a regex under KIP-848 brokers of 4.0, static
    /// members brokers of 2.3. A member of KIP-848 can
    /// [fall back](super::ConsumerOptions::fallback) to the classic protocol.
    Unsupported,
    /// The leader of the group sent an assignment that cannot be decoded.
    BadAssignment,
    /// The coordinator chose a protocol that the member does not have.
    UnknownProtocol(String),
}
