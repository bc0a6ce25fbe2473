//! Resources that have a configuration: topics, brokers and groups.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::constants::config_resource_type::TOPIC;

use super::call::Call;
use crate::fault::Targets;

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
