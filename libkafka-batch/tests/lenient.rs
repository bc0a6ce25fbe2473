//! Batches that brokers have stored and Kafka reads, though no producer should send them.
//!
//! `data/lenient.txt` has them, with what Kafka 4.4.0's classes read; the integration tests ask
//! those classes again.
#![cfg(all(
    feature = "gzip",
    feature = "snappy",
    feature = "lz4",
    any(feature = "zstd", feature = "zstd-structured", feature = "zstd-c")
))]

use libkafka_batch::{Decoder, Error, RecordSet};

/// What is read: the offset to read on from, and of each record its offset and timestamp.
fn read(bytes: &[u8], decoder: &mut Decoder) -> Result<String, Error> {
    let mut set = RecordSet::new(bytes);
    let batch = set.next().expect("a whole batch")?;
    assert!(set.next().is_none());
    let records = batch.records_with(decoder)?;
    let read = records
        .iter()
        .map(|record| record.map(|record| format!("{}@{}", record.offset, record.timestamp)))
        .collect::<Result<Vec<_>, _>>()?;
    assert_eq!(records.from_offset(0).count(), read.len());
    Ok(format!("next {} [{}]", batch.next_offset(), read.join(" ")))
}

fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap())
        .collect()
}

#[test]
fn batches_that_kafka_reads_are_read_whatever_their_producer_should_have_done() {
    let mut decoder = Decoder::new();
    let mut count = 0;
    for line in include_str!("data/lenient.txt").lines() {
        let (name, rest) = line.split_once(' ').unwrap();
        let (hex, expected) = rest.split_once(" => ").unwrap();
        let read = read(&unhex(hex), &mut decoder).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(read, expected, "{name}");
        count += 1;
    }
    assert_eq!(count, 44);
}
