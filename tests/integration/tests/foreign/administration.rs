//! Kafka's own admin client, and what it does to a cluster beside topics and groups.

use libkafka_client::protocol::{ApiKey, ErrorCode};

use crate::peace::run;
use crate::{on_each, programs};

/// What `Administration.java` prints.
const ADMINISTERED: [&str; 18] = [
    "size 73",
    "elect ElectionNotNeededException",
    "reassign done",
    "reassign to nobody InvalidReplicaAssignmentException: The manual partition assignment includes broker 99, but no such broker is registered.",
    "call off NoReassignmentInProgressException: No partition reassignment is in progress.",
    "under way {}",
    "led by a voter true",
    "supported eligible.leader.replicas.version 0-1 group.version 0-1 kraft.version 0-1 metadata.version 7-33 share.version 0-2 streams.version 0-1 transaction.version 0-2",
    "finalized eligible.leader.replicas.version 1 group.version 1 metadata.version 33 share.version 2 streams.version 1 transaction.version 2",
    "upgrade InvalidUpdateVersionException: The update failed for all features since the following feature had an error: Invalid update version 9 for feature share.version. Local controller 1 only supports versions 0-2",
    "downgrade done",
    "group done",
    "group InvalidConfigurationException: consumer.session.timeout.ms must be in the range 45000 to 60000 inclusive.",
    "metrics done",
    "consumer.session.timeout.ms=50000 DYNAMIC_GROUP_CONFIG INT 2 The timeout to detect client failures when using the consumer group protocol.",
    "interval.ms=1000 DYNAMIC_CLIENT_METRICS_CONFIG INT 1 Metrics push interval in milliseconds",
    "message.max.bytes=1048588 DEFAULT_CONFIG INT 1 The largest record batch size allowed by Kafka (after compression if compression is enabled).This can be set per topic with the topic level <code>max.message.bytes</code> config.",
    "listed [CLIENT_METRICS, GROUP, TOPIC]",
];

/// The errors among that.
const PROVOKED: [(ApiKey, ErrorCode); 6] = [
    (ApiKey::ELECT_LEADERS, ErrorCode::ELECTION_NOT_NEEDED),
    (
        ApiKey::ALTER_PARTITION_REASSIGNMENTS,
        ErrorCode::INVALID_REPLICA_ASSIGNMENT,
    ),
    (
        ApiKey::ALTER_PARTITION_REASSIGNMENTS,
        ErrorCode::NO_REASSIGNMENT_IN_PROGRESS,
    ),
    (ApiKey::UPDATE_FEATURES, ErrorCode::INVALID_UPDATE_VERSION),
    (ApiKey::INCREMENTAL_ALTER_CONFIGS, ErrorCode::INVALID_CONFIG),
    // What it is told first of a topic that it has to learn of.
    (ApiKey::METADATA, ErrorCode::UNKNOWN_TOPIC_OR_PARTITION),
];

on_each! {
    fn leaders_replicas_features_and_configurations_are_administered(cluster) needs kafka {
        cluster.topic("java-admin", 1);
        cluster.expect(&PROVOKED);
        let tool = programs::java("Administration").args([&cluster.bootstrap(), "java-admin"]);
        assert_eq!(run(tool).lines(), ADMINISTERED);
    }
}
