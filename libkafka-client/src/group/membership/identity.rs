//! `MemberIdentity`: as whom a member commits.

/// As whom a member of a group commits and fetches offsets: the coordinator refuses those that are
/// not, or no longer, what this says (Java's `ConsumerGroupMetadata`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct MemberIdentity {
    /// Id of the member.
    pub member_id: String,
    /// Its `group.instance.id`, if it is a static member (KIP-345).
    pub instance_id: Option<String>,
    /// The generation of a classic group, or the member's epoch under KIP-848.
    pub generation_or_epoch: GenerationOrEpoch,
}

/// The generation of a classic group, or the epoch of a member of KIP-848. They are one field on
/// the wire, but what an error says about one is not true of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GenerationOrEpoch {
    /// The generation of a classic group.
    Generation(i32),
    /// The member's epoch (KIP-848).
    Epoch(i32),
}

impl GenerationOrEpoch {
    /// The number, as requests carry it.
    pub fn number(self) -> i32 {
        match self {
            Self::Generation(number) | Self::Epoch(number) => number,
        }
    }
}

impl MemberIdentity {
    /// A dynamic member of a classic group.
    pub fn classic(member_id: impl Into<String>, generation: i32) -> Self {
        Self {
            member_id: member_id.into(),
            instance_id: None,
            generation_or_epoch: GenerationOrEpoch::Generation(generation),
        }
    }

    /// A dynamic member of a group of KIP-848.
    pub fn consumer(member_id: impl Into<String>, epoch: i32) -> Self {
        Self {
            member_id: member_id.into(),
            instance_id: None,
            generation_or_epoch: GenerationOrEpoch::Epoch(epoch),
        }
    }

    /// Makes it a static member (KIP-345).
    #[must_use]
    pub fn instance_id(mut self, id: impl Into<String>) -> Self {
        self.instance_id = Some(id.into());
        self
    }
}
