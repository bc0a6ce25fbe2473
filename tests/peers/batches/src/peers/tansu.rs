//! tansu-sans-io.

use bytes::Bytes;
use tansu_sans_io::record::{Header, Record, deflated, inflated};

use super::Peer;
use crate::workload::{self, Visitor};

pub fn peer<'a>(records: &'a [workload::Record], codec: &'a str) -> Peer<'a> {
    let batch = own(records, codec);
    Peer {
        name: "tansu-sans-io 0.6",
        encode: Box::new(move || {
            let batch = batch.clone();
            Box::new(move || deflated::Batch::try_from(batch).map(Bytes::from).unwrap())
        }),
        decode: Box::new(|batch| {
            let mut visitor = Visitor::default();
            let batch = deflated::Batch::try_from(batch.clone()).unwrap();
            let batch = inflated::Batch::try_from(batch).unwrap();
            for record in &batch.records {
                for header in &record.headers {
                    visitor.header(
                        header.key.as_deref().unwrap_or_default(),
                        header.value.as_deref(),
                    );
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

fn own(records: &[workload::Record], codec: &str) -> inflated::Batch {
    let codecs = ["none", "gzip", "snappy", "lz4", "zstd"];
    let mut batch = inflated::Batch::builder()
        .base_timestamp(records[0].timestamp)
        .max_timestamp(records[records.len() - 1].timestamp)
        .last_offset_delta(records.len() as i32 - 1)
        .partition_leader_epoch(-1)
        .producer_id(-1)
        .producer_epoch(-1)
        .base_sequence(-1)
        .attributes(codecs.iter().position(|name| *name == codec).unwrap() as i16);
    for (i, record) in records.iter().enumerate() {
        let mut own = Record::builder()
            .timestamp_delta(record.timestamp - records[0].timestamp)
            .offset_delta(i as i32)
            .key(record.key.clone().map(Bytes::from))
            .value(Some(Bytes::from(record.value.clone())));
        for (key, value) in &record.headers {
            own = own.header(
                Header::builder()
                    .key(Bytes::from(key.clone()))
                    .value(Bytes::from(value.clone())),
            );
        }
        batch = batch.record(own);
    }
    batch.build().unwrap()
}
