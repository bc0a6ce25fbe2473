//! Checks that all requests that make or change topics have in common.

use std::collections::HashSet;

use libkafka_protocol::ErrorCode;

use super::call::Call;

/// The names that there are more than once.
pub(super) fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> HashSet<&'a str> {
    let mut seen = HashSet::new();
    names.filter(|name| !seen.insert(*name)).collect()
}

/// Refuses what a fault strikes, and a topic that the request has twice.
pub(super) fn check(
    topic: &str,
    repeated: &HashSet<&str>,
    call: &Call<'_>,
) -> Result<(), (ErrorCode, String)> {
    call.check_topic(topic)?;
    if repeated.contains(topic) {
        let why = "Duplicate topic name.".to_owned();
        return Err((ErrorCode::INVALID_REQUEST, why));
    }
    Ok(())
}
