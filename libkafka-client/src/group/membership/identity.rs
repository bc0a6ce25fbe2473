//! `MemberIdentity`: the identity with which a member commits.

/// The identity with which a member of a group commits and fetches offsets. The coordinator refuses
/// it if the group has no such member, or no longer (Java's `ConsumerGroupMetadata`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct MemberIdentity {
    /// The id of the member.
    pub member_id: String,
    /// The `group.instance.id`, if it is a static member (KIP-345).
    pub instance_id: Option<String>,
    /// The generation of a classic group, or the member's epoch under KIP-848.
    pub generation_or_epoch: GenerationOrEpoch,
}

/// The generation of a classic group, or the epoch of a member of KIP-848. They share a field on
/// the wire, but an error about one does not mean the same for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GenerationOrEpoch {
    /// The generation of a classic group.
    Generation(i32),
    /// The member's epoch (KIP-848).
    Epoch(i32),
}

impl GenerationOrEpoch {
    /// The number, as in requests.
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

    /// Makes it the identity of a static member (KIP-345).
    #[must_use]
    pub fn instance_id(mut self, id: impl Into<String>) -> Self {
        self.instance_id = Some(id.into());
        self
    }
}
