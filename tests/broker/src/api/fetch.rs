//! Fetch: batches from each partition, when there are enough of them.

use std::time::Duration;

use bytes::Bytes;
use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::fetch::{
    FetchPartition, FetchTopic, FetchableTopicResponse, NodeEndpoint, PartitionData,
};
use libkafka_protocol::messages::{FetchRequest, FetchResponse};

use super::leader_hint::{endpoints, leader_hint};
use super::{Answer, Api, Call};
use crate::fault::Target;
use crate::state::{Partition, State};

impl Api for FetchRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<FetchResponse> {
        let mut state = call.lock();
        let wait = Duration::from_millis(self.max_wait_ms.max(0) as u64);
        let deadline = state.clock.running() + wait;
        while !is_ready(&self, call, &state) && state.clock.running() < deadline {
            call.wait(&mut state, Some(deadline))?;
        }
        let mut room = usize::try_from(self.max_bytes).unwrap_or(0);
        let mut first = true;
        let mut responses = Vec::with_capacity(self.topics.len());
        for topic in &self.topics {
            let mut partitions = Vec::with_capacity(topic.partitions.len());
            for asked in &topic.partitions {
                let data = match find(&self, topic, asked, call, &state) {
                    Ok(found) => read(&found, asked, &mut room, &mut first),
                    Err(error) => refused(asked.partition, error),
                };
                partitions.push(data);
            }
            responses.push(FetchableTopicResponse {
                topic: topic.topic.clone(),
                topic_id: topic.topic_id,
                partitions,
                ..Default::default()
            });
        }
        let node_endpoints = point_to_leaders(&mut responses, call, &state);
        Ok(Some(FetchResponse {
            responses,
            node_endpoints,
            ..Default::default()
        }))
    }

    fn targets(&self) -> Vec<Target> {
        let topics = self.topics.iter();
        let partitions = topics.flat_map(|topic| topic.partitions.iter().map(move |p| (topic, p)));
        partitions
            .map(|(topic, p)| Target::topic(&topic.topic, topic.topic_id, Some(p.partition)))
            .collect()
    }

    fn refuse(&self, _code: ErrorCode) -> Option<FetchResponse> {
        None
    }
}

/// A partition that may be read, up to which offset, and from where.
struct Found<'a> {
    partition: &'a Partition,
    offset: i64,
    below: i64,
    committed: bool,
}

/// Is there as much as the client wants, or something that it must hear at once?
fn is_ready(request: &FetchRequest, call: &Call<'_>, state: &State) -> bool {
    let wanted = usize::try_from(request.min_bytes).unwrap_or(0);
    let mut asked = false;
    let mut readable = 0;
    for topic in &request.topics {
        for partition in &topic.partitions {
            asked = true;
            let Ok(found) = find(request, topic, partition, call, state) else {
                return true;
            };
            let max = usize::try_from(partition.partition_max_bytes).unwrap_or(0);
            // The first batch comes whole however large it is, so a single one may do.
            readable += found
                .partition
                .log
                .readable(found.offset, found.below, max.max(1));
        }
    }
    !asked || readable >= wanted
}

fn find<'a>(
    request: &FetchRequest,
    topic: &FetchTopic,
    asked: &FetchPartition,
    call: &Call<'_>,
    state: &'a State,
) -> Result<Found<'a>, ErrorCode> {
    let name = if call.version >= 13 {
        state
            .topic_by_id(topic.topic_id)
            .ok_or(ErrorCode::UNKNOWN_TOPIC_ID)?
            .0
    } else {
        &topic.topic
    };
    if let Some(code) = call.strikes.error(name, Some(asked.partition)) {
        return Err(code);
    }
    let partition = state.led_by(call.node(), name, asked.partition)?;
    partition.check_epoch(asked.current_leader_epoch)?;
    let log = &partition.log;
    if !(log.start_offset()..=log.end_offset()).contains(&asked.fetch_offset) {
        return Err(ErrorCode::OFFSET_OUT_OF_RANGE);
    }
    let committed = request.isolation_level == 1;
    Ok(Found {
        partition,
        offset: asked.fetch_offset,
        below: if committed {
            partition.last_stable_offset()
        } else {
            partition.high_watermark()
        },
        committed,
    })
}

/// Reads what there is room for; the first partition with something to read gives a whole batch,
/// room or not, so that the client gets on (KIP-74).
fn read(
    found: &Found<'_>,
    asked: &FetchPartition,
    room: &mut usize,
    first: &mut bool,
) -> PartitionData {
    let partition = found.partition;
    let max = usize::try_from(asked.partition_max_bytes)
        .unwrap_or(0)
        .min(*room);
    let records = partition.log.read(found.offset, found.below, max, *first);
    *room = room.saturating_sub(records.len());
    *first &= records.is_empty();
    PartitionData {
        partition_index: asked.partition,
        high_watermark: partition.high_watermark(),
        last_stable_offset: partition.last_stable_offset(),
        log_start_offset: partition.log.start_offset(),
        aborted_transactions: found.committed.then(Vec::new),
        records: Some(records),
        ..Default::default()
    }
}

fn refused(partition_index: i32, error_code: ErrorCode) -> PartitionData {
    PartitionData {
        partition_index,
        error_code,
        high_watermark: -1,
        aborted_transactions: None,
        records: Some(Bytes::new()),
        ..Default::default()
    }
}

fn point_to_leaders(
    responses: &mut [FetchableTopicResponse],
    call: &Call<'_>,
    state: &State,
) -> Vec<NodeEndpoint> {
    let mut nodes = Vec::new();
    if call.version < 16 {
        return Vec::new();
    }
    let misled = [
        ErrorCode::NOT_LEADER_OR_FOLLOWER,
        ErrorCode::FENCED_LEADER_EPOCH,
    ];
    for topic in responses {
        let Some((name, _)) = state.topic_by_id(topic.topic_id) else {
            continue;
        };
        for partition in &mut topic.partitions {
            if misled.contains(&partition.error_code)
                && let Some(hint) = leader_hint(state, name, partition.partition_index, &mut nodes)
            {
                partition.current_leader = hint.into();
            }
        }
    }
    endpoints(state, &nodes, call)
}
