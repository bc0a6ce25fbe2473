//! [`Reassignment`]: a partition on its way to other nodes (KIP-455).

/// Which nodes a partition is moving to, and which it is leaving. Until it is over, its replicas
/// are the old and the new ones.
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
