//! `Event`: what happened to a membership and its partitions.

use std::time::Instant;

use libkafka_protocol::ErrorCode;

use super::Claim;

/// What happened to a [`Membership`](super::Membership) and its partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The member owns these partitions from now on.
    Assigned {
        /// The new claims.
        claims: Vec<Claim>,
    },
    /// These partitions are being revoked. They are still owned: commit what is handled, then
    /// [release](super::Membership::release) the claims.
    Revoking {
        /// The claims, which remain valid until they are released or lost.
        claims: Vec<Claim>,
        /// When the coordinator stops waiting and removes the member.
        by: Instant,
    },
    /// These partitions are no longer owned, and another member may own them already. Offsets
    /// cannot be committed for them.
    Lost {
        /// The claims, which have ended.
        claims: Vec<Claim>,
        /// Why they were lost.
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
    /// ([`ErrorCode::FENCED_MEMBER_EPOCH`]): the group has moved on without the member.
    Fenced,
    /// The coordinator does not know the member ([`ErrorCode::UNKNOWN_MEMBER_ID`]): it was removed,
    /// or its session expired.
    UnknownMember,
    /// No heartbeat was answered for a whole session timeout, so the coordinator has presumably
    /// removed the member.
    SessionOver,
    /// [`polled`](super::Membership::polled) was not called for longer than `max_poll_interval`.
    PollLate,
    /// Another process joined with the same `group.instance.id`
    /// ([`ErrorCode::FENCED_INSTANCE_ID`]).
    InstanceTaken,
    /// The topic was deleted and created again: it is now a different topic.
    TopicReplaced,
    /// The member [left](super::Membership::leave).
    Left,
    /// The membership ended, for the reason in [`Event::Stopped`].
    Stopped,
}

/// Why a membership is over.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// The member [left](super::Membership::leave).
    Left,
    /// The coordinator refused the member with an error that a retry does not fix.
    Refused {
        /// The error code.
        code: ErrorCode,
        /// The coordinator's message, if it sent one.
        message: Option<String>,
    },
    /// The broker does not support what the membership needs: KIP-848 needs brokers of 4.0 or later
    /// (or 3.7 with the protocol enabled), a regex with KIP-848 needs brokers of 4.0, and static
    /// members need brokers of 2.3. A member of KIP-848 can [fall
    /// back](super::ConsumerOptions::fallback) to the classic protocol.
    Unsupported,
    /// The leader of the group sent an assignment that cannot be decoded.
    BadAssignment,
    /// The coordinator chose a protocol that the member does not support.
    UnknownProtocol(String),
}
