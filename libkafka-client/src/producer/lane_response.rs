//! `outcomes`: the outcomes of the batches of a lane's request, from its response.

use std::collections::HashMap;
use std::sync::Arc;

use libkafka_protocol::Uuid;
use libkafka_protocol::messages::ProduceResponse;
use libkafka_protocol::messages::produce::{
    NodeEndpoint, PartitionProduceResponse, TopicProduceResponse,
};

use super::lane_batch::{LaneBatch, LaneOutcome};
use super::request;
use crate::cluster::LeaderHint;
use crate::exchange::{Answer, Exchange};

/// The outcome of each batch of a request, in the order of the batches.
///
/// A batch that the response does not mention is in doubt. What it says of other partitions, or
/// repeats for the same one, is ignored.
pub(super) fn outcomes(
    batches: Vec<LaneBatch>,
    answer: Answer<ProduceResponse>,
) -> impl Iterator<Item = LaneOutcome> {
    let Answer { response, exchange } = answer;
    let exchange = Arc::new(exchange);
    let ProduceResponse {
        responses,
        throttle_time_ms,
        node_endpoints,
        ..
    } = response;
    let mut found = Found::new(responses, exchange.version >= request::TOPIC_ID_VERSION);
    batches.into_iter().map(move |batch| {
        let answer = found.take(&batch);
        outcome(batch, answer, throttle_time_ms, &node_endpoints, &exchange)
    })
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
#[derive(Default)]
struct Found {
    by_name: HashMap<String, Partitions>,
    by_id: HashMap<Uuid, Partitions>,
}

type Partitions = HashMap<i32, PartitionProduceResponse>;

impl Found {
    fn new(topics: Vec<TopicProduceResponse>, by_id: bool) -> Self {
        let mut found = Self::default();
        for topic in topics {
            let partitions = match by_id {
                true => found.by_id.entry(topic.topic_id).or_default(),
                false => found.by_name.entry(topic.name).or_default(),
            };
            for partition in topic.partition_responses {
                partitions.entry(partition.index).or_insert(partition);
            }
        }
        found
    }

    fn take(&mut self, batch: &LaneBatch) -> Option<PartitionProduceResponse> {
        let topic = &batch.partition.topic;
        let by_id = batch.topic_id.and_then(|id| self.by_id.get_mut(&id));
        let partitions = by_id.or_else(|| self.by_name.get_mut(&**topic))?;
        partitions.remove(&batch.partition.partition)
    }
}
