//! `Outcomes`: the outcomes of the batches of a lane's request, from its response.

use std::collections::HashMap;
use std::sync::Arc;
use std::vec;

use libkafka_protocol::Uuid;
use libkafka_protocol::messages::ProduceResponse;
use libkafka_protocol::messages::produce::{
    NodeEndpoint, PartitionProduceResponse, TopicProduceResponse,
};

use super::lane_batch::{LaneBatch, LaneOutcome};
use super::request;
use crate::cluster::LeaderHint;
use crate::exchange::{Answer, Exchange};

/// The outcome of each batch of a request, in the order of the batches. Each is made when it is
/// taken: those of a request with many partitions would not stay in the processor's cache until
/// then.
///
/// A batch that the response does not mention is in doubt. What it says of other partitions, or
/// repeats for the same one, is ignored.
pub(super) struct Outcomes {
    batches: vec::IntoIter<LaneBatch>,
    found: Found,
    throttle_time_ms: i32,
    nodes: Vec<NodeEndpoint>,
    exchange: Arc<Exchange>,
}

impl Outcomes {
    pub(super) fn new(batches: Vec<LaneBatch>, answer: Answer<ProduceResponse>) -> Self {
        let Answer { response, exchange } = answer;
        Self {
            batches: batches.into_iter(),
            found: Found::new(
                response.responses,
                exchange.version >= request::TOPIC_ID_VERSION,
            ),
            throttle_time_ms: response.throttle_time_ms,
            nodes: response.node_endpoints,
            exchange: Arc::new(exchange),
        }
    }

    /// Whether every outcome has been taken.
    pub(super) fn is_empty(&self) -> bool {
        self.batches.len() == 0
    }
}

impl Iterator for Outcomes {
    type Item = LaneOutcome;

    fn next(&mut self) -> Option<LaneOutcome> {
        let batch = self.batches.next()?;
        let answer = self.found.take(&batch);
        let (nodes, exchange) = (&self.nodes, &self.exchange);
        Some(outcome(
            batch,
            answer,
            self.throttle_time_ms,
            nodes,
            exchange,
        ))
    }
}

/// Whether a response has no error for any partition.
pub(super) fn is_all_stored(response: &ProduceResponse) -> bool {
    let topics = response.responses.iter();
    let mut partitions = topics.flat_map(|topic| &topic.partition_responses);
    partitions.all(|partition| partition.error_code.is_ok())
}

fn outcome(
    batch: LaneBatch,
    answer: Option<PartitionProduceResponse>,
    throttle_time_ms: i32,
    nodes: &[NodeEndpoint],
    exchange: &Arc<Exchange>,
) -> LaneOutcome {
    let Some(answer) = answer else {
        let error = exchange.missing(format!("partition {}", batch.partition));
        return LaneOutcome {
            batch,
            exchange: Some(Arc::clone(exchange)),
            result: Err(Arc::new(error)),
            possibly_written: true,
            leader: None,
        };
    };
    let leader = leader_hint(&answer, nodes);
    let result = request::outcome(answer, throttle_time_ms, exchange);
    let possibly_written = result.as_ref().is_err_and(|error| error.possibly_written());
    LaneOutcome {
        batch,
        exchange: Some(Arc::clone(exchange)),
        result: result.map_err(Arc::new),
        possibly_written,
        leader,
    }
}

fn leader_hint(answer: &PartitionProduceResponse, nodes: &[NodeEndpoint]) -> Option<LeaderHint> {
    let leader = &answer.current_leader;
    let nodes = nodes.iter();
    let nodes = nodes.map(|node| (node.node_id, &*node.host, node.port, &node.rack));
    LeaderHint::new(leader.leader_id, leader.leader_epoch, nodes)
}

/// The partitions of a response, by name or by id of their topic, whichever the request used.
///
/// Brokers answer in the order of the request, so the next partition is nearly always the right
/// one. From the first one that is not, the rest is looked up.
struct Found {
    by_id: bool,
    topics: vec::IntoIter<TopicProduceResponse>,
    topic: TopicProduceResponse,
    partitions: vec::IntoIter<PartitionProduceResponse>,
    rest: Option<Rest>,
}

/// By the name of the topic or its id, of which the other is empty.
type Rest = HashMap<(String, Uuid), HashMap<i32, PartitionProduceResponse>>;

impl Found {
    fn new(topics: Vec<TopicProduceResponse>, by_id: bool) -> Self {
        Self {
            by_id,
            topics: topics.into_iter(),
            topic: TopicProduceResponse::default(),
            partitions: Vec::new().into_iter(),
            rest: None,
        }
    }

    fn take(&mut self, batch: &LaneBatch) -> Option<PartitionProduceResponse> {
        if self.rest.is_none() {
            match self.next() {
                Some(next) if self.is_of(&next, batch) => return Some(next),
                next => self.rest = Some(self.look_up_rest(next)),
            }
        }
        let topic = match (self.by_id, batch.topic_id) {
            (true, id) => (String::new(), id.unwrap_or_default()),
            (false, _) => (batch.partition.topic.as_ref().to_owned(), Uuid::default()),
        };
        let partitions = self.rest.as_mut()?.get_mut(&topic)?;
        partitions.remove(&batch.partition.partition)
    }

    fn next(&mut self) -> Option<PartitionProduceResponse> {
        loop {
            if let Some(partition) = self.partitions.next() {
                return Some(partition);
            }
            let mut topic = self.topics.next()?;
            self.partitions = std::mem::take(&mut topic.partition_responses).into_iter();
            self.topic = topic;
        }
    }

    /// Whether it is what the topic at hand says of a batch.
    fn is_of(&self, partition: &PartitionProduceResponse, batch: &LaneBatch) -> bool {
        let is_topic = match self.by_id {
            true => batch.topic_id == Some(self.topic.topic_id),
            false => *self.topic.name == *batch.partition.topic,
        };
        is_topic && partition.index == batch.partition.partition
    }

    fn look_up_rest(&mut self, next: Option<PartitionProduceResponse>) -> Rest {
        let mut rest = Rest::new();
        let mut next = next.or_else(|| self.next());
        while let Some(partition) = next {
            let topic = match self.by_id {
                true => (String::new(), self.topic.topic_id),
                false => (self.topic.name.clone(), Uuid::default()),
            };
            let partitions = rest.entry(topic).or_default();
            partitions.entry(partition.index).or_insert(partition);
            next = self.next();
        }
        rest
    }
}
