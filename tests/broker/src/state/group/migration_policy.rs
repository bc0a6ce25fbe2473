//! [`MigrationPolicy`]: in which direction a group may migrate while it has members.

use crate::state::broker_configs::BrokerConfigs;

/// In which directions a group may migrate: `group.consumer.migration.policy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MigrationPolicy {
    Disabled,
    Upgrade,
    Downgrade,
    Bidirectional,
}

impl MigrationPolicy {
    pub(crate) fn of(configs: &BrokerConfigs) -> Self {
        let policy = configs.get("group.consumer.migration.policy");
        match policy.map(|policy| policy.to_ascii_lowercase()).as_deref() {
            Some("disabled") => Self::Disabled,
            Some("upgrade") => Self::Upgrade,
            Some("downgrade") => Self::Downgrade,
            _ => Self::Bidirectional,
        }
    }

    /// Whether it may migrate from the classic protocol to the new one.
    pub(super) fn upgrades(self) -> bool {
        matches!(self, Self::Upgrade | Self::Bidirectional)
    }

    /// Whether it may migrate back.
    pub(super) fn downgrades(self) -> bool {
        matches!(self, Self::Downgrade | Self::Bidirectional)
    }
}
