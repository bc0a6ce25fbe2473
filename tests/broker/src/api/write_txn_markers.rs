//! WriteTxnMarkers: a coordinator tells leaders that transactions have ended (KIP-98).
//!
//! Versions 1 to 2.

use libkafka_protocol::messages::write_txn_markers::{
    WritableTxnMarker, WritableTxnMarkerPartitionResult, WritableTxnMarkerResult,
    WritableTxnMarkerTopicResult,
};
use libkafka_protocol::messages::{WriteTxnMarkersRequest, WriteTxnMarkersResponse};
use libkafka_protocol::{ErrorCode, Uuid};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{Marker, ProducerId, SegmentLimits, State};

impl Api for WriteTxnMarkersRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<WriteTxnMarkersResponse> {
        let mut state = call.lock();
        // Kafka fails at what it cannot write, the whole request with it.
        let writes = |marker: &WritableTxnMarker| {
            let mut topics = marker.topics.iter();
            topics.any(|t| {
                let mut indexes = t.partition_indexes.iter();
                indexes.any(|index| state.partition(&t.name, *index).is_some())
            })
        };
        let cannot =
            |marker: &&WritableTxnMarker| marker.producer_id < 0 || marker.producer_epoch < 0;
        if self.markers.iter().filter(cannot).any(writes) {
            return Ok(self.refuse(ErrorCode::UNKNOWN_SERVER_ERROR));
        }
        let response = respond(&self, |marker, topic, index| {
            let written = match call.strikes.error(topic, Some(index)) {
                Some(code) => Err(code),
                None => write(marker, topic, index, call, &mut state),
            };
            written.err().unwrap_or(ErrorCode::NONE)
        });
        state.mark_changed();
        Ok(Some(response))
    }

    fn targets(&self, targets: &mut Targets) {
        for topic in self.markers.iter().flat_map(|marker| &marker.topics) {
            let partitions = topic.partition_indexes.iter().copied();
            targets.partitions(&topic.name, Uuid::ZERO, partitions);
        }
    }

    fn refuse(&self, code: ErrorCode) -> Option<WriteTxnMarkersResponse> {
        Some(respond(self, |_, _, _| code))
    }
}

/// The size of a batch that holds a marker, in bytes.
const MARKER_SIZE: i64 = 78;

fn write(
    marker: &WritableTxnMarker,
    topic: &str,
    index: i32,
    call: &Call<'_>,
    state: &mut State,
) -> Result<(), ErrorCode> {
    let partition = state.led_by(call.node(), topic, index)?;
    if state.topics[topic]
        .configs
        .topic_number("max.message.bytes")
        < MARKER_SIZE
    {
        return Err(ErrorCode::MESSAGE_TOO_LARGE);
    }
    if let Some(known) = partition.producers.epoch(marker.producer_id) {
        // A marker may be written again after its transaction has ended.
        let is_over = !partition.transactions.is_open(marker.producer_id) || known == i16::MAX;
        let bumps = marker.transaction_version >= 2 && !is_over;
        if marker.producer_epoch < known || bumps && marker.producer_epoch == known {
            return Err(ErrorCode::INVALID_PRODUCER_EPOCH);
        }
    }
    let marker = Marker {
        producer: ProducerId {
            id: marker.producer_id,
            epoch: marker.producer_epoch,
        },
        commit: marker.transaction_result,
        coordinator_epoch: marker.coordinator_epoch,
        timestamp: state.clock.wall_ms(),
    };
    let limits = SegmentLimits::of(&state.topics[topic].configs);
    let partition = state.partition_mut(topic, index);
    let partition = partition.ok_or(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION)?;
    partition.append_marker(&marker, limits)
}

/// A response with a code for each partition.
fn respond(
    request: &WriteTxnMarkersRequest,
    mut code: impl FnMut(&WritableTxnMarker, &str, i32) -> ErrorCode,
) -> WriteTxnMarkersResponse {
    let mut markers = Vec::new();
    for marker in &request.markers {
        let topics = marker.topics.iter().map(|topic| {
            let partitions = topic.partition_indexes.iter();
            WritableTxnMarkerTopicResult {
                name: topic.name.clone(),
                partitions: partitions
                    .map(|index| WritableTxnMarkerPartitionResult {
                        partition_index: *index,
                        error_code: code(marker, &topic.name, *index),
                        ..Default::default()
                    })
                    .collect(),
                ..Default::default()
            }
        });
        markers.push(WritableTxnMarkerResult {
            producer_id: marker.producer_id,
            topics: topics.collect(),
            ..Default::default()
        });
    }
    WriteTxnMarkersResponse {
        markers,
        ..Default::default()
    }
}
