//! [`ProducerId`]: a producer id with its epoch.

/// A producer id and its epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ProducerId {
    pub(crate) id: i64,
    pub(crate) epoch: i16,
}

impl ProducerId {
    /// The last epoch that a producer gets: the one after it only serves to fence it.
    pub(super) const LAST_EPOCH: i16 = i16::MAX - 1;

    pub(super) fn is_exhausted(self) -> bool {
        self.epoch >= Self::LAST_EPOCH
    }

    pub(super) fn next_epoch(self) -> Self {
        Self {
            epoch: self.epoch.saturating_add(1),
            ..self
        }
    }
}
