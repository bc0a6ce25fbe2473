//! `check`, `explain`: why a ConsumerGroupHeartbeat is refused, with Kafka's messages.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::ConsumerGroupHeartbeatRequest;

use crate::state::{ASSIGNORS, LEAVES_FOR_NOW, State, why_invalid};

/// Refuses a request that contradicts itself, whatever the group.
pub(super) fn check(
    request: &ConsumerGroupHeartbeatRequest,
    version: i16,
) -> Result<(), (ErrorCode, String)> {
    let is_empty = |text: &Option<String>| text.as_ref().is_some_and(String::is_empty);
    let epoch = request.member_epoch;
    let joins = epoch == 0;
    let owned = request.topic_partitions.as_ref();
    let lacks_subscription =
        request.subscribed_topic_names.is_none() && request.subscribed_topic_regex.is_none();
    let lacks_id = request.member_id.is_empty();
    let invalid = if lacks_id && (version >= 1 || epoch == -1 || epoch > 0) {
        "MemberId can't be empty."
    } else if request.group_id.is_empty() {
        "GroupId can't be empty."
    } else if is_empty(&request.instance_id) {
        "InstanceId can't be empty."
    } else if is_empty(&request.rack_id) {
        "RackId can't be empty."
    } else if joins && request.rebalance_timeout_ms == -1 {
        "RebalanceTimeoutMs must be provided in first request."
    } else if joins && owned.is_none_or(|owned| !owned.is_empty()) {
        "TopicPartitions must be empty when (re-)joining."
    } else if joins && lacks_subscription {
        "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining."
    } else if epoch == LEAVES_FOR_NOW && request.instance_id.is_none() {
        "InstanceId can't be null."
    } else if epoch < LEAVES_FOR_NOW {
        "MemberEpoch is invalid."
    } else {
        ""
    };
    if !invalid.is_empty() {
        return Err((ErrorCode::INVALID_REQUEST, invalid.to_owned()));
    }
    if let Some(assignor) = request.server_assignor.as_deref()
        && !ASSIGNORS.contains(&assignor)
    {
        let known = ASSIGNORS.join(", ");
        let why =
            format!("ServerAssignor {assignor} is not supported. Supported assignors: {known}.");
        return Err((ErrorCode::UNSUPPORTED_ASSIGNOR, why));
    }
    Ok(())
}

/// Kafka's message about a request that a group refused.
pub(super) fn explain(
    code: ErrorCode,
    request: &ConsumerGroupHeartbeatRequest,
    state: &State,
) -> Option<String> {
    let (group, member) = (&request.group_id, &request.member_id);
    let instance = request.instance_id.as_deref();
    let regex = request
        .subscribed_topic_regex
        .as_deref()
        .unwrap_or_default();
    let consumer = state.groups.get(group).and_then(|group| group.consumer());
    let found = consumer.and_then(|consumer| {
        let mut members = consumer.members.iter();
        members.find(|known| match instance {
            Some(_) => known.instance_id.as_deref() == instance,
            None => known.id == *member,
        })
    });
    let instance = instance.unwrap_or_default();
    let owner = found.map_or("", |found| &found.id);
    Some(match code {
        ErrorCode::INVALID_REGULAR_EXPRESSION => {
            let why = why_invalid(regex).map(|why| format!(": {why}"));
            let why = why.unwrap_or_default();
            format!("SubscribedTopicRegex `{regex}` is not a valid regular expression{why}.")
        }
        ErrorCode::GROUP_ID_NOT_FOUND if state.groups.contains_key(group) => {
            format!("Group {group} is not a consumer group.")
        }
        ErrorCode::GROUP_ID_NOT_FOUND if request.member_epoch < 0 => {
            format!("Group {group} not found.")
        }
        ErrorCode::GROUP_ID_NOT_FOUND => format!("Consumer group {group} not found."),
        ErrorCode::UNKNOWN_MEMBER_ID if !instance.is_empty() => {
            format!("Instance id {instance} is unknown.")
        }
        ErrorCode::UNKNOWN_MEMBER_ID => {
            format!("Member {member} is not a member of group {group}.")
        }
        ErrorCode::FENCED_INSTANCE_ID => format!(
            "Static member {member} with instance id {instance} was fenced by member {owner}."
        ),
        ErrorCode::UNRELEASED_INSTANCE_ID => format!(
            "Static member {member} with instance id {instance} cannot join the group because the instance id is owned by member {owner}."
        ),
        ErrorCode::FENCED_MEMBER_EPOCH => {
            let known = found?.epoch;
            let how = match request.member_epoch > known {
                true => "greater",
                false => "smaller",
            };
            format!(
                "The consumer group member has a {how} member epoch ({}) than the one known by the group coordinator ({known}). The member must abandon all its partitions and rejoin.",
                request.member_epoch
            )
        }
        _ => return None,
    })
}
