//! `Protocol`: by what a group decides who owns what.

use std::fmt;

use libkafka_testkafka::Version;

/// By what a group decides who owns what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// The classic protocol, with this assignor of the members.
    Classic(&'static str),
    /// KIP-848, with this assignor of the coordinator.
    Consumer(&'static str),
}

/// The oldest release that has KIP-848 enabled.
const CONSUMER_SINCE: Version = Version::new(4, 0, 0);
/// The oldest release that has static members.
const STATIC_SINCE: Version = Version::new(2, 3, 0);

impl Protocol {
    /// Range, eager.
    pub const RANGE: Protocol = Protocol::Classic("range");
    /// Sticky, eager.
    pub const STICKY: Protocol = Protocol::Classic("sticky");
    /// Sticky, cooperative.
    pub const COOPERATIVE: Protocol = Protocol::Classic("cooperative-sticky");
    /// The coordinator's sticky one.
    pub const CONSUMER_UNIFORM: Protocol = Protocol::Consumer("uniform");
    /// The coordinator's range.
    pub const CONSUMER_RANGE: Protocol = Protocol::Consumer("range");

    /// Those that a release has.
    pub fn all_of(version: Version) -> &'static [Protocol] {
        const ALL: [Protocol; 5] = [
            Protocol::RANGE,
            Protocol::STICKY,
            Protocol::COOPERATIVE,
            Protocol::CONSUMER_UNIFORM,
            Protocol::CONSUMER_RANGE,
        ];
        match version >= CONSUMER_SINCE {
            true => &ALL,
            false => &ALL[..3],
        }
    }

    /// Whether a member that stays in the group keeps some of what it has, if that is more than one
    /// partition.
    pub(super) fn is_sticky(self) -> bool {
        matches!(self, Self::COOPERATIVE | Self::CONSUMER_UNIFORM)
    }

    /// Whether a release has static members.
    pub fn has_static_members(version: Version) -> bool {
        version >= STATIC_SINCE
    }

    /// The value of `group.protocol` for a member of ours: where there is none but the classic
    /// protocol, it finds that out by itself.
    pub fn of_ours(self, version: Version) -> &'static str {
        match self {
            Protocol::Consumer(_) => "consumer",
            Protocol::Classic(_) if version < CONSUMER_SINCE => "either",
            Protocol::Classic(_) => "classic",
        }
    }

    /// The class of a classic assignor in Java.
    pub fn class(assignor: &str) -> &'static str {
        match assignor {
            "sticky" => "org.apache.kafka.clients.consumer.StickyAssignor",
            "cooperative-sticky" => "org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
            _ => "org.apache.kafka.clients.consumer.RangeAssignor",
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Protocol::Classic(assignor) => write!(f, "classic-{assignor}"),
            Protocol::Consumer(assignor) => write!(f, "consumer-{assignor}"),
        }
    }
}
