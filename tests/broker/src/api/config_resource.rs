//! What has a configuration: topics, brokers and groups.

use libkafka_protocol::ErrorCode;

use super::call::Call;
use crate::fault::Target;

pub(super) const TOPIC: i8 = 2;
pub(super) const BROKER: i8 = 4;
pub(super) const GROUP: i8 = 32;

/// What requests for resources of these types and names are about.
pub(super) fn targets<'a>(resources: impl Iterator<Item = (i8, &'a String)>) -> Vec<Target> {
    let topics = resources.filter(|(kind, _)| *kind == TOPIC);
    topics
        .map(|(_, name)| Target::Topic(name.clone(), None))
        .collect()
}

/// Refuses a topic that a fault strikes.
pub(super) fn check(kind: i8, name: &str, call: &Call<'_>) -> Result<(), (ErrorCode, String)> {
    let struck = call.strikes.error(name, None).filter(|_| kind == TOPIC);
    struck.map_or(Ok(()), |code| {
        Err((code, code.description().unwrap_or_default().to_owned()))
    })
}
