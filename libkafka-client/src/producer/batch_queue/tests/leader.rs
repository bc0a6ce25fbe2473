//! `Leader`: a broker made of a few lines.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use libkafka_batch::Batch;
use libkafka_protocol::ErrorCode;

use crate::producer::produced::Produced;

/// The leader of a partition, as far as sequence numbers go.
#[derive(Default)]
pub(super) struct Leader {
    pub(super) log: Vec<u32>,
    /// By producer id: the next sequence number, and the last five batches.
    pub(super) producers: BTreeMap<i64, (i32, VecDeque<(i32, i64)>)>,
    /// Producers that it knew once. Kafka would take number 0 from one of them for a beginning, a
    /// gap in the protocol that no client can close.
    pub(super) forgotten: Vec<i64>,
}

impl Leader {
    pub(super) fn append(&mut self, bytes: &Bytes) -> Result<Produced, ErrorCode> {
        let batch = Batch::parse(bytes).unwrap();
        let header = batch.header;
        let base_offset = self.log.len() as i64;
        if header.producer_id >= 0 {
            if self.forgotten.contains(&header.producer_id) {
                return Err(ErrorCode::UNKNOWN_PRODUCER_ID);
            }
            let (next, last) = self.producers.entry(header.producer_id).or_default();
            if let Some((_, offset)) = last.iter().find(|(base, _)| *base == header.base_sequence) {
                return Ok(produced(*offset));
            }
            if header.base_sequence != *next {
                return Err(ErrorCode::OUT_OF_ORDER_SEQUENCE_NUMBER);
            }
            *next += header.record_count;
            last.push_back((header.base_sequence, base_offset));
            if last.len() > 5 {
                last.pop_front();
            }
        }
        for record in &batch.records().unwrap() {
            let value = record.unwrap().value.unwrap();
            self.log.push(u32::from_be_bytes(value.try_into().unwrap()));
        }
        Ok(produced(base_offset))
    }
}

fn produced(base_offset: i64) -> Produced {
    Produced {
        base_offset: Some(base_offset),
        duplicate: false,
        log_append_time: None,
        log_start_offset: None,
        throttle: Duration::ZERO,
    }
}
