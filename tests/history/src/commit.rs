//! `Commit`: a committed offset, from question to answer.

use crate::event::Outcome;

/// A committed offset, from question to answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Commit {
    /// Index of the claim within its partition; `None`: it was set from outside the group.
    pub(crate) claim: Option<usize>,
    pub(crate) asked: u64,
    /// Never, if there was no answer.
    pub(crate) answered: u64,
    pub(crate) offset: i64,
    pub(crate) outcome: Outcome,
}

impl Commit {
    /// Whether it took effect for certain.
    pub(crate) fn counts(&self) -> bool {
        self.outcome == Outcome::Ok
    }
}
