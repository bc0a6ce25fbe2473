//! Produce requests, and what their responses say of a batch.

use bytes::Bytes;
use libkafka_protocol::messages::ProduceRequest;
use libkafka_protocol::messages::produce::{
    PartitionProduceData, PartitionProduceResponse, TopicProduceData,
};
use libkafka_protocol::{ErrorCode, Uuid};

use super::options::Acks;
use super::produced::Produced;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::wire_value::{from_millis, known};

/// The first version whose requests identify topics by id.
pub(crate) const TOPIC_ID_VERSION: i16 = 13;

/// A request without batches, to be answered in time for `deadline`.
pub(crate) fn request(acks: Acks, deadline: Deadline) -> ProduceRequest {
    ProduceRequest {
        acks: acks.encoded(),
        timeout_ms: deadline.for_broker(),
        ..Default::default()
    }
}

/// Adds a batch to a request, after those that it has.
pub(crate) fn put(
    request: &mut ProduceRequest,
    topic: &str,
    topic_id: Uuid,
    partition: i32,
    batch: Bytes,
) {
    let partition = PartitionProduceData {
        index: partition,
        records: Some(batch),
        ..Default::default()
    };
    match request.topic_data.last_mut() {
        Some(last) if is_same(last, topic, topic_id) => {
            last.partition_data.push(partition);
        }
        _ => request.topic_data.push(TopicProduceData {
            name: topic.to_owned(),
            topic_id,
            partition_data: vec![partition],
            ..Default::default()
        }),
    }
}

/// An id identifies a topic, so names are compared only if there is none.
fn is_same(data: &TopicProduceData, topic: &str, topic_id: Uuid) -> bool {
    data.topic_id == topic_id && (topic_id != Uuid::default() || *data.name == *topic)
}

/// What a response says of a batch.
///
/// # Errors
/// [`Error::Broker`] for any error code except that of a duplicate.
pub(crate) fn outcome(
    answer: PartitionProduceResponse,
    throttle_time_ms: i32,
    exchange: &Exchange,
) -> Result<Produced, Error> {
    let duplicate = answer.error_code == ErrorCode::DUPLICATE_SEQUENCE_NUMBER;
    if !answer.error_code.is_ok() && !duplicate {
        let mut error = exchange.refusal(answer.error_code, answer.error_message);
        if let Error::Broker { code, in_doubt, .. } = &mut error {
            // With an offset, the leader had appended the batch, and lost the partition while
            // it waited for other replicas. A disk may fail after the append.
            *in_doubt |= answer.base_offset >= 0 || *code == ErrorCode::KAFKA_STORAGE_ERROR;
        }
        return Err(error);
    }
    Ok(Produced {
        base_offset: known(answer.base_offset),
        duplicate,
        log_append_time: known(answer.log_append_time_ms),
        log_start_offset: known(answer.log_start_offset),
        throttle: from_millis(throttle_time_ms),
    })
}
