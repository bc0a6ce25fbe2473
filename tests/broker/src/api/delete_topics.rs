//! DeleteTopics.
//!
//! Versions 1 to 6.
//!
//! Unlike Kafka: `timeout_ms` is not looked at: a topic is gone at once, records and all.

use libkafka_protocol::messages::delete_topics::{DeletableTopicResult, DeleteTopicState};
use libkafka_protocol::messages::{DeleteTopicsRequest, DeleteTopicsResponse};
use libkafka_protocol::{ErrorCode, Uuid};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::State;

impl Api for DeleteTopicsRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<DeleteTopicsResponse> {
        let mut state = call.lock();
        let mut topics = self.topics;
        topics.extend(self.topic_names.into_iter().map(|name| DeleteTopicState {
            name: Some(name),
            ..Default::default()
        }));
        let responses = topics
            .iter()
            .map(|topic| delete(topic, call, &mut state))
            .collect();
        Ok(Some(DeleteTopicsResponse {
            responses,
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.topics(&self.topic_names);
        for topic in &self.topics {
            targets.topic(topic.name.as_deref().unwrap_or_default(), topic.topic_id);
        }
    }
}

fn delete(topic: &DeleteTopicState, call: &Call<'_>, state: &mut State) -> DeletableTopicResult {
    let refuse = |error_code: ErrorCode, message: &str| DeletableTopicResult {
        name: topic.name.clone(),
        topic_id: topic.topic_id,
        error_code,
        error_message: Some(message.to_owned()),
        ..Default::default()
    };
    let found = match (&topic.name, topic.topic_id) {
        (Some(_), id) if !id.is_zero() => {
            return refuse(
                ErrorCode::INVALID_REQUEST,
                "You may not specify both topic name and topic id.",
            );
        }
        (None, Uuid::ZERO) => {
            return refuse(
                ErrorCode::INVALID_REQUEST,
                "Neither topic name nor id were specified.",
            );
        }
        (Some(name), _) => state.topics.get_key_value(name),
        (None, id) => state.topic_by_id(id),
    };
    let Some((name, found)) = found else {
        return match topic.topic_id {
            Uuid::ZERO => refuse(
                ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
                "This server does not host this topic-partition.",
            ),
            _ => refuse(
                ErrorCode::UNKNOWN_TOPIC_ID,
                "This server does not host this topic ID.",
            ),
        };
    };
    let (name, topic_id) = (name.clone(), found.id);
    if let Some(code) = call.strikes.error(&name, None) {
        return refuse(code, code.description().unwrap_or_default());
    }
    state.delete_topic(&name);
    DeletableTopicResult {
        name: Some(name),
        topic_id,
        ..Default::default()
    }
}
