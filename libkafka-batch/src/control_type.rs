//! `ControlRecordType`: the kind of a control record, according to its key.

use std::fmt;

use crate::error::{Error, Result};
use crate::record::Record;

/// The kind of a control record, which its key alone determines (KIP-98).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ControlRecordType(pub i16);

impl ControlRecordType {
    /// The producer's transaction in this partition was aborted (KIP-98).
    pub const ABORT: Self = Self(0);
    /// The producer's transaction in this partition was committed (KIP-98).
    pub const COMMIT: Self = Self(1);
    /// A leader was elected in a KRaft partition (KIP-595).
    pub const LEADER_CHANGE: Self = Self(2);
    /// A snapshot starts (KIP-630).
    pub const SNAPSHOT_HEADER: Self = Self(3);
    /// A snapshot ends (KIP-630).
    pub const SNAPSHOT_FOOTER: Self = Self(4);
    /// The version of the KRaft protocol (KIP-853).
    pub const KRAFT_VERSION: Self = Self(5);
    /// The voters of the KRaft partition (KIP-853).
    pub const KRAFT_VOTERS: Self = Self(6);

    /// Parses the key of a record in a control batch. The value is ignored.
    ///
    /// # Errors
    /// [`Error::ControlRecord`] if the key is null or too short, or its version is negative.
    pub fn parse(record: &Record<'_>) -> Result<Self> {
        let fail = |reason| Error::ControlRecord {
            offset: record.offset,
            reason,
        };
        // A version, which may grow fields after the kind, and the kind.
        let key = record
            .key
            .and_then(|key| key.first_chunk::<4>())
            .ok_or_else(|| fail("its key is too short"))?;
        let [version_high, version_low, high, low] = *key;
        if i16::from_be_bytes([version_high, version_low]) < 0 {
            return Err(fail("the version of its key is negative"));
        }
        Ok(Self(i16::from_be_bytes([high, low])))
    }
}

/// Prints the name of the kind, or the number of an unknown one.
impl fmt::Debug for ControlRecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match *self {
            Self::ABORT => "ABORT",
            Self::COMMIT => "COMMIT",
            Self::LEADER_CHANGE => "LEADER_CHANGE",
            Self::SNAPSHOT_HEADER => "SNAPSHOT_HEADER",
            Self::SNAPSHOT_FOOTER => "SNAPSHOT_FOOTER",
            Self::KRAFT_VERSION => "KRAFT_VERSION",
            Self::KRAFT_VOTERS => "KRAFT_VOTERS",
            Self(kind) => return write!(f, "ControlRecordType({kind})"),
        })
    }
}
