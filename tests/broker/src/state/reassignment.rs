//! [`Reassignment`]: the nodes between which a partition is moving (KIP-455).

/// The nodes that a partition is moving to, and those that it is leaving. Until the move is over,
/// its replicas are the old and the new ones.
#[derive(Debug, Default)]
pub(crate) struct Reassignment {
    pub(crate) adding: Vec<i32>,
    pub(crate) removing: Vec<i32>,
}

impl Reassignment {
    pub(crate) fn is_under_way(&self) -> bool {
        !(self.adding.is_empty() && self.removing.is_empty())
    }
}
