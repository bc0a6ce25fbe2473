//! DeleteTopics.
//!
//! Versions 1 to 6.
//!
//! Unlike Kafka: `timeout_ms` is ignored, since a topic is gone at once with its records.

use std::collections::{HashMap, HashSet};

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
        let key = |topic: &DeleteTopicState| (topic.name.clone(), topic.topic_id);
        let mut named: HashMap<_, usize> = HashMap::new();
        for topic in &topics {
            *named.entry(key(topic)).or_default() += 1;
        }
        let once = topics
            .iter()
            .filter_map(|topic| Some((topic, named.remove(&key(topic))?)));
        let once: Vec<_> = once.collect();
        let named = once.iter().filter(|(_, times)| *times == 1);
        let named_ids = named
            .map(|(topic, _)| topic)
            .filter(|topic| topic.topic_id.is_zero());
        let named_ids =
            named_ids.filter_map(|topic| Some(state.topics.get(topic.name.as_ref()?)?.id));
        let named_ids: HashSet<Uuid> = named_ids.collect();
        let ids = once.iter().filter(|(topic, _)| topic.name.is_none());
        let ids: HashSet<Uuid> = ids.map(|(topic, _)| topic.topic_id).collect();
        let both: HashSet<Uuid> = named_ids.intersection(&ids).copied().collect();
        // A topic that occurs by name and by id, once each, is in the response by name.
        let told = once.into_iter().filter(|(topic, times)| {
            topic.name.is_some() || *times > 1 || !both.contains(&topic.topic_id)
        });
        let responses = told.flat_map(|(topic, times)| {
            // A topic with both a name and an id, or neither, has a result each time.
            let is_malformed = topic.name.is_some() != topic.topic_id.is_zero();
            let result = delete(topic, times, &both, call, &mut state);
            std::iter::repeat_n(result, if is_malformed { times } else { 1 })
        });
        Ok(Some(DeleteTopicsResponse {
            responses: responses.collect(),
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

/// Deletes a topic that the request names `times` times.
fn delete(
    topic: &DeleteTopicState,
    times: usize,
    both: &HashSet<Uuid>,
    call: &Call<'_>,
    state: &mut State,
) -> DeletableTopicResult {
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
        (Some(_), _) if times > 1 => {
            return refuse(ErrorCode::INVALID_REQUEST, "Duplicate topic name.");
        }
        (None, _) if times > 1 => {
            return refuse(ErrorCode::INVALID_REQUEST, "Duplicate topic id.");
        }
        (Some(name), _) if call.strikes.denied.contains(name) => {
            return refuse(
                ErrorCode::TOPIC_AUTHORIZATION_FAILED,
                "Topic authorization failed.",
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
    if both.contains(&topic_id) {
        return DeletableTopicResult {
            topic_id,
            ..refuse(
                ErrorCode::INVALID_REQUEST,
                "The provided topic name maps to an ID that was already supplied.",
            )
        };
    }
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
