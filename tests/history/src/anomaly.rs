//! [`Anomaly`]: something that must not have happened.

use std::fmt;

/// Something that must not have happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Anomaly {
    /// What kind of thing.
    pub check: Check,
    /// When, in microseconds since 1970; 0 if it is about the log alone.
    pub at: u64,
    /// What exactly, in words.
    pub what: String,
}

/// What a history is checked for. The README says of each when it is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Check {
    /// A record was acknowledged or seen, and nobody handled it.
    Lost,
    /// A record was handled whose send had failed for certain, or that nobody sent.
    Ghost,
    /// Two values are at one offset.
    SplitOffset,
    /// One value is at two offsets.
    Duplicate,
    /// The records of a producer and key are in the log in another order than sent.
    OrderInLog,
    /// A claim passed over records.
    Skip,
    /// A claim went back.
    Back,
    /// A claim did not start where the group had got to.
    Resume,
    /// Two members owned a partition at once.
    TwoOwners,
    /// An offset was committed that had not been reached.
    CommitAhead,
    /// A committed offset went back.
    CommitBack,
    /// A commit of a claim that had ended was accepted.
    ZombieCommit,
    /// Two claims handled a record, though the first had committed it, or left in good order.
    HandledTwice,
    /// The records of a key were handled in another order than they are in the log.
    OrderPerKey,
    /// A partition stood still though it had records and the group members.
    Stuck,
}

impl Check {
    /// All checks.
    pub const ALL: [Check; 15] = [
        Check::Lost,
        Check::Ghost,
        Check::SplitOffset,
        Check::Duplicate,
        Check::OrderInLog,
        Check::Skip,
        Check::Back,
        Check::Resume,
        Check::TwoOwners,
        Check::CommitAhead,
        Check::CommitBack,
        Check::ZombieCommit,
        Check::HandledTwice,
        Check::OrderPerKey,
        Check::Stuck,
    ];

    /// The check in words, as in the report.
    pub fn name(self) -> &'static str {
        match self {
            Check::Lost => "lost",
            Check::Ghost => "ghost",
            Check::SplitOffset => "split offset",
            Check::Duplicate => "duplicate",
            Check::OrderInLog => "order in log",
            Check::Skip => "skip",
            Check::Back => "back",
            Check::Resume => "resume",
            Check::TwoOwners => "two owners",
            Check::CommitAhead => "commit ahead",
            Check::CommitBack => "commit back",
            Check::ZombieCommit => "zombie commit",
            Check::HandledTwice => "handled twice",
            Check::OrderPerKey => "order per key",
            Check::Stuck => "stuck",
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.check, self.what)
    }
}
