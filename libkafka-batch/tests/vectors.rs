//! Record sets that Kafka 4.4.0's own classes wrote, and damaged ones, with what those classes
//! make of them. See `data/README.md`.
//!
//! They go through the example `inspect_batch`, which says in JSON what this crate makes of them.
#![cfg(all(
    feature = "gzip",
    feature = "snappy",
    feature = "lz4",
    any(feature = "zstd", feature = "zstd-structured", feature = "zstd-c")
))]

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::GzDecoder;
use libkafka_batch::Decoder;
use serde_json::{Value, json};

#[allow(dead_code, unreachable_pub)]
#[path = "../examples/inspect_batch.rs"]
mod inspect_batch;

/// Record sets that Kafka reads and we refuse, as what is in them, or where to read on, is not certain.
const STRICTER: &[(&str, &str)] = &[
    (
        "crcok-count-0",
        "it claims no records but has the bytes of three; whoever trusts the count loses them",
    ),
    (
        "crcok-lastOffsetDelta--1",
        "its next offset is its base offset, so a reader would fetch it again for ever",
    ),
];

/// Batches of which the header says that no records follow, and none do, though it names a codec
/// as well. `RecordBatch.iterator` of Kafka reads them; `streamingIterator`, which made these
/// vectors, starts the codec on no bytes, and only Zstandard stands that. There is nothing in them
/// to be uncertain of.
const EMPTY_BUT_COMPRESSED: &[&str] = &[
    "crcok-empty-payload-count-0-c1",
    "crcok-empty-payload-count-0-c2",
    "crcok-empty-payload-count-0-c3",
];

fn vectors() -> Vec<Value> {
    let mut text = String::new();
    GzDecoder::new(&include_bytes!("data/batches-seed1.jsonl.gz")[..])
        .read_to_string(&mut text)
        .unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn answer(vector: &Value, decoder: &mut Decoder) -> Result<Value, String> {
    let hex = vector["hex"].as_str().unwrap();
    let answer = inspect_batch::answer(if hex.is_empty() { "-" } else { hex }, decoder);
    match answer.split_once(' ').unwrap() {
        ("ok", json) => Ok(serde_json::from_str(json).unwrap()),
        ("err", error) => Err(error.to_owned()),
        _ => panic!("neither ok nor err: {answer}"),
    }
}

/// The batches that a vector says it has.
fn batches(vector: &Value) -> Value {
    match vector.get("batches") {
        Some(batches) => batches.clone(),
        None => {
            let mut batch = vector.clone();
            let fields = batch.as_object_mut().unwrap();
            fields.remove("label");
            fields.remove("hex");
            json!([batch])
        }
    }
}

#[test]
fn every_record_set_that_kafka_wrote_reads_as_kafka_reads_it() {
    let mut decoder = Decoder::new();
    let mut count = 0;
    for vector in vectors().iter().filter(|v| v.get("label").is_some()) {
        let expected = json!({ "batches": batches(vector), "remaining": 0 });
        let got = answer(vector, &mut decoder);
        assert_eq!(got.as_ref(), Ok(&expected), "{}", vector["label"]);
        count += 1;
    }
    assert_eq!(count, 485);
}

#[test]
fn every_damaged_record_set_is_refused_or_reads_as_kafka_reads_it() {
    let mut decoder = Decoder::new();
    let mut stricter = BTreeMap::from_iter(STRICTER.iter().copied());
    let mut verdicts = String::new();
    let mut count = 0;
    for vector in vectors().iter().filter(|v| v.get("corrupt").is_some()) {
        let name = vector["corrupt"].as_str().unwrap();
        let java = &vector["java"];
        let ours = answer(vector, &mut decoder);
        if EMPTY_BUT_COMPRESSED.contains(&name) {
            let ours = ours
                .as_ref()
                .expect("a batch without a record, whatever its codec");
            assert_eq!(ours["batches"][0]["records"], json!([]), "{name}");
        } else if let Some(error) = java.get("error") {
            assert!(ours.is_err(), "{name}: Kafka says {error}, we read it");
        } else if stricter.remove(name).is_some() {
            assert!(ours.is_err(), "{name}: we read what is said to be refused");
        } else {
            let left =
                java["bytesTotal"].as_u64().unwrap() - java["bytesConsumed"].as_u64().unwrap();
            assert_eq!(
                ours,
                Ok(json!({ "batches": java["batches"], "remaining": left })),
                "{name}"
            );
        }
        verdicts += &format!(
            "{name}: {}\n",
            ours.as_ref().err().map_or("read", String::as_str)
        );
        count += 1;
    }
    assert_eq!(count, 301);
    assert!(
        stricter.is_empty(),
        "not among the vectors, or not read by Kafka: {stricter:?}"
    );
    check_verdicts(&verdicts);
}

/// Holds what we say of each damaged set against what is on record, one by one.
/// `BLESS=1` puts it on record.
fn check_verdicts(verdicts: &str) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/verdicts.txt");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, verdicts).unwrap();
    }
    let recorded = std::fs::read_to_string(path).unwrap();
    // What a codec's library says is its own affair, and differs with the library.
    let ours = |line: &str| {
        line.split_once(" cannot be decompressed with ")
            .map_or(line, |(head, _)| head)
            .to_owned()
    };
    let differ = verdicts
        .lines()
        .zip(recorded.lines())
        .find(|(a, b)| ours(a) != ours(b));
    assert_eq!(differ, None, "said, and on record");
    assert_eq!(verdicts.lines().count(), recorded.lines().count());
}
