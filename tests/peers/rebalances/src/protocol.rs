//! `Protocol`: by what a group decides who owns what.

use std::time::Duration;

/// How often members say that they live.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(1);
/// How long the coordinator waits for one that does not. It ends between two heartbeats of the
/// others, who joined at the same time as the one that is killed.
pub(crate) const SESSION: Duration = Duration::from_millis(6500);

/// By what a group decides who owns what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// The classic protocol, eager.
    Range,
    /// The classic protocol, cooperative.
    Cooperative,
    /// KIP-848.
    Consumer,
}

impl Protocol {
    pub(crate) const ALL: [Protocol; 3] =
        [Protocol::Range, Protocol::Cooperative, Protocol::Consumer];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Protocol::Range => "range",
            Protocol::Cooperative => "cooperative-sticky",
            Protocol::Consumer => "KIP-848",
        }
    }

    pub(crate) fn named(name: &str) -> Self {
        let found = Self::ALL
            .into_iter()
            .find(|protocol| protocol.name() == name);
        found.expect("a protocol")
    }
}
