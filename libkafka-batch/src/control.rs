//! `Control`: the control records, which brokers write for themselves and for clients.

use crate::control_type::ControlRecordType;
use crate::error::{Error, Result};
use crate::record::Record;
use crate::varint;

/// The meaning of a record in a control batch (KIP-98, KIP-595, KIP-630, KIP-853).
///
/// ```
/// # use libkafka_batch::{Builder, Batch, Control, Record};
/// # let mut builder = Builder::new();
/// # builder.add_end_transaction(true, 7, 0)?;
/// # let bytes = builder.build()?;
/// let batch = Batch::parse(bytes)?;
/// if batch.header.is_control() {
///     for record in &batch.records()? {
///         assert_eq!(Control::parse(&record?)?, Control::Commit { coordinator_epoch: 7 });
///     }
/// }
/// # Ok::<(), libkafka_batch::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Control {
    /// The producer's transaction in this partition was aborted.
    Abort {
        /// The epoch of the transaction coordinator.
        coordinator_epoch: i32,
    },
    /// The producer's transaction in this partition was committed.
    Commit {
        /// The epoch of the transaction coordinator.
        coordinator_epoch: i32,
    },
    /// A leader was elected in a KRaft partition.
    LeaderChange(LeaderChange),
    /// A snapshot starts.
    SnapshotHeader,
    /// A snapshot ends.
    SnapshotFooter,
    /// The version of the KRaft protocol.
    KRaftVersion,
    /// The voters of the KRaft partition.
    KRaftVoters,
    /// A kind that this version of the crate does not know.
    Unknown {
        /// The number of the kind.
        kind: i16,
    },
}

/// The election of a leader in a KRaft partition (KIP-595).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeaderChange {
    /// The new leader.
    pub leader_id: i32,
    /// The nodes that could vote.
    pub voters: Vec<Voter>,
    /// The nodes that voted for the leader.
    pub granting_voters: Vec<Voter>,
}

/// A voter of a KRaft partition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Voter {
    /// The id of the node.
    pub id: i32,
    /// The id of its log directory, big-endian; all zeros in version 0 of the record (KIP-853).
    pub directory_id: [u8; 16],
}

impl Control {
    /// Parses a record of a batch that [is a control batch](crate::BatchHeader::is_control). In any
    /// other batch, a record that looks like a control record belongs to the application.
    ///
    /// To learn only whether a transaction was committed or aborted, use
    /// [`ControlRecordType::parse`]: the key alone decides that, and Kafka's readers ignore the
    /// value.
    ///
    /// # Errors
    /// [`Error::ControlRecord`] if the key has no kind, or the value does not fit the kind.
    pub fn parse(record: &Record<'_>) -> Result<Self> {
        let fail = |reason| Error::ControlRecord {
            offset: record.offset,
            reason,
        };
        let value = record.value.unwrap_or_default();
        let coordinator_epoch = || {
            let epoch = value.get(2..).and_then(|value| value.first_chunk());
            let epoch = epoch.ok_or_else(|| fail("its value is too short"))?;
            Ok(i32::from_be_bytes(*epoch))
        };
        Ok(match ControlRecordType::parse(record)? {
            ControlRecordType::ABORT => Self::Abort {
                coordinator_epoch: coordinator_epoch()?,
            },
            ControlRecordType::COMMIT => Self::Commit {
                coordinator_epoch: coordinator_epoch()?,
            },
            ControlRecordType::LEADER_CHANGE => LeaderChange::read(&mut &*value)
                .map(Self::LeaderChange)
                .ok_or_else(|| fail("its value is malformed"))?,
            ControlRecordType::SNAPSHOT_HEADER => Self::SnapshotHeader,
            ControlRecordType::SNAPSHOT_FOOTER => Self::SnapshotFooter,
            ControlRecordType::KRAFT_VERSION => Self::KRaftVersion,
            ControlRecordType::KRAFT_VOTERS => Self::KRaftVoters,
            ControlRecordType(kind) => Self::Unknown { kind },
        })
    }
}

impl LeaderChange {
    fn read(input: &mut &[u8]) -> Option<Self> {
        let version = i16::from_be_bytes(take(input)?);
        let leader_id = i32::from_be_bytes(take(input)?);
        let voters = read_voters(input, version)?;
        let granting_voters = read_voters(input, version)?;
        // Tagged fields may follow, which a later version may bring.
        Some(Self {
            leader_id,
            voters,
            granting_voters,
        })
    }
}

fn read_voters(input: &mut &[u8], version: i16) -> Option<Vec<Voter>> {
    // One more than there are; the loop ends with the bytes, whatever the count claims.
    let count = varint::read_u32(input)?.checked_sub(1)?;
    let mut voters = Vec::new();
    for _ in 0..count {
        let id = i32::from_be_bytes(take(input)?);
        let directory_id = if version >= 1 { take(input)? } else { [0; 16] };
        for _ in 0..varint::read_u32(input)? {
            let _tag = varint::read_u32(input)?;
            let size = varint::read_u32(input)?;
            *input = input.get(size as usize..)?;
        }
        voters.push(Voter { id, directory_id });
    }
    Some(voters)
}

fn take<const N: usize>(input: &mut &[u8]) -> Option<[u8; N]> {
    let (bytes, rest) = input.split_first_chunk::<N>()?;
    *input = rest;
    Some(*bytes)
}
