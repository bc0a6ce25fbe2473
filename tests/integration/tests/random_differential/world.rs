//! [`World`]: what the answers of a sequence have told so far.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::step::Step;

/// What requests can be about, by the names that both brokers share.
#[derive(Default)]
pub(crate) struct World {
    /// The ids of topics.
    pub(crate) topic_ids: BTreeMap<String, String>,
    pub(crate) members: Vec<Member>,
    pub(crate) producers: Vec<Producer>,
    pub(crate) sessions: Vec<Session>,
}

#[derive(Clone, Default)]
pub(crate) struct Member {
    pub(crate) group: String,
    pub(crate) id: String,
    /// Its generation, or epoch.
    pub(crate) generation: i64,
}

#[derive(Clone)]
pub(crate) struct Producer {
    pub(crate) transactional_id: Option<String>,
    pub(crate) id: i64,
    pub(crate) epoch: i64,
    /// Partitions that are in its transaction, or were once.
    pub(crate) partitions: BTreeSet<(String, i64)>,
    /// The sequence numbers that come next.
    pub(crate) next: BTreeMap<(String, i64), i64>,
}

#[derive(Clone, Copy)]
pub(crate) struct Session {
    pub(crate) id: i64,
    pub(crate) epoch: i64,
}

impl World {
    /// Takes in the answer to a step.
    pub(crate) fn learn(&mut self, step: &Step, answer: &Value) {
        self.topics(answer);
        let request = &step.request;
        match step.api.short_name() {
            "JoinGroup" | "ConsumerGroupHeartbeat" => self.member(request, answer),
            "InitProducerId" if answer["errorCode"] == 0 => self.producer(request, answer),
            "EndTxn" if answer["errorCode"] == 0 => self.ended(request, answer),
            "AddPartitionsToTxn" => self.added(request),
            "Fetch" => self.session(request, answer),
            "Produce" => self.produced(request, answer),
            _ => {}
        }
    }

    fn topics(&mut self, answer: &Value) {
        match answer {
            Value::Array(values) => values.iter().for_each(|value| self.topics(value)),
            Value::Object(fields) => {
                let name = fields.get("name").or_else(|| fields.get("topicName"));
                let name = name.and_then(Value::as_str);
                let id = fields.get("topicId").and_then(Value::as_str);
                if let (Some(name), Some(id)) = (name, id)
                    && !id.starts_with("AAAAAAAAAAAAAAAA")
                    && !name.is_empty()
                {
                    self.topic_ids.insert(name.to_owned(), id.to_owned());
                }
                fields.values().for_each(|value| self.topics(value));
            }
            _ => {}
        }
    }

    fn member(&mut self, request: &Value, answer: &Value) {
        let id = answer["memberId"].as_str().unwrap_or_default();
        let generation = answer
            .get("generationId")
            .or_else(|| answer.get("memberEpoch"));
        if id.is_empty() {
            return;
        }
        let group = request["groupId"].as_str().unwrap_or_default();
        self.members.retain(|member| member.id != id);
        self.members.push(Member {
            group: group.to_owned(),
            id: id.to_owned(),
            generation: generation.and_then(Value::as_i64).unwrap_or(-1),
        });
        // The others of the group are in that generation too, or soon will be.
        if answer["errorCode"] == 0 && answer.get("generationId").is_some() {
            let generation = answer["generationId"].as_i64().unwrap_or(-1);
            for member in self
                .members
                .iter_mut()
                .filter(|member| member.group == group)
            {
                member.generation = generation;
            }
        }
    }

    fn producer(&mut self, request: &Value, answer: &Value) {
        let transactional_id = request["transactionalId"].as_str().map(str::to_owned);
        if transactional_id.is_some() {
            self.producers
                .retain(|p| p.transactional_id != transactional_id);
        }
        self.producers.push(Producer {
            transactional_id,
            id: answer["producerId"].as_i64().unwrap_or(-1),
            epoch: answer["producerEpoch"].as_i64().unwrap_or(-1),
            partitions: BTreeSet::new(),
            next: BTreeMap::new(),
        });
    }

    fn ended(&mut self, request: &Value, answer: &Value) {
        let (Some(id), Some(epoch)) = (
            answer.get("producerId").and_then(Value::as_i64),
            answer.get("producerEpoch").and_then(Value::as_i64),
        ) else {
            return;
        };
        for producer in &mut self.producers {
            if producer.id == request["producerId"] && epoch >= 0 {
                producer.id = id;
                producer.epoch = epoch;
                producer.next.clear();
            }
        }
    }

    fn added(&mut self, request: &Value) {
        let transactions = request["transactions"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let topics = transactions
            .iter()
            .flat_map(|t| t["topics"].as_array().cloned());
        let topics = topics.chain(request["v3AndBelowTopics"].as_array().cloned());
        for topic in topics.flatten() {
            let name = topic["name"].as_str().unwrap_or_default();
            for partition in topic["partitions"].as_array().into_iter().flatten() {
                for producer in &mut self.producers {
                    let partition = partition.as_i64().unwrap_or_default();
                    producer.partitions.insert((name.to_owned(), partition));
                }
            }
        }
    }

    fn session(&mut self, request: &Value, answer: &Value) {
        let id = answer.get("sessionId").and_then(Value::as_i64).unwrap_or(0);
        if id == 0 || answer["errorCode"] != 0 {
            return;
        }
        self.sessions.retain(|session| session.id != id);
        let epoch = request["sessionEpoch"].as_i64().unwrap_or(0) + 1;
        self.sessions.push(Session { id, epoch });
    }

    fn produced(&mut self, request: &Value, answer: &Value) {
        let topics = request["topicData"].as_array().into_iter().flatten();
        let answers = answer["responses"].as_array().into_iter().flatten();
        for (topic, answers) in topics.zip(answers) {
            let name = self.name_of(topic);
            let partitions = topic["partitionData"].as_array().into_iter().flatten();
            let answers = answers["partitionResponses"]
                .as_array()
                .into_iter()
                .flatten();
            for (partition, answer) in partitions.zip(answers) {
                let batch = &partition["records"]["batches"][0];
                let records = batch["records"].as_array().map_or(0, Vec::len);
                let sequence = batch["baseSequence"].as_i64().unwrap_or(-1);
                if answer["errorCode"] != 0 || sequence < 0 {
                    continue;
                }
                let place = (name.clone(), partition["index"].as_i64().unwrap_or(0));
                let producers = self.producers.iter_mut();
                for producer in producers.filter(|p| batch["producerId"] == p.id) {
                    producer
                        .next
                        .insert(place.clone(), sequence + records as i64);
                }
            }
        }
    }

    /// The name of a topic of a request that may have its id alone.
    fn name_of(&self, topic: &Value) -> String {
        if let Some(name) = topic["name"].as_str().filter(|name| !name.is_empty()) {
            return name.to_owned();
        }
        let mut ids = self.topic_ids.iter();
        let found = ids.find(|(_, id)| topic["topicId"] == id.as_str());
        found.map(|(name, _)| name.clone()).unwrap_or_default()
    }
}
