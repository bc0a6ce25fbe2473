//! [`Sync`]: a SyncGroup, and its outcome.

use bytes::Bytes;

use super::member::Identity;

/// A SyncGroup.
#[derive(Debug)]
pub(crate) struct Sync<'a> {
    pub(crate) who: Identity<'a>,
    pub(crate) generation: i32,
    pub(crate) protocol_type: Option<&'a str>,
    pub(crate) protocol: Option<&'a str>,
    /// The assignments of all members, from the leader.
    pub(crate) assignments: Vec<(String, Bytes)>,
}

/// What a member that has synced is told.
#[derive(Debug, Clone)]
pub(crate) struct Synced {
    pub(crate) protocol_type: Option<String>,
    pub(crate) protocol: Option<String>,
    pub(crate) assignment: Bytes,
}
