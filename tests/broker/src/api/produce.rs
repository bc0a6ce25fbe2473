//! Produce: appends a batch to each partition.
//!
//! Versions 3 to 13.
//!
//! Unlike Kafka: a partition has only one log, so all its replicas have a batch at once; `acks=-1`
//! waits only for a high watermark that a test holds.

use std::time::Duration;

use libkafka_batch::BatchHeader;
use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::produce::{
    BatchIndexAndErrorMessage, NodeEndpoint, PartitionProduceData, PartitionProduceResponse,
    TopicProduceResponse,
};
use libkafka_protocol::messages::{ProduceRequest, ProduceResponse};

use super::call::{Answer, Call, Hangup};
use super::handler::Api;
use super::leader_hint::{endpoints, leader_hint};
use crate::fault::Targets;
use crate::shared::Locked;
use crate::state::{
    Appended, Incoming, ProducerId, Refusal, SegmentLimits, State, first_transactional,
    is_internal, validate,
};

impl Api for ProduceRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<ProduceResponse> {
        let refusal = refusal_of_all(&self);
        let checked = check_batches(&self, call);
        let refusal = refusal.or_else(|| refusal_of_several(&self, &checked));
        let mut checked = checked.into_iter();
        let mut state = call.lock();
        let mut waiting = Vec::new();
        let mut responses = Vec::with_capacity(self.topic_data.len());
        for topic in &self.topic_data {
            let name = match call.version {
                13.. if topic.topic_id.is_zero() => Err(ErrorCode::UNKNOWN_TOPIC_ID),
                _ => state.topic_name(&topic.name, topic.topic_id),
            };
            let name = name.map(str::to_owned);
            let mut partition_responses = Vec::with_capacity(topic.partition_data.len());
            for data in &topic.partition_data {
                let batch = checked.next().flatten();
                let appended = match &name {
                    _ if let Some(refusal) = &refusal => Err(refusal.clone()),
                    Ok(name) => append(&self, name, data, batch, call, &mut state),
                    Err(error) => Err((*error).into()),
                };
                if let (Ok(name), Ok(appended)) = (&name, &appended)
                    && self.acks == -1
                {
                    waiting.push(Waiting {
                        topic: name.clone(),
                        place: (responses.len(), partition_responses.len()),
                        index: data.index,
                        offset: appended.next_offset,
                    });
                }
                partition_responses.push(match appended {
                    Ok(appended) => accepted(data.index, &appended, name.as_deref(), &state),
                    Err(refusal) => {
                        let partition = name.as_deref().ok();
                        let partition =
                            partition.and_then(|name| state.partition(name, data.index));
                        let start = partition.filter(|_| refusal.in_log);
                        let start = start.map_or(-1, |partition| partition.log.start_offset());
                        refused(data.index, refusal, start)
                    }
                });
            }
            responses.push(TopicProduceResponse {
                name: topic.name.clone(),
                topic_id: topic.topic_id,
                partition_responses,
                ..Default::default()
            });
        }
        let timeout = Duration::from_millis(self.timeout_ms.max(0) as u64);
        await_replicas(waiting, timeout, &mut responses, call, &mut state)?;
        if self.acks == 0 {
            let failed = |p: &PartitionProduceResponse| !p.error_code.is_ok();
            let any = responses
                .iter()
                .any(|topic| topic.partition_responses.iter().any(failed));
            // There is no other way to tell the client.
            return if any { Err(Hangup::ByBroker) } else { Ok(None) };
        }
        let node_endpoints = point_to_leaders(&mut responses, call, &state);
        Ok(Some(ProduceResponse {
            responses,
            node_endpoints,
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.transactional_ids(&self.transactional_id);
        for topic in &self.topic_data {
            let partitions = topic.partition_data.iter().map(|p| p.index);
            targets.partitions(&topic.name, topic.topic_id, partitions);
        }
    }
}

/// Why the whole request is refused. Kafka first looks for a batch of a transaction, which the
/// request must then name, and fails on the way at anything that is not a batch.
fn refusal_of_all(request: &ProduceRequest) -> Option<Refusal> {
    let partitions = request.topic_data.iter().flat_map(|t| &t.partition_data);
    for records in partitions.filter_map(|partition| partition.records.as_ref()) {
        match first_transactional(records) {
            Ok(Some(_)) if request.transactional_id.is_some() => return None,
            Ok(Some(_)) => return Some(ErrorCode::TRANSACTIONAL_ID_AUTHORIZATION_FAILED.into()),
            Ok(None) => {}
            Err(refusal) => return Some(refusal),
        }
    }
    None
}

/// Why Kafka accepts nothing of a request in which several producers write in transactions, or in
/// which it fails at the kind of a batch.
fn refusal_of_several(
    request: &ProduceRequest,
    checked: &[Option<Result<Incoming<'_>, Refusal>>],
) -> Option<Refusal> {
    let refused = checked
        .iter()
        .flatten()
        .filter_map(|batch| batch.as_ref().err());
    if let Some(failure) = refused
        .filter(|refusal| refusal.is_of_kind)
        .find(|refusal| refusal.code == ErrorCode::UNKNOWN_SERVER_ERROR)
    {
        return Some(failure.clone());
    }
    let partitions = request.topic_data.iter().flat_map(|t| &t.partition_data);
    let is_looked_at = |checked: &Option<Result<_, Refusal>>| match checked {
        Some(Err(refusal)) => !refusal.is_of_kind,
        Some(Ok(_)) => true,
        None => false,
    };
    let looked_at = partitions
        .zip(checked)
        .filter(|(_, checked)| is_looked_at(checked));
    let records = looked_at.filter_map(|(partition, _)| partition.records.as_ref());
    let producers = records.filter_map(|records| first_transactional(records).ok().flatten());
    let mut producers = producers.filter(|producer| producer.id >= 0);
    let first = producers.next()?;
    producers
        .any(|producer| producer != first)
        .then(|| Refusal {
            message: Some("Transactional records contained more than one producer ID".to_owned()),
            ..ErrorCode::INVALID_PRODUCER_ID_MAPPING.into()
        })
}

/// A partition whose replicas still have to catch up.
struct Waiting {
    topic: String,
    /// Where its result is in the response: which topic, which partition.
    place: (usize, usize),
    index: i32,
    offset: i64,
}

/// Checks the batches of all partitions in turn, without holding the lock, since a few bytes may
/// take long to decompress. `None` for a partition that this node does not lead.
fn check_batches<'a>(
    request: &'a ProduceRequest,
    call: &Call<'_>,
) -> Vec<Option<Result<Incoming<'a>, Refusal>>> {
    let mut checked = Vec::new();
    for topic in &request.topic_data {
        for data in &topic.partition_data {
            let state = call.lock();
            let now_ms = state.clock.wall_ms();
            let name = state.topic_name(&topic.name, topic.topic_id);
            let led = name.and_then(|name| {
                let _ = state.led_by(call.node(), name, data.index)?;
                Ok((name.to_owned(), state.topics[name].configs.clone()))
            });
            drop(state);
            checked.push(led.ok().map(|(name, configs)| {
                let label = format!("{name}-{}", data.index);
                let _one_at_a_time = call.shared.unpack_alone();
                validate(
                    &label,
                    data.records.as_ref(),
                    call.version,
                    &configs,
                    now_ms,
                )
            }));
        }
    }
    checked
}

fn append(
    request: &ProduceRequest,
    topic: &str,
    data: &PartitionProduceData,
    batch: Option<Result<Incoming<'_>, Refusal>>,
    call: &Call<'_>,
    state: &mut Locked<'_>,
) -> Result<Appended, Refusal> {
    if let Some(code) = call.strikes.error(topic, Some(data.index)) {
        return Err(code.into());
    }
    if is_internal(topic) {
        return Err(ErrorCode::INVALID_TOPIC_EXCEPTION.into());
    }
    let now_ms = state.clock.wall_ms();
    let partition = state.led_by(call.node(), topic, data.index)?;
    if !(-1..=1).contains(&request.acks) {
        return match batch {
            // That it is one batch, and of a kind that the version has, is looked at before.
            Some(Err(refusal)) if refusal.is_of_kind => Err(refusal),
            _ => Err(ErrorCode::INVALID_REQUIRED_ACKS.into()),
        };
    }
    let configs = &state.topics[topic].configs;
    let least = configs.topic_number("min.insync.replicas");
    // No more are asked for than there are (KIP-966).
    let least = least.min(partition.replicas.len() as i64);
    if request.acks == -1 && (partition.isr.len() as i64) < least {
        return Err(Refusal::in_log(ErrorCode::NOT_ENOUGH_REPLICAS));
    }
    // None if the topic has come since, or its leader: the client asks again.
    let batch = batch.ok_or(ErrorCode::NOT_LEADER_OR_FOLLOWER)?;
    if let Err(refusal) = &batch
        && refusal.is_of_kind
    {
        return Err(refusal.clone());
    }
    let limits = SegmentLimits::of(configs);
    let broker_time = configs.topic("message.timestamp.type") == "LogAppendTime";
    // Its transaction is looked at before its records.
    let records = data.records.as_deref().unwrap_or_default();
    if let Some(producer) = first_transactional(records)?
        && producer.id >= 0
    {
        let id = request.transactional_id.as_deref();
        let header = batch.as_ref().ok().map(|batch| &batch.header);
        join_transaction(id, (producer, header), (topic, data.index), call, state)?;
    }
    let batch = batch?;
    let partition = state
        .partition_mut(topic, data.index)
        .ok_or(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION)?;
    let appended = partition
        .append(&batch, broker_time, limits, now_ms)
        .map_err(Refusal::in_log)?;
    state.mark_changed();
    Ok(appended)
}

/// Checks that a partition to which a producer writes within a transaction is part of it. From
/// version 12 on, the first write adds it (KIP-890).
fn join_transaction(
    id: Option<&str>,
    (producer, header): (ProducerId, Option<&BatchHeader>),
    (topic, index): (&str, i32),
    call: &Call<'_>,
    state: &mut State,
) -> Result<(), Refusal> {
    let id = id.ok_or(ErrorCode::TRANSACTIONAL_ID_AUTHORIZATION_FAILED)?;
    let partition = state.partition(topic, index);
    if partition.is_some_and(|partition| partition.is_in_transaction(producer)) {
        return Ok(());
    }
    if let Some(partition) = state.partition_mut(topic, index)
        && let Some(header) = header
    {
        partition.attempts.remember(header, call.version >= 12);
    }
    let key = (topic.to_owned(), index);
    let joined = if call.version >= 12 {
        let now = state.start();
        let transaction = state.transaction(id);
        transaction.and_then(|t| t.add(producer, [key], None, now))
    } else {
        state.verify_in_transaction(id, producer, |t| t.partitions.contains(&key))
    };
    joined.map_err(|code| match code {
        ErrorCode::PRODUCER_FENCED => ErrorCode::INVALID_PRODUCER_EPOCH.into(),
        ErrorCode::TRANSACTION_ABORTABLE if call.version < 11 => Refusal {
            message: Some("Partition was not added to the transaction".to_owned()),
            ..ErrorCode::INVALID_TXN_STATE.into()
        },
        code => code.into(),
    })
}

/// Waits until the high watermark has passed what was appended, that is until all replicas have it.
fn await_replicas(
    mut waiting: Vec<Waiting>,
    timeout: Duration,
    responses: &mut [TopicProduceResponse],
    call: &Call<'_>,
    state: &mut Locked<'_>,
) -> Result<(), Hangup> {
    let deadline = state.clock.running() + timeout;
    loop {
        waiting.retain(|w| {
            let partition = state.partition(&w.topic, w.index);
            partition.is_some_and(|partition| partition.high_watermark() < w.offset)
        });
        if waiting.is_empty() {
            return Ok(());
        }
        if state.clock.running() >= deadline {
            break;
        }
        call.wait(state, Some(deadline))?;
    }
    for Waiting { place, index, .. } in waiting {
        responses[place.0].partition_responses[place.1] =
            refused(index, ErrorCode::REQUEST_TIMED_OUT.into(), -1);
    }
    Ok(())
}

fn accepted(
    index: i32,
    appended: &Appended,
    topic: Result<&str, &ErrorCode>,
    state: &State,
) -> PartitionProduceResponse {
    let partition = topic.ok().and_then(|topic| state.partition(topic, index));
    PartitionProduceResponse {
        index,
        base_offset: appended.base_offset,
        log_append_time_ms: appended.log_append_time,
        log_start_offset: partition.map_or(-1, |partition| partition.log.start_offset()),
        ..Default::default()
    }
}

fn refused(index: i32, refusal: Refusal, log_start_offset: i64) -> PartitionProduceResponse {
    PartitionProduceResponse {
        index,
        error_code: refusal.code,
        base_offset: -1,
        log_start_offset,
        error_message: refusal.message,
        record_errors: refusal
            .records
            .into_iter()
            .map(|(batch_index, message)| BatchIndexAndErrorMessage {
                batch_index,
                batch_index_error_message: Some(message),
                ..Default::default()
            })
            .collect(),
        ..Default::default()
    }
}

fn point_to_leaders(
    responses: &mut [TopicProduceResponse],
    call: &Call<'_>,
    state: &State,
) -> Vec<NodeEndpoint> {
    let mut nodes = Vec::new();
    if call.version < 10 {
        return Vec::new();
    }
    for topic in responses {
        let Ok(name) = state.topic_name(&topic.name, topic.topic_id) else {
            continue;
        };
        for partition in &mut topic.partition_responses {
            if partition.error_code == ErrorCode::NOT_LEADER_OR_FOLLOWER
                && let Some(hint) = leader_hint(state, name, partition.index, &mut nodes)
            {
                partition.current_leader = hint.into();
            }
        }
    }
    endpoints(state, &nodes, call)
}
