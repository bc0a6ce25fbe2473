//! The configurations of brokers that can be set, and the values that each takes.

use libkafka_protocol::ErrorCode;

use super::configs::ConfigKind::{self, Boolean, Int, Long, Text};
use super::configs::TOPIC_CONFIGS;

/// What this broker reads besides the defaults of topics. Kafka reads them when it starts, and does
/// not let them be changed while it runs.
const STATIC: &[(&str, ConfigKind)] = &[
    ("auto.create.topics.enable", Boolean),
    ("broker.rack", Text(&[])),
    ("connections.max.reauth.ms", Long(i64::MIN)),
    ("default.replication.factor", Int(i64::MIN)),
    ("fetch.max.bytes", Int(1024)),
    ("group.consumer.heartbeat.interval.ms", Int(1)),
    ("group.consumer.session.timeout.ms", Int(1)),
    ("group.initial.rebalance.delay.ms", Int(i64::MIN)),
    ("group.max.session.timeout.ms", Int(i64::MIN)),
    ("group.min.session.timeout.ms", Int(i64::MIN)),
    ("node.id", Int(0)),
    ("num.partitions", Int(1)),
    ("offset.metadata.max.bytes", Int(i64::MIN)),
    ("offsets.topic.num.partitions", Int(1)),
    ("transaction.max.timeout.ms", Int(1)),
];

/// Refuses a value that a configuration of brokers cannot start with. Names that mean nothing here
/// take any.
pub(crate) fn check_at_start(name: &str, value: &str) -> Result<(), String> {
    let of_topics = TOPIC_CONFIGS.iter().find(|entry| entry.broker == name);
    let own = STATIC.iter().find(|(own, _)| *own == name);
    let kind = own.map(|(_, kind)| *kind);
    match kind.or(of_topics.map(|entry| entry.kind)) {
        Some(kind) => kind.check(name, value),
        None => Ok(()),
    }
}

/// Refuses a change of a configuration while brokers run, of one broker or of all.
pub(crate) fn check_change(
    name: &str,
    value: &str,
    of_one: bool,
) -> Result<(), (ErrorCode, String)> {
    if STATIC.iter().any(|(own, _)| *own == name) {
        let why = format!("Cannot update these configs dynamically: [{name}]");
        return Err((ErrorCode::INVALID_REQUEST, why));
    }
    let checked = match name {
        // Kafka takes any number here.
        "log.retention.ms" => Long(i64::MIN).check(name, value),
        _ => check_at_start(name, value),
    };
    checked.map_err(|why| (ErrorCode::INVALID_REQUEST, why))?;
    if of_one && name == "min.insync.replicas" {
        let why = "Broker-level min.insync.replicas cannot be altered while ELR is enabled.";
        return Err((ErrorCode::INVALID_CONFIG, why.to_owned()));
    }
    Ok(())
}

/// Whether a configuration of brokers is a list.
pub(crate) fn is_list(name: &str) -> bool {
    let mut lists = TOPIC_CONFIGS.iter().filter(|entry| entry.kind.is_list());
    lists.any(|entry| entry.broker == name)
}
