//! rskafka.

use std::io::Cursor;

use bytes::Bytes;
use rskafka::protocol::record::{
    ControlBatchOrRecords, Record, RecordBatch, RecordBatchCompression, RecordBatchTimestampType,
    RecordHeader,
};
use rskafka::protocol::traits::{ReadType, WriteType};

use super::Peer;
use crate::workload::{self, Visitor};

pub fn peer<'a>(records: &'a [workload::Record], codec: &'a str) -> Peer<'a> {
    let batch = std::rc::Rc::new(own(records, codec));
    Peer {
        name: "rskafka 0.6",
        encode: Box::new(move || {
            let batch = batch.clone();
            Box::new(move || {
                let mut bytes = Vec::new();
                batch.write(&mut bytes).unwrap();
                Bytes::from(bytes)
            })
        }),
        decode: Box::new(|batch| {
            let mut visitor = Visitor::default();
            let batch = RecordBatch::read(&mut Cursor::new(&batch[..])).unwrap();
            let ControlBatchOrRecords::Records(records) = &batch.records else {
                panic!("no control batch went in")
            };
            for record in records {
                for header in &record.headers {
                    visitor.header(header.key.as_bytes(), Some(&header.value));
                }
                let offset = batch.base_offset + i64::from(record.offset_delta);
                let timestamp = batch.first_timestamp + record.timestamp_delta;
                visitor.record(
                    offset,
                    timestamp,
                    record.key.as_deref(),
                    record.value.as_deref(),
                );
            }
            visitor.sum()
        }),
    }
}

fn own(records: &[workload::Record], codec: &str) -> RecordBatch {
    let header = |(key, value): &(String, Vec<u8>)| RecordHeader {
        key: key.clone(),
        value: value.clone(),
    };
    let own = records.iter().enumerate().map(|(i, record)| Record {
        timestamp_delta: record.timestamp - records[0].timestamp,
        offset_delta: i as i32,
        key: record.key.clone(),
        value: Some(record.value.clone()),
        headers: record.headers.iter().map(header).collect(),
    });
    RecordBatch {
        base_offset: 0,
        partition_leader_epoch: -1,
        last_offset_delta: records.len() as i32 - 1,
        first_timestamp: records[0].timestamp,
        max_timestamp: records[records.len() - 1].timestamp,
        producer_id: -1,
        producer_epoch: -1,
        base_sequence: -1,
        records: ControlBatchOrRecords::Records(own.collect()),
        compression: match codec {
            "none" => RecordBatchCompression::NoCompression,
            "gzip" => RecordBatchCompression::Gzip,
            "snappy" => RecordBatchCompression::Snappy,
            "lz4" => RecordBatchCompression::Lz4,
            _ => RecordBatchCompression::Zstd,
        },
        is_transactional: false,
        timestamp_type: RecordBatchTimestampType::CreateTime,
    }
}
