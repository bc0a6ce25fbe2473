//! Checks that all requests which create or change topics have in common.

use std::collections::{BTreeMap, HashSet};

use libkafka_protocol::ErrorCode;

use super::call::Call;
use crate::state::Node;

/// The names that occur more than once.
pub(super) fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> HashSet<&'a str> {
    let mut seen = HashSet::new();
    names.filter(|name| !seen.insert(*name)).collect()
}

/// Refuses a topic to which a fault applies, and a topic that occurs twice in the request.
pub(super) fn check(
    topic: &str,
    repeated: &HashSet<&str>,
    call: &Call<'_>,
) -> Result<(), (ErrorCode, String)> {
    if call.strikes.denied.iter().any(|denied| denied == topic) {
        let why = "Authorization failed.".to_owned();
        return Err((ErrorCode::TOPIC_AUTHORIZATION_FAILED, why));
    }
    call.check_topic(topic)?;
    if repeated.contains(topic) {
        let why = "Duplicate topic name.".to_owned();
        return Err((ErrorCode::INVALID_REQUEST, why));
    }
    Ok(())
}

/// Refuses invalid replicas of a partition, with Kafka's message.
pub(super) fn check_replicas(replicas: &[i32], nodes: &BTreeMap<i32, Node>) -> Result<(), String> {
    if replicas.is_empty() {
        return Err("The manual partition assignment includes an empty replica list.".to_owned());
    }
    let mut sorted = replicas.to_vec();
    sorted.sort_unstable();
    for (place, id) in sorted.iter().enumerate() {
        if !nodes.contains_key(id) {
            return Err(format!(
                "The manual partition assignment includes broker {id}, but no such broker is registered."
            ));
        }
        if place > 0 && sorted[place - 1] == *id {
            return Err(format!(
                "The manual partition assignment includes the broker {id} more than once."
            ));
        }
    }
    Ok(())
}
