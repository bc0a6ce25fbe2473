//! `Leader`: the leader of a partition, looked up through metadata.

use libkafka_protocol::messages::MetadataResponse;
use libkafka_protocol::{ErrorCode, Uuid};

use super::client::Client;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::wire_value::known;

/// The leader of a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Leader {
    /// The id of the broker.
    pub id: i32,
    /// The leader epoch (KIP-320); `None` before Kafka 2.1.
    pub epoch: Option<i32>,
    /// The id of the topic (KIP-516); `None` before Kafka 2.8.
    pub topic_id: Option<Uuid>,
}

impl Leader {
    /// The epoch in the form of requests: -1 if it is not known.
    pub(crate) fn wire_epoch(&self) -> i32 {
        self.epoch.unwrap_or(-1)
    }

    /// The topic id in the form of requests: zero if it is not known.
    pub(crate) fn wire_topic_id(&self) -> Uuid {
        self.topic_id.unwrap_or(Uuid::ZERO)
    }
}

impl Client {
    /// Looks up the leader of a partition.
    ///
    /// # Errors
    /// [`Error::NoLeader`], [`Error::Broker`] with [`ErrorCode::UNKNOWN_TOPIC_OR_PARTITION`], and
    /// the errors of [`call`](Self::call).
    pub fn leader(&mut self, topic: &str, partition: i32) -> Result<Leader, Error> {
        let deadline = self.deadline();
        self.leader_by(topic, partition, deadline)
    }

    pub(crate) fn leader_by(
        &mut self,
        topic: &str,
        partition: i32,
        deadline: Deadline,
    ) -> Result<Leader, Error> {
        let metadata = self.metadata_by(Some(&[topic]), deadline)?;
        leader_in(metadata, topic, partition)
    }
}

fn leader_in(
    metadata: Answer<MetadataResponse>,
    topic: &str,
    partition: i32,
) -> Result<Leader, Error> {
    let Answer { response, exchange } = metadata;
    let mut topics = response.topics.into_iter();
    let Some(found) = topics.find(|found| found.name.as_deref() == Some(topic)) else {
        return Err(exchange.missing(format!("topic {topic}")));
    };
    exchange.check(found.error_code, Some(format!("topic {topic}")))?;
    let count = found.partitions.len();
    let mut partitions = found.partitions.into_iter();
    let Some(p) = partitions.find(|p| p.partition_index == partition) else {
        return Err(exchange.refusal(
            ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
            Some(format!(
                "topic {topic} has {count} partitions, not {partition}"
            )),
        ));
    };
    if p.leader_id < 0 {
        return Err(Error::NoLeader {
            at: exchange.place(),
            topic: topic.to_owned(),
            partition,
        });
    }
    Ok(Leader {
        id: p.leader_id,
        epoch: known(p.leader_epoch),
        topic_id: (!found.topic_id.is_zero()).then_some(found.topic_id),
    })
}
