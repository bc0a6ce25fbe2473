//! [`TransactionPhase`]: where a transaction is in its life.

/// Where a transactional id is in its life. The markers of an end are written at once, so that
/// nobody ever sees it on its way there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransactionPhase {
    Empty,
    Ongoing,
    CompleteCommit,
    CompleteAbort,
}

impl TransactionPhase {
    /// Every name that Kafka has for a state, those that nobody sees here among them.
    pub(crate) const NAMES: [&'static str; 8] = [
        "Ongoing",
        "PrepareAbort",
        "CompleteAbort",
        "CompleteCommit",
        "PrepareEpochFence",
        "Empty",
        "Dead",
        "PrepareCommit",
    ];

    /// Kafka's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::Ongoing => "Ongoing",
            Self::CompleteCommit => "CompleteCommit",
            Self::CompleteAbort => "CompleteAbort",
        }
    }
}
