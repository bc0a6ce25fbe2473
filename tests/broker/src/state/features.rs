//! [`Features`]: what all brokers of the cluster have agreed on (KIP-584).

use std::collections::BTreeMap;

/// The features of Kafka 4.4.0, each with the levels that it supports and the one that a new
/// cluster starts with. At level 0 a feature is off.
pub(crate) const FEATURES: &[Feature] = &[
    Feature::new("eligible.leader.replicas.version", 0, 1, 1),
    Feature::new(GROUP_VERSION, 0, 1, 1),
    Feature::new(KRAFT_VERSION, 0, 1, 0),
    Feature::new(METADATA_VERSION, 7, 33, 33),
    Feature::new("share.version", 0, 2, 2),
    Feature::new("streams.version", 0, 1, 1),
    Feature::new("transaction.version", 0, 2, 2),
];

/// The feature that groups of KIP-848 require.
pub(crate) const GROUP_VERSION: &str = "group.version";
const KRAFT_VERSION: &str = "kraft.version";
const METADATA_VERSION: &str = "metadata.version";

/// A feature that brokers support.
#[derive(Debug)]
pub(crate) struct Feature {
    pub(crate) name: &'static str,
    pub(crate) least: i16,
    pub(crate) most: i16,
    initial: i16,
}

/// The level of each feature that is on.
#[derive(Debug, Clone)]
pub(crate) struct Features(BTreeMap<&'static str, i16>);

/// The direction in which a level may change: the upgrade types of KIP-778.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Upgrade,
    /// Down, if nothing is lost.
    SafeDowngrade,
    /// Down, whatever is lost.
    UnsafeDowngrade,
}

impl Feature {
    const fn new(name: &'static str, least: i16, most: i16, initial: i16) -> Self {
        Self {
            name,
            least,
            most,
            initial,
        }
    }
}

impl Direction {
    /// The upgrade type with this number on the wire.
    pub(crate) fn from_wire(number: i8) -> Option<Self> {
        match number {
            1 => Some(Self::Upgrade),
            2 => Some(Self::SafeDowngrade),
            3 => Some(Self::UnsafeDowngrade),
            _ => None,
        }
    }
}

impl Default for Features {
    /// The features of a new cluster of Kafka 4.4.0.
    fn default() -> Self {
        let on = FEATURES.iter().filter(|feature| feature.initial > 0);
        Self(on.map(|feature| (feature.name, feature.initial)).collect())
    }
}

impl Features {
    /// The features that are on, each with its level.
    pub(crate) fn finalized(&self) -> impl Iterator<Item = (&'static str, i16)> {
        self.0.iter().map(|(name, level)| (*name, *level))
    }

    /// The level of a feature; 0 if it is off.
    pub(crate) fn level(&self, name: &str) -> i16 {
        self.0.get(name).copied().unwrap_or(0)
    }

    /// Changes the level of a feature.
    ///
    /// # Errors
    /// Kafka's message about an invalid level, in which `controller` is the node that reports it.
    pub(crate) fn update(
        &mut self,
        name: &str,
        level: i16,
        direction: Option<Direction>,
        controller: i32,
    ) -> Result<(), String> {
        let invalid = |why: &str| {
            Err(format!(
                "Invalid update version {level} for feature {name}. {why}"
            ))
        };
        let Some(direction) = direction else {
            return invalid("The controller does not support the given upgrade type.");
        };
        if level < 0 {
            return invalid("A feature version cannot be less than 0.");
        }
        let Some(feature) = FEATURES.iter().find(|feature| feature.name == name) else {
            if level == 0 {
                return invalid(&format!("Feature {name} not found."));
            }
            let why = format!("Local controller {controller} does not support this feature.");
            return invalid(&why);
        };
        if !(feature.least..=feature.most).contains(&level) {
            return invalid(&format!(
                "Local controller {controller} only supports versions {}-{}",
                feature.least, feature.most
            ));
        }
        let now = self.level(name);
        if level < now && direction == Direction::Upgrade {
            return invalid(
                "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
            );
        }
        if level > now && direction != Direction::Upgrade {
            return invalid("Can't downgrade to a newer version.");
        }
        if level < now && name == KRAFT_VERSION {
            return invalid("Can't downgrade the version of this feature.");
        }
        if level < now && name == METADATA_VERSION {
            // Every version since has changed what is written.
            let why = match direction {
                Direction::UnsafeDowngrade => {
                    "Unsafe metadata downgrade is not supported in this version."
                }
                _ => {
                    "Refusing to perform the requested downgrade because it might delete metadata information."
                }
            };
            return Err(format!(
                "Unsupported metadata.version downgrade from {now} to {level}. {why}"
            ));
        }
        if level == 0 {
            self.0.remove(name);
        } else {
            self.0.insert(feature.name, level);
        }
        Ok(())
    }
}
