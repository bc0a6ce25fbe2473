//! `Claim`: a partition during one ownership.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use libkafka_protocol::Uuid;

use crate::topic_partition::TopicPartition;

/// A partition during one ownership: it begins with [`Event::Assigned`](super::Event::Assigned) and
/// ends when the partition is released or lost.
///
/// Everything that is done with a partition (positions, handled offsets, a pause) belongs to its
/// claim and means nothing once the claim has ended, even if the member gets the same partition
/// again: that is another claim. Clones are the same claim, and any thread can ask one for its
/// state.
#[derive(Clone)]
pub struct Claim(Arc<Inner>);

struct Inner {
    partition: TopicPartition,
    topic_id: Option<Uuid>,
    number: u64,
    state: AtomicU8,
}

const OWNED: u8 = 0;
const REVOKING: u8 = 1;
const ENDED: u8 = 2;

impl Claim {
    pub(super) fn new(partition: TopicPartition, topic_id: Option<Uuid>, number: u64) -> Self {
        Self(Arc::new(Inner {
            partition,
            topic_id,
            number,
            state: AtomicU8::new(OWNED),
        }))
    }

    /// The partition.
    pub fn partition(&self) -> &TopicPartition {
        &self.0.partition
    }

    /// The id of the topic, if it is known. With KIP-848 it always is.
    pub fn topic_id(&self) -> Option<Uuid> {
        self.0.topic_id
    }

    /// The number of the claim within its membership, from 1 in the order in which claims began.
    pub fn number(&self) -> u64 {
        self.0.number
    }

    /// Whether the partition is being revoked: commit what is handled, and
    /// [release](super::Membership::release) the claim. Also true once the claim has ended.
    pub fn is_wanted_back(&self) -> bool {
        self.0.state.load(Ordering::Acquire) != OWNED
    }

    /// Whether the claim has ended. An offset that is committed for it now could overwrite that of
    /// the partition's next owner.
    pub fn is_ended(&self) -> bool {
        self.0.state.load(Ordering::Acquire) == ENDED
    }

    pub(super) fn want_back(&self) {
        self.0.state.fetch_max(REVOKING, Ordering::AcqRel);
    }

    pub(super) fn end(&self) {
        self.0.state.store(ENDED, Ordering::Release);
    }
}

/// Claims are equal if they are the same claim.
impl PartialEq for Claim {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Claim {}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.0.state.load(Ordering::Relaxed) {
            OWNED => "",
            REVOKING => ", wanted back",
            _ => ", ended",
        };
        write!(f, "Claim({} #{}{state})", self.0.partition, self.0.number)
    }
}
