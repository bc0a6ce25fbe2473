//! [`properties`]: brokers that are quick about groups.

use libkafka_testkafka::Version;

use super::kind::{HEARTBEAT, SESSION};

/// What brokers of a release are told, so that they soon see that a member is gone.
pub fn properties(version: Version) -> Vec<(&'static str, String)> {
    let session = SESSION.as_millis().to_string();
    let heartbeat = HEARTBEAT.as_millis().to_string();
    let mut properties = vec![
        ("auto.create.topics.enable", "false".to_owned()),
        ("group.initial.rebalance.delay.ms", "0".to_owned()),
        ("group.min.session.timeout.ms", "1000".to_owned()),
    ];
    if version >= Version::new(4, 0, 0) {
        properties.extend([
            (
                "group.consumer.migration.policy",
                "bidirectional".to_owned(),
            ),
            ("group.consumer.min.session.timeout.ms", "1000".to_owned()),
            ("group.consumer.session.timeout.ms", session),
            ("group.consumer.min.heartbeat.interval.ms", "100".to_owned()),
            ("group.consumer.heartbeat.interval.ms", heartbeat),
        ]);
    }
    properties
}
