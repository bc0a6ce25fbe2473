//! Records that say which they are.

use bytes::Bytes;
use libkafka_batch::{Builder, Record};
use libkafka_client::PartitionFetcher;

/// A batch with these values, from 1970.
pub fn batch<V: AsRef<str>>(values: &[V]) -> Bytes {
    batch_at(0, values)
}

/// A batch with these values, a millisecond apart from `time` on.
pub fn batch_at<V: AsRef<str>>(time: i64, values: &[V]) -> Bytes {
    let mut builder = Builder::new();
    for (i, value) in values.iter().enumerate() {
        let record = Record {
            timestamp: time + i as i64,
            value: Some(value.as_ref().as_bytes()),
            ..Record::default()
        };
        builder.add_record(&record).unwrap();
    }
    builder.build_bytes().unwrap()
}

/// All values from the fetcher's offset up to the high watermark.
pub fn values(fetcher: &mut PartitionFetcher) -> Vec<String> {
    let mut values = Vec::new();
    while fetch_on(fetcher, &mut values) > fetcher.offset() {}
    values
}

/// The values of committed records, from the fetcher's offset up to `end`; the fetcher is one that
/// reads no others.
pub fn committed_values(fetcher: &mut PartitionFetcher, end: i64) -> Vec<String> {
    let mut values = Vec::new();
    while fetcher.offset() < end {
        fetch_on(fetcher, &mut values);
    }
    values
}

/// Adds the values of one fetch, and moves on; returns the high watermark.
fn fetch_on(fetcher: &mut PartitionFetcher, values: &mut Vec<String>) -> i64 {
    let fetched = fetcher.fetch().unwrap();
    let mut batches = fetched.visible_batches();
    for batch in &mut batches {
        for record in &batch.unwrap().records().unwrap() {
            let value = record.unwrap().value.unwrap().to_vec();
            values.push(String::from_utf8(value).unwrap());
        }
    }
    fetcher.seek(batches.next_offset());
    fetched.high_watermark
}
