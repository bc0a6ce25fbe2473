//! Control records, which brokers write for themselves and for clients.

use crate::error::{Error, Result};
use crate::record::Record;
use crate::varint;

/// What a record in a control batch says (KIP-98, KIP-595, KIP-630, KIP-853).
///
/// ```
/// # use libkafka_batch::{Builder, Batch, Control, Record};
/// # let mut builder = Builder::new();
/// # builder.add_end_transaction(true, 7, 0)?;
/// # let bytes = builder.build()?;
/// let batch = Batch::parse(bytes)?;
/// if batch.header.attributes.is_control() {
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
    /// A kind that this version does not know.
    Unknown {
        /// Its number.
        kind: i16,
    },
}

/// The election of a leader in a KRaft partition (KIP-595).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeaderChange {
    /// The node that leads from now on.
    pub leader_id: i32,
    /// The nodes that could vote.
    pub voters: Vec<Voter>,
    /// The nodes that voted for the leader.
    pub granting_voters: Vec<Voter>,
}

/// A node that votes in a KRaft partition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Voter {
    /// The id of the node.
    pub id: i32,
    /// Its log directory, big-endian; all zeros before version 1 of the record (KIP-853).
    pub directory_id: [u8; 16],
}

impl Control {
    pub(crate) const ABORT: i16 = 0;
    pub(crate) const COMMIT: i16 = 1;

    /// Reads a record of a batch of which the attributes say that it is a control batch. In any
    /// other, a record that looks like one is the application's.
    ///
    /// # Errors
    /// [`Error::ControlRecord`] where the key has no kind, or the value is not what the kind wants.
    pub fn parse(record: &Record<'_>) -> Result<Self> {
        let fail = |reason| Error::ControlRecord {
            offset: record.offset,
            reason,
        };
        // A version, which may grow fields behind the kind, and the kind.
        let key = record
            .key
            .and_then(|key| key.first_chunk::<4>())
            .ok_or_else(|| fail("its key is too short"))?;
        let kind = i16::from_be_bytes([key[2], key[3]]);
        let value = record.value.unwrap_or_default();
        match kind {
            Self::ABORT | Self::COMMIT => {
                let epoch = value.get(2..).and_then(|value| value.first_chunk());
                let coordinator_epoch =
                    i32::from_be_bytes(*epoch.ok_or_else(|| fail("its value is too short"))?);
                Ok(match kind {
                    Self::ABORT => Self::Abort { coordinator_epoch },
                    _ => Self::Commit { coordinator_epoch },
                })
            }
            2 => LeaderChange::read(&mut &*value)
                .map(Self::LeaderChange)
                .ok_or_else(|| fail("its value is malformed")),
            3 => Ok(Self::SnapshotHeader),
            4 => Ok(Self::SnapshotFooter),
            5 => Ok(Self::KRaftVersion),
            6 => Ok(Self::KRaftVoters),
            kind => Ok(Self::Unknown { kind }),
        }
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
