//! [`Event`]: one thing that a process did or that was done to it.

use std::fmt;
use std::sync::Arc;

/// One thing that a process did, or that happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When, in microseconds since 1970.
    pub at: u64,
    /// The process: a producer or a member of the group, by a name of its own. One that crashed can
    /// come back under its name.
    pub process: Arc<str>,
    /// What.
    pub kind: Kind,
}

/// A partition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicPartition {
    /// Name of the topic.
    pub topic: Arc<str>,
    /// Number of the partition.
    pub partition: i32,
}

/// The value of a record, which says who sent it: no two sends have the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value {
    /// Who sent it.
    pub producer: Arc<str>,
    /// The key of the record; empty if it has none.
    pub key: Arc<str>,
    /// Rises with every record of this producer and key.
    pub n: u64,
}

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It happened.
    Ok,
    /// It certainly did not.
    Fail,
    /// Nobody knows: there was no answer.
    Info,
}

/// What happened. A `claim` is a partition during one ownership, by a number that its process
/// gives only once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A producer sends a record.
    Send {
        /// The record's value.
        value: Value,
    },
    /// The outcome of a send.
    Sent {
        /// The record's value.
        value: Value,
        /// What came of it.
        outcome: Outcome,
        /// Where it is in the log, if it is known.
        place: Option<(TopicPartition, i64)>,
    },
    /// A member joined a generation of the group, or an epoch.
    Joined {
        /// The generation or epoch.
        generation: i32,
    },
    /// A member left the group in good order. Its claims end.
    Left,
    /// A process was killed, or gave up. Its claims end.
    Crash,
    /// A member was given a partition.
    Assigned {
        /// The claim that begins.
        claim: u64,
        /// The partition.
        partition: TopicPartition,
        /// The offset that it starts at, if it is known.
        start: Option<i64>,
    },
    /// A member is asked to give a partition up.
    Revoking {
        /// The claim.
        claim: u64,
    },
    /// A member gave a partition up. The claim ends.
    Released {
        /// The claim.
        claim: u64,
    },
    /// A partition was taken from a member without asking. The claim ends.
    Lost {
        /// The claim.
        claim: u64,
        /// Why.
        why: String,
    },
    /// A member got records.
    Polled {
        /// The claim.
        claim: u64,
        /// The offset that was asked for.
        from: i64,
        /// Offsets and values; `None` if they were not written down.
        records: Option<Vec<(i64, Value)>>,
        /// The offset to ask for next.
        next: i64,
    },
    /// A member has handled all records from one offset up to another.
    Handled {
        /// The claim.
        claim: u64,
        /// The first offset.
        from: i64,
        /// One past the last offset.
        upto: i64,
    },
    /// A member moved its position itself.
    Sought {
        /// The claim.
        claim: u64,
        /// The new position.
        to: i64,
    },
    /// A member asks for a commit.
    Commit {
        /// The claim.
        claim: u64,
        /// The offset: the next one to handle.
        offset: i64,
    },
    /// The outcome of the latest commit of this claim and offset that has none yet.
    Committed {
        /// The claim.
        claim: u64,
        /// The offset.
        offset: i64,
        /// What came of it.
        outcome: Outcome,
    },
    /// A member paused a partition.
    Paused {
        /// The claim.
        claim: u64,
    },
    /// A member resumed a partition.
    Resumed {
        /// The claim.
        claim: u64,
    },
    /// The committed offset was set from outside the group.
    Reset {
        /// The partition.
        partition: TopicPartition,
        /// The offset.
        offset: i64,
    },
    /// A partition has no leader.
    Leaderless {
        /// The partition.
        partition: TopicPartition,
    },
    /// A partition has a leader again.
    Led {
        /// The partition.
        partition: TopicPartition,
    },
    /// The end offset of a partition when everything should have been read.
    End {
        /// The partition.
        partition: TopicPartition,
        /// The end offset.
        offset: i64,
    },
    /// The log of a partition was read back.
    Logged {
        /// The partition.
        partition: TopicPartition,
        /// Offsets and values.
        records: Vec<(i64, Value)>,
    },
    /// A fault was caused on purpose.
    Nemesis {
        /// Which.
        what: String,
    },
}

impl TopicPartition {
    /// The partition of this number of this topic.
    pub fn new(topic: impl Into<Arc<str>>, partition: i32) -> Self {
        Self {
            topic: topic.into(),
            partition,
        }
    }
}

impl Value {
    /// The `n`-th value of a producer and key.
    pub fn new(producer: impl Into<Arc<str>>, key: impl Into<Arc<str>>, n: u64) -> Self {
        Self {
            producer: producer.into(),
            key: key.into(),
            n,
        }
    }
}

impl Kind {
    /// The claim that it is about, if it is about one.
    pub fn claim(&self) -> Option<u64> {
        match self {
            Kind::Assigned { claim, .. }
            | Kind::Revoking { claim }
            | Kind::Released { claim }
            | Kind::Lost { claim, .. }
            | Kind::Polled { claim, .. }
            | Kind::Handled { claim, .. }
            | Kind::Sought { claim, .. }
            | Kind::Commit { claim, .. }
            | Kind::Committed { claim, .. }
            | Kind::Paused { claim }
            | Kind::Resumed { claim } => Some(*claim),
            _ => None,
        }
    }
}

impl fmt::Display for TopicPartition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.topic, self.partition)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.producer, self.key, self.n)
    }
}
