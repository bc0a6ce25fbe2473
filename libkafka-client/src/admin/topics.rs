//! `NewTopic`: creates, extends and deletes topics, and deletes their records.

use libkafka_protocol::messages::create_partitions::CreatePartitionsTopic;
use libkafka_protocol::messages::create_topics::{CreatableTopic, CreatableTopicConfig};
use libkafka_protocol::messages::delete_records::{DeleteRecordsPartition, DeleteRecordsTopic};
use libkafka_protocol::messages::delete_topics::DeleteTopicState;
use libkafka_protocol::messages::{
    CreatePartitionsRequest, CreateTopicsRequest, DeleteRecordsRequest, DeleteTopicsRequest,
};
use libkafka_protocol::{ErrorCode, Request, Versions};

use crate::cluster::{Client, Target};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::{Answer, Exchange};

/// The offset that means the high watermark in a request to delete records.
const HIGH_WATERMARK: i64 = -1;

/// A topic to create.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct NewTopic {
    name: String,
    partitions: i32,
    replication_factor: i16,
    configs: Vec<(String, String)>,
}

impl NewTopic {
    /// A topic with the broker's default numbers of partitions and replicas. Brokers before 2.4
    /// need to be given both.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            partitions: -1,
            replication_factor: -1,
            configs: Vec::new(),
        }
    }

    /// Sets the number of partitions.
    pub fn partitions(mut self, partitions: i32) -> Self {
        self.partitions = partitions;
        self
    }

    /// Sets the number of replicas of each partition.
    pub fn replication_factor(mut self, replicas: i16) -> Self {
        self.replication_factor = replicas;
        self
    }

    /// Sets a config of the topic, such as `retention.ms`.
    pub fn config(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.configs.push((name.into(), value.into()));
        self
    }
}

impl Client {
    /// Creates a topic. It may take another moment until every broker knows it.
    ///
    /// # Errors
    /// [`Error::Broker`] with the reason, such as [`ErrorCode::TOPIC_ALREADY_EXISTS`], and the
    /// errors of [`call`](Self::call).
    pub fn create_topic(&mut self, topic: NewTopic) -> Result<(), Error> {
        let deadline = self.deadline();
        let config = |(name, value)| CreatableTopicConfig {
            name,
            value: Some(value),
            ..Default::default()
        };
        let request = CreateTopicsRequest {
            topics: vec![CreatableTopic {
                name: topic.name,
                num_partitions: topic.partitions,
                replication_factor: topic.replication_factor,
                configs: topic.configs.into_iter().map(config).collect(),
                ..Default::default()
            }],
            timeout_ms: deadline.for_broker(),
            ..Default::default()
        };
        let Answer { response, exchange } =
            self.controller_call(&request, Versions::ALL, deadline)?;
        let mut results = response.topics.into_iter();
        let result = results.find(|result| result.name == request.topics[0].name);
        self.outcome(&exchange, result.map(|r| (r.error_code, r.error_message)))
    }

    /// Deletes a topic. It may take another moment until every broker has forgotten it.
    ///
    /// # Errors
    /// [`Error::Broker`] with the reason, and the errors of [`call`](Self::call).
    pub fn delete_topic(&mut self, name: &str) -> Result<(), Error> {
        let deadline = self.deadline();
        let route = self.route(Target::Controller, deadline)?;
        let Answer { response, exchange } =
            self.exchange::<DeleteTopicsRequest, _>(route, Versions::ALL, deadline, |version| {
                let mut request = DeleteTopicsRequest {
                    timeout_ms: deadline.for_broker(),
                    ..Default::default()
                };
                match version {
                    ..6 => request.topic_names.push(name.to_owned()),
                    _ => request.topics.push(DeleteTopicState {
                        name: Some(name.to_owned()),
                        ..Default::default()
                    }),
                }
                request
            })?;
        let mut results = response.responses.into_iter();
        let result = results.find(|result| result.name.as_deref() == Some(name));
        self.outcome(&exchange, result.map(|r| (r.error_code, r.error_message)))
    }

    /// Increases the number of a topic's partitions to `count`.
    ///
    /// # Errors
    /// [`Error::Broker`] with the reason, and the errors of [`call`](Self::call).
    pub fn create_partitions(&mut self, topic: &str, count: i32) -> Result<(), Error> {
        let deadline = self.deadline();
        let request = CreatePartitionsRequest {
            topics: vec![CreatePartitionsTopic {
                name: topic.to_owned(),
                count,
                assignments: None,
                ..Default::default()
            }],
            timeout_ms: deadline.for_broker(),
            ..Default::default()
        };
        let Answer { response, exchange } =
            self.controller_call(&request, Versions::ALL, deadline)?;
        let mut results = response.results.into_iter();
        let result = results.find(|result| result.name == topic);
        self.outcome(&exchange, result.map(|r| (r.error_code, r.error_message)))
    }

    /// Deletes the records of a partition before `offset`, or all up to the high watermark for
    /// `None`. Returns the first offset that is left.
    ///
    /// # Errors
    /// [`Error::Broker`] with the reason, and the errors of [`leader`](Self::leader).
    pub fn delete_records(
        &mut self,
        topic: &str,
        partition: i32,
        before: Option<i64>,
    ) -> Result<i64, Error> {
        let deadline = self.deadline();
        let request = DeleteRecordsRequest {
            topics: vec![DeleteRecordsTopic {
                name: topic.to_owned(),
                partitions: vec![DeleteRecordsPartition {
                    partition_index: partition,
                    offset: before.unwrap_or(HIGH_WATERMARK),
                    ..Default::default()
                }],
                ..Default::default()
            }],
            timeout_ms: deadline.for_broker(),
            ..Default::default()
        };
        let route = self.route(Target::Leader(topic, partition), deadline)?;
        let Answer { response, exchange } =
            self.exchange::<DeleteRecordsRequest, _>(route, Versions::ALL, deadline, |_| &request)?;
        let topics = response.topics.into_iter();
        let result = exchange.partition(
            topics.map(|t| (t.name == topic, t.partitions)),
            |result| result.partition_index,
            topic,
            partition,
        )?;
        exchange.check(result.error_code, None)?;
        Ok(result.low_watermark)
    }

    fn controller_call<R: Request>(
        &mut self,
        request: &R,
        versions: Versions,
        deadline: Deadline,
    ) -> Result<Answer<R::Response>, Error> {
        let route = self.route(Target::Controller, deadline)?;
        self.exchange::<R, _>(route, versions, deadline, |_| request)
    }

    /// The result for the one thing that was asked for; `None` if the response is about others.
    pub(super) fn outcome(
        &mut self,
        exchange: &Exchange,
        result: Option<(ErrorCode, Option<String>)>,
    ) -> Result<(), Error> {
        match result {
            Some((code, _)) if code.is_ok() => Ok(()),
            Some((code, message)) => {
                if code == ErrorCode::NOT_CONTROLLER {
                    self.doubt();
                }
                Err(exchange.refusal(code, message))
            }
            None => Err(exchange.missing("what was asked for")),
        }
    }
}
