//! [`Join`]: a JoinGroup, and its outcome.

use std::time::Duration;

use bytes::Bytes;
use libkafka_protocol::ErrorCode;

use super::member::Identity;

/// A JoinGroup.
#[derive(Debug)]
pub(crate) struct Join<'a> {
    pub(crate) who: Identity<'a>,
    pub(crate) client_id: &'a str,
    pub(crate) client_host: String,
    pub(crate) protocol_type: &'a str,
    pub(crate) protocols: Vec<(String, Bytes)>,
    pub(crate) session_timeout: Duration,
    pub(crate) rebalance_timeout: Duration,
    /// Whether a member without an id first gets one, to join with it (KIP-394).
    pub(crate) id_first: bool,
    /// How long a group that was empty waits for more members.
    pub(crate) initial_delay: Duration,
}

/// What a member that has joined is told.
#[derive(Debug, Clone)]
pub(crate) struct Joined {
    pub(crate) generation: i32,
    pub(crate) protocol_type: Option<String>,
    pub(crate) protocol: Option<String>,
    pub(crate) leader: String,
    pub(crate) member_id: String,
    /// All members, for the leader: id, instance id and metadata.
    pub(crate) members: Vec<(String, Option<String>, Bytes)>,
    /// The previous id of a static leader that has returned and must not assign again, since
    /// nothing has changed (KIP-814).
    pub(crate) former_leader: Option<String>,
}

/// Why a member has not joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JoinRefused {
    pub(crate) code: ErrorCode,
    /// The id to join with, if the member had none.
    pub(crate) member_id: Option<String>,
}

impl From<ErrorCode> for JoinRefused {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            member_id: None,
        }
    }
}
