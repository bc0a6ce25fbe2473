//! Members of classic groups.

use std::time::Duration;

use bytes::Bytes;

use crate::clock::Time;

/// What a request says of the member that it is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity<'a> {
    /// Empty for one that has no id yet.
    pub(crate) member_id: &'a str,
    /// The name of a static member (KIP-345).
    pub(crate) instance_id: Option<&'a str>,
}

impl Identity<'_> {
    /// Does a request of this generation say nothing of a member?
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
    /// The names of the protocols that it can do, each with its metadata, best first.
    pub(crate) protocols: Vec<(String, Bytes)>,
    pub(crate) session_timeout: Duration,
    pub(crate) rebalance_timeout: Duration,
    pub(crate) assignment: Bytes,
    /// When it is taken for dead.
    pub(crate) session_ends: Time,
    /// The JoinGroup that waits for an answer.
    pub(crate) joining: Option<u64>,
    /// The SyncGroup that waits for an answer.
    pub(crate) syncing: Option<u64>,
    /// It has joined this generation and not yet synced.
    pub(crate) owes_sync: bool,
}

impl Member {
    /// Sets its session anew.
    pub(crate) fn heard_of(&mut self, now: Time) {
        self.session_ends = now + self.session_timeout;
    }

    /// A member that waits for an answer has no chance to say that it lives.
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
