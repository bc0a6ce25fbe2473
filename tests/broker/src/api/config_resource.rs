//! What has a configuration: topics, brokers and groups.

use libkafka_protocol::ErrorCode;

use super::call::Call;
use crate::fault::Targets;

pub(super) const TOPIC: i8 = 2;
pub(super) const BROKER: i8 = 4;
pub(super) const GROUP: i8 = 32;

/// Adds the topics among resources of these types and names.
pub(super) fn targets<'a>(
    resources: impl Iterator<Item = (i8, &'a String)>,
    targets: &mut Targets,
) {
    let topics = resources.filter(|(kind, _)| *kind == TOPIC);
    targets.topics(topics.map(|(_, name)| name));
}

/// Refuses a topic that a fault strikes.
pub(super) fn check(kind: i8, name: &str, call: &Call<'_>) -> Result<(), (ErrorCode, String)> {
    match kind {
        TOPIC => call.check_topic(name),
        _ => Ok(()),
    }
}
