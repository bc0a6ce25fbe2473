//! kafka-protocol.

use bytes::{Bytes, BytesMut};
use kafka_protocol::protocol::StrBytes;
use kafka_protocol::records::{
    Compression, Record, RecordBatchDecoder, RecordBatchEncoder, RecordEncodeOptions, TimestampType,
};

use super::Peer;
use crate::workload::{self, Visitor};

pub fn peer<'a>(records: &'a [workload::Record], codec: &'a str) -> Peer<'a> {
    let records: Vec<Record> = records
        .iter()
        .enumerate()
        .map(|(i, record)| own(i, record))
        .collect();
    let records = std::rc::Rc::new(records);
    let compression = match codec {
        "none" => Compression::None,
        "gzip" => Compression::Gzip,
        "snappy" => Compression::Snappy,
        "lz4" => Compression::Lz4,
        _ => Compression::Zstd,
    };
    Peer {
        name: "kafka-protocol 0.18",
        encode: Box::new(move || {
            let records = records.clone();
            Box::new(move || {
                let mut batch = BytesMut::new();
                let options = RecordEncodeOptions {
                    version: 2,
                    compression,
                };
                RecordBatchEncoder::encode(&mut batch, records.iter(), &options).unwrap();
                batch.freeze()
            })
        }),
        decode: Box::new(|batch| {
            let mut visitor = Visitor::default();
            for record in &RecordBatchDecoder::decode(&mut batch.clone())
                .unwrap()
                .records
            {
                for (key, value) in &record.headers {
                    visitor.header(key.as_bytes(), value.as_deref());
                }
                visitor.record(
                    record.offset,
                    record.timestamp,
                    record.key.as_deref(),
                    record.value.as_deref(),
                );
            }
            visitor.sum()
        }),
    }
}

fn own(i: usize, record: &workload::Record) -> Record {
    let header = |(key, value): &(String, Vec<u8>)| {
        (
            StrBytes::from_string(key.clone()),
            Some(Bytes::from(value.clone())),
        )
    };
    Record {
        transactional: false,
        control: false,
        delete_horizon: false,
        partition_leader_epoch: -1,
        producer_id: -1,
        producer_epoch: -1,
        timestamp_type: TimestampType::Creation,
        offset: i as i64,
        sequence: i as i32 - 1,
        timestamp: record.timestamp,
        key: record.key.clone().map(Bytes::from),
        value: Some(Bytes::from(record.value.clone())),
        headers: record.headers.iter().map(header).collect(),
    }
}
