//! `Cursor`: lets a handler look at and move its claim.

use crate::fetch::FetchPosition;
use crate::group::membership::Claim;

/// Lets a handler look at and move its claim.
#[derive(Debug)]
pub struct Cursor {
    claim: Claim,
    pub(super) moved: Option<FetchPosition>,
}

impl Cursor {
    pub(super) fn new(claim: Claim) -> Self {
        Self { claim, moved: None }
    }

    /// The claim.
    pub fn claim(&self) -> &Claim {
        &self.claim
    }

    /// Continues at this position once the handler has returned, as
    /// [`Consumer::seek`](crate::Consumer::seek) does: everything before it counts as handled.
    pub fn seek(&mut self, position: impl Into<FetchPosition>) {
        self.moved = Some(position.into());
    }
}
