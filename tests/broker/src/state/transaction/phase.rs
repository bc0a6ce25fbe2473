//! [`TransactionPhase`]: the phase of a transaction.

/// The phase of a transactional id. The markers of an end are written at once, so the phases in
/// between never occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransactionPhase {
    Empty,
    Ongoing,
    CompleteCommit,
    CompleteAbort,
}

impl TransactionPhase {
    /// Kafka's names of all states, including those that never occur here.
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

    /// Kafka's name for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Empty => "Empty",
            Self::Ongoing => "Ongoing",
            Self::CompleteCommit => "CompleteCommit",
            Self::CompleteAbort => "CompleteAbort",
        }
    }
}
