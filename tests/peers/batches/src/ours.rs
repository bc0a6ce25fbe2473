//! libkafka-batch.

use libkafka_batch::{
    Builder, BuilderOptions, Decoder, Gzip, Header, Lz4, RecordSet, Snappy, Zstd,
};

use crate::workload::{Record, Visitor};

pub const NAME: &str = "**libkafka-batch**";

pub struct Encoder(Builder);

impl Encoder {
    pub fn new(codec: &str) -> Self {
        let options = BuilderOptions::new();
        let options = match codec {
            "none" => options,
            "gzip" => options.compressor(Gzip::new()),
            "snappy" => options.compressor(Snappy::new()),
            "lz4" => options.compressor(Lz4::new()),
            "zstd" => options.compressor(Zstd::new()),
            other => panic!("there is no codec {other}"),
        };
        Self(Builder::with_options(options))
    }

    pub fn encode(&mut self, records: &[Record]) -> &[u8] {
        for record in records {
            let mut headers = [Header::default(); 3];
            for (to, (key, value)) in headers.iter_mut().zip(&record.headers) {
                *to = Header::new(key, value);
            }
            let record = libkafka_batch::Record {
                timestamp: record.timestamp,
                key: record.key.as_deref(),
                value: Some(&record.value),
                headers: headers[..record.headers.len()].into(),
                ..Default::default()
            };
            self.0.add_record(&record).expect("the batch is not full");
        }
        self.0.build().expect("there are records")
    }
}

pub fn decoder() -> Decoder {
    Decoder::new()
}

pub fn decode(bytes: &[u8], decoder: &mut Decoder) -> u64 {
    let mut visitor = Visitor::default();
    for batch in RecordSet::new(bytes) {
        let batch = batch.expect("the batch is whole");
        for record in &batch.records_with(decoder).expect("the records unpack") {
            let record = record.expect("the record is whole");
            for header in record.headers {
                visitor.header(header.key, header.value);
            }
            visitor.record(record.offset, record.timestamp, record.key, record.value);
        }
    }
    visitor.sum()
}
