//! Fetch: returns batches of each partition, once there are enough of them.
//!
//! Versions 4 to 18.
//!
//! Unlike Kafka: all records are local; there is no tiered storage. Every sender counts as a
//! consumer: followers (KIP-903) are not distinguished.

use std::time::Duration;

use bytes::Bytes;
use libkafka_protocol::messages::fetch::{
    AbortedTransaction, EpochEndOffset, FetchPartition, FetchableTopicResponse, NodeEndpoint,
    PartitionData,
};
use libkafka_protocol::messages::{FetchRequest, FetchResponse};
use libkafka_protocol::{ErrorCode, UnknownTags};

use super::call::{Answer, Call};
use super::handler::Api;
use super::leader_hint::{endpoints, leader_hint};
use crate::fault::Targets;
use crate::state::{Partition, RequestedPartition, State};

/// While a response larger than this is built, no other such response is.
const LARGE: usize = 1024 * 1024;
/// The maximum size of a response unless configured: a broker's `fetch.max.bytes`.
const MAX_BYTES: i64 = 55 * 1024 * 1024;

impl Api for FetchRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<FetchResponse> {
        let mut state = call.lock();
        let plan = match Plan::of(&self, call, &mut state) {
            Ok(plan) => plan,
            Err(error_code) => {
                return Ok(Some(FetchResponse {
                    error_code,
                    ..Default::default()
                }));
            }
        };
        let wait = Duration::from_millis(self.max_wait_ms.max(0) as u64);
        let deadline = state.clock.running() + wait;
        let most = state.configs.number("fetch.max.bytes", MAX_BYTES);
        let most = i64::from(self.max_bytes).min(most);
        let most = usize::try_from(most).unwrap_or(0);
        let least = usize::try_from(self.min_bytes).unwrap_or(0).min(most);
        loop {
            let readable = readable(&self, &plan, call, &state);
            let waits = readable.is_some_and(|readable| readable < least);
            if waits && state.clock.running() < deadline {
                call.wait(&mut state, Some(deadline))?;
                continue;
            }
            if readable.is_none_or(|readable| readable > LARGE) {
                drop(state);
                call.build_alone();
                state = call.lock();
            }
            break;
        }
        let mut room = most;
        let mut first = true;
        let mut results = Vec::with_capacity(plan.requested.len());
        for requested in plan.requested {
            let asked = &requested.asked;
            let data = match find(&self, &requested, call, &state) {
                Ok(found) => read(&found, asked, &mut room, &mut first),
                Err(error) => refused(asked.partition, error),
            };
            results.push((requested, data));
        }
        let sessions = &mut state.fetch_sessions;
        sessions.tell(plan.session, plan.is_full, &mut results);
        let mut responses = by_topic(results);
        let node_endpoints = point_to_leaders(&mut responses, call, &state);
        Ok(Some(FetchResponse {
            session_id: plan.session,
            responses,
            node_endpoints,
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        add_targets(&requested(self), targets);
    }

    fn remembered_targets(&self, state: &State, targets: &mut Targets) {
        add_targets(state.fetch_sessions.partitions(self.session_id), targets);
    }
}

/// A request combined with its session.
struct Plan {
    /// The id of the session; 0 for none.
    session: i32,
    /// Whether the response must contain every partition.
    is_full: bool,
    requested: Vec<RequestedPartition>,
}

impl Plan {
    fn of(request: &FetchRequest, call: &Call<'_>, state: &mut State) -> Result<Self, ErrorCode> {
        let by_id = call.version >= 13;
        let now = state.clock.now();
        let mut requested = requested(request);
        for requested in &mut requested {
            requested.is_known = state.topic_by_id(requested.topic_id).is_some();
        }
        let sessions = &mut state.fetch_sessions;
        let (id, epoch) = (request.session_id, request.session_epoch);
        if epoch <= 0 {
            sessions.end(id);
            return Ok(Self {
                session: match epoch {
                    0 => sessions.start(call.node(), by_id, &requested, now),
                    _ => 0,
                },
                is_full: true,
                requested,
            });
        }
        let forgotten: Vec<_> = request
            .forgotten_topics_data
            .iter()
            .flat_map(|topic| topic.partitions.iter().map(move |p| (topic, *p)))
            .map(|(topic, partition)| (topic.topic.clone(), topic.topic_id, partition))
            .collect();
        let key = (call.node(), id, epoch);
        let kept = sessions.go_on(key, by_id, requested.clone(), &forgotten, now)?;
        if kept.is_empty() {
            // Nothing is left of it; what is asked for is answered as if there had been none.
            sessions.end(id);
            return Ok(Self {
                session: 0,
                is_full: true,
                requested,
            });
        }
        Ok(Self {
            session: id,
            is_full: false,
            requested: kept,
        })
    }
}

fn requested(request: &FetchRequest) -> Vec<RequestedPartition> {
    let topics = request.topics.iter();
    let partitions = topics.flat_map(|topic| topic.partitions.iter().map(move |p| (topic, p)));
    partitions
        .map(|(topic, asked)| RequestedPartition {
            topic: topic.topic.clone(),
            topic_id: topic.topic_id,
            asked: FetchPartition {
                unknown_tags: UnknownTags::default(),
                ..asked.clone()
            },
            is_known: false,
        })
        .collect()
}

fn add_targets<'a>(
    partitions: impl IntoIterator<Item = &'a RequestedPartition>,
    targets: &mut Targets,
) {
    for partition in partitions {
        let index = partition.asked.partition;
        targets.partitions(&partition.topic, partition.topic_id, [index]);
    }
}

/// Groups consecutive results of the same topic.
fn by_topic(results: Vec<(RequestedPartition, PartitionData)>) -> Vec<FetchableTopicResponse> {
    let mut topics: Vec<FetchableTopicResponse> = Vec::new();
    for (requested, data) in results {
        match topics.last_mut() {
            Some(last)
                if (&last.topic, last.topic_id) == (&requested.topic, requested.topic_id) =>
            {
                last.partitions.push(data);
            }
            _ => topics.push(FetchableTopicResponse {
                topic: requested.topic,
                topic_id: requested.topic_id,
                partitions: vec![data],
                ..Default::default()
            }),
        }
    }
    topics
}

/// A partition that may be read, from where and up to which offset.
struct Found<'a> {
    partition: &'a Partition,
    offset: i64,
    below: i64,
    committed: bool,
    /// Where the client's log and this one diverge, if they do (KIP-595).
    diverging: Option<(i32, i64)>,
}

/// The approximate number of bytes to read; `None` if there is something that the client must be
/// told at once, or if waiting does not bring more.
fn readable(request: &FetchRequest, plan: &Plan, call: &Call<'_>, state: &State) -> Option<usize> {
    let mut readable = 0;
    for requested in &plan.requested {
        let found = find(request, requested, call, state).ok()?;
        if found.diverging.is_some() {
            return None;
        }
        let max = usize::try_from(requested.asked.partition_max_bytes).unwrap_or(0);
        // The first batch comes whole however large it is, so a single one may do.
        let log = &found.partition.log;
        if log.is_in_older_segment(found.offset, found.below) {
            return None;
        }
        readable += log.readable(found.offset, found.below, max.max(1));
    }
    (!plan.requested.is_empty()).then_some(readable)
}

fn find<'a>(
    request: &FetchRequest,
    requested: &RequestedPartition,
    call: &Call<'_>,
    state: &'a State,
) -> Result<Found<'a>, ErrorCode> {
    let asked = &requested.asked;
    if call.version >= 13 && requested.topic_id.is_zero() {
        return Err(ErrorCode::UNKNOWN_TOPIC_ID);
    }
    // One that was there is missed by its name.
    let name = state
        .topic_name(&requested.topic, requested.topic_id)
        .map_err(|code| match requested.is_known {
            true => ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
            false => code,
        })?;
    if let Some(code) = call.strikes.error(name, Some(asked.partition)) {
        return Err(code);
    }
    let partition = state.led_by(call.node(), name, asked.partition)?;
    partition.check_epoch(asked.current_leader_epoch.max(-1))?;
    let log = &partition.log;
    let mut diverging = None;
    if asked.last_fetched_epoch >= 0 {
        let end = partition.epoch_end(asked.last_fetched_epoch);
        let (epoch, end_offset) = end.ok_or(ErrorCode::OFFSET_OUT_OF_RANGE)?;
        if epoch < asked.last_fetched_epoch || end_offset < asked.fetch_offset {
            diverging = Some((epoch, end_offset));
        }
    }
    let readable = log.start_offset()..=log.end_offset();
    if diverging.is_none() && !readable.contains(&asked.fetch_offset) {
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
        diverging,
    })
}

/// Reads as much as there is room for. The first partition with something to read returns a whole
/// batch even without room, so that the client makes progress (KIP-74).
fn read(
    found: &Found<'_>,
    asked: &FetchPartition,
    room: &mut usize,
    first: &mut bool,
) -> PartitionData {
    let partition = found.partition;
    let data = PartitionData {
        partition_index: asked.partition,
        high_watermark: partition.high_watermark(),
        last_stable_offset: partition.last_stable_offset(),
        log_start_offset: partition.log.start_offset(),
        records: Some(Bytes::new()),
        ..Default::default()
    };
    if let Some((epoch, end_offset)) = found.diverging {
        return PartitionData {
            diverging_epoch: EpochEndOffset {
                epoch,
                end_offset,
                ..Default::default()
            },
            aborted_transactions: None,
            ..data
        };
    }
    let max = usize::try_from(asked.partition_max_bytes)
        .unwrap_or(0)
        .min(*room);
    let records = partition.log.read(found.offset, found.below, max, *first);
    *room = room.saturating_sub(records.len());
    *first &= records.is_empty();
    PartitionData {
        aborted_transactions: found.committed.then(|| aborted(found, &records)),
        records: Some(records),
        ..data
    }
}

/// The aborted transactions with records among `records`.
fn aborted(found: &Found<'_>, records: &Bytes) -> Vec<AbortedTransaction> {
    let log = &found.partition.log;
    let below = log.end_of_read(found.offset, records.len());
    let aborted = found.partition.transactions.aborted(found.offset, below);
    aborted
        .map(|(producer_id, first_offset)| AbortedTransaction {
            producer_id,
            first_offset,
            ..Default::default()
        })
        .collect()
}

fn refused(partition_index: i32, error_code: ErrorCode) -> PartitionData {
    PartitionData {
        partition_index,
        error_code,
        high_watermark: -1,
        // Null where the log was asked, and none where there is none: so Kafka answers.
        aborted_transactions: [
            ErrorCode::UNKNOWN_TOPIC_OR_PARTITION,
            ErrorCode::UNKNOWN_TOPIC_ID,
        ]
        .contains(&error_code)
        .then(Vec::new),
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
