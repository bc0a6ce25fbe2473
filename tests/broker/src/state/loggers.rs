//! The loggers of brokers and their levels (KIP-412), as far as clients can see.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::constants::alter_config_op::{APPEND, DELETE, SET, SUBTRACT};

use super::cluster::State;

/// The logger from which the others inherit their level.
const ROOT: &str = "root";
/// The loggers of every node. Kafka has one for each class that has logged something.
const LOGGERS: [&str; 4] = [ROOT, "kafka", "org.apache.kafka", "state.change.logger"];
/// The level that they start with.
const INITIAL: &str = "INFO";
const LEVELS: [&str; 6] = ["DEBUG", "ERROR", "FATAL", "INFO", "TRACE", "WARN"];

/// The loggers of a node, each with its level.
pub(crate) fn loggers(node: i32, state: &State) -> impl Iterator<Item = (&'static str, &str)> {
    let set = state.logger_levels.get(&node);
    let level = move |name: &str| set?.get(name).map(String::as_str);
    LOGGERS.into_iter().map(move |name| {
        let level = level(name).or_else(|| level(ROOT));
        (name, level.unwrap_or(INITIAL))
    })
}

/// Changes levels of a node's loggers: the name of each, the operation and the level.
///
/// # Errors
/// Kafka's message about an invalid change.
pub(crate) fn alter_logger<'a>(
    changes: impl Iterator<Item = (&'a str, i8, Option<&'a str>)>,
    validate_only: bool,
    node: i32,
    state: &mut State,
) -> Result<(), (ErrorCode, String)> {
    let request = |why: String| Err((ErrorCode::INVALID_REQUEST, why));
    let config = |why: String| Err((ErrorCode::INVALID_CONFIG, why));
    let mut set = state.logger_levels.get(&node).cloned().unwrap_or_default();
    for (name, operation, level) in changes {
        let not_allowed = "operation is not allowed for the BROKER_LOGGER resource";
        match operation {
            SET | DELETE => {}
            APPEND => return request(format!("APPEND {not_allowed}")),
            SUBTRACT => return request(format!("SUBTRACT {not_allowed}")),
            other => {
                return request(format!(
                    "Unknown operation type {other} is not allowed for the BROKER_LOGGER resource"
                ));
            }
        }
        if !LOGGERS.contains(&name) {
            return config(format!("Logger {name} does not exist!"));
        }
        if operation == DELETE {
            if name == ROOT {
                return request("Removing the log level of the root logger is not allowed".into());
            }
            set.remove(name);
            continue;
        }
        let level = level.unwrap_or_default();
        if !LEVELS.contains(&level) {
            return config(format!(
                "Cannot set the log level of {name} to {level} as it is not a supported log level. Valid log levels are {}",
                LEVELS.join(", ")
            ));
        }
        set.insert(name.to_owned(), level.to_owned());
    }
    if !validate_only {
        state.logger_levels.insert(node, set);
        state.mark_changed();
    }
    Ok(())
}
