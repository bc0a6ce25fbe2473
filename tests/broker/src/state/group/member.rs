//! [`Member`]: a member of a classic group.

use std::time::Duration;

use bytes::Bytes;

use crate::clock::Time;

/// How a request identifies the member that it is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity<'a> {
    /// The member id; empty for a member that has none yet.
    pub(crate) member_id: &'a str,
    /// The name of a static member (KIP-345).
    pub(crate) instance_id: Option<&'a str>,
}

impl Identity<'_> {
    /// Whether a request in this generation identifies no member.
    pub(crate) fn is_nobody(&self, generation: i32) -> bool {
        generation < 0 && self.member_id.is_empty() && self.instance_id.is_none()
    }
}

/// A member.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) instance_id: Option<String>,
    pub(crate) client_id: String,
    pub(crate) client_host: String,
    /// The names of the protocols that it supports, each with its metadata, in order of preference.
    pub(crate) protocols: Vec<(String, Bytes)>,
    pub(crate) session_timeout: Duration,
    pub(crate) rebalance_timeout: Duration,
    pub(crate) assignment: Bytes,
    /// When it counts as dead.
    pub(crate) session_ends: Time,
    /// The JoinGroup that is waiting for an answer.
    pub(crate) joining: Option<u64>,
    /// The SyncGroup that is waiting for an answer.
    pub(crate) syncing: Option<u64>,
    /// Whether it has joined this generation and not synced yet.
    pub(crate) owes_sync: bool,
}

impl Member {
    /// Renews its session.
    pub(crate) fn heard_of(&mut self, now: Time) {
        self.session_ends = now + self.session_timeout;
    }

    /// Whether its session has ended. A member that waits for an answer cannot report that it is
    /// alive.
    pub(crate) fn is_dead(&self, now: Time) -> bool {
        !self.is_waiting() && now >= self.session_ends
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.joining.is_some() || self.syncing.is_some()
    }

    /// Its metadata for a protocol.
    pub(crate) fn metadata(&self, protocol: &str) -> Bytes {
        let mut protocols = self.protocols.iter();
        let found = protocols.find(|(name, _)| name == protocol);
        found.map_or_else(Bytes::new, |(_, metadata)| metadata.clone())
    }
}
