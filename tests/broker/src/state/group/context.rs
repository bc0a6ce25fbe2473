//! [`GroupContext`]: what a group needs to know about the cluster.

use std::time::Duration;

use super::migration_policy::MigrationPolicy;
use super::replies::Replies;
use crate::clock::Time;
use crate::state::topic::Topics;

/// What a group needs to know about the cluster.
pub(crate) struct GroupContext<'a> {
    pub(crate) topics: &'a Topics,
    pub(crate) migration: MigrationPolicy,
    /// How long it keeps an assignment unchanged (KIP-1263).
    pub(crate) assignment_interval: Duration,
    pub(crate) replies: &'a mut Replies,
    pub(crate) now: Time,
}
