//! [`message`]: Kafka's default message for an error code.

use libkafka_protocol::ErrorCode;

/// Kafka's default message for an error code, for those that are sent with one.
pub(super) fn message(code: ErrorCode) -> Option<String> {
    let message = match code {
        ErrorCode::UNKNOWN_TOPIC_OR_PARTITION => "This server does not host this topic-partition.",
        ErrorCode::PREFERRED_LEADER_NOT_AVAILABLE => "The preferred leader was not available.",
        ErrorCode::ELIGIBLE_LEADERS_NOT_AVAILABLE => {
            "Eligible topic partition leaders are not available."
        }
        ErrorCode::ELECTION_NOT_NEEDED => "Leader election not needed for topic partition.",
        ErrorCode::TOPIC_AUTHORIZATION_FAILED => "Topic authorization failed.",
        ErrorCode::GROUP_AUTHORIZATION_FAILED => "Group authorization failed.",
        ErrorCode::CLUSTER_AUTHORIZATION_FAILED => "Cluster authorization failed.",
        // Of a fault, perhaps.
        other => return other.description().map(str::to_owned),
    };
    Some(message.to_owned())
}
