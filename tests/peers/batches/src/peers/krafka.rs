//! krafka.

use bytes::Bytes;
use krafka::__private::protocol::{Compression, Record, RecordBatch};

use super::Peer;
use crate::workload::{self, Visitor};

pub fn peer<'a>(records: &'a [workload::Record], codec: &'a str) -> Peer<'a> {
    let batch = std::rc::Rc::new(own(records, codec));
    Peer {
        name: "krafka 0.28",
        encode: Box::new(move || {
            let batch = batch.clone();
            Box::new(move || batch.encode().unwrap())
        }),
        decode: Box::new(|batch| {
            let mut visitor = Visitor::default();
            let batch = RecordBatch::decode(&mut batch.clone()).unwrap();
            for record in &batch.records {
                for header in &record.headers {
                    visitor.header(&header.key, header.value.as_deref());
                }
                let offset = batch.base_offset + i64::from(record.offset_delta);
                let timestamp = batch.base_timestamp + record.timestamp_delta;
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
    let mut batch = RecordBatch::new().with_compression(match codec {
        "none" => Compression::None,
        "gzip" => Compression::Gzip,
        "snappy" => Compression::Snappy,
        "lz4" => Compression::Lz4,
        _ => Compression::Zstd,
    });
    batch.base_timestamp = records[0].timestamp;
    batch.max_timestamp = records[records.len() - 1].timestamp;
    batch.last_offset_delta = records.len() as i32 - 1;
    batch.partition_leader_epoch = -1;
    for (i, record) in records.iter().enumerate() {
        let value = Bytes::from(record.value.clone());
        let mut own = Record::new(record.key.clone().map(Bytes::from), Some(value))
            .with_timestamp_delta(record.timestamp - records[0].timestamp)
            .with_offset_delta(i as i32);
        for (key, value) in &record.headers {
            own = own.with_header(Bytes::from(key.clone()), Bytes::from(value.clone()));
        }
        batch.add_record(own);
    }
    batch
}
