//! Record batches and Kafka's own classes: what we build, they read; what they write, we read.

mod build;
mod compare;

use std::slice;

use data_encoding::HEXLOWER;
use libkafka_batch::Decoder;
use libkafka_testkafka::{Oracle, require};
use serde_json::Value;

use build::build;
use compare::{Difference, compare, records};

/// Of the record sets that Kafka makes; another than that of the golden file.
const SEED: u64 = 20;

/// Batches that are damaged for Kafka and us to read.
const DAMAGED: u64 = 2000;

/// Why we refuse what Kafka reads.
const UNCERTAIN: &[&str] = &[
    "it claims no records but has bytes after its header",
    "its last offset is before its first",
    "does not fit 64 bits",
];

/// Batches that we build for Kafka to read.
const BUILT: u64 = 400;

#[test]
fn kafka_reads_every_field_of_what_we_build() {
    require!();
    let mut oracle = Oracle::shared();
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut decoder = Decoder::new();
    for n in 0..BUILT {
        let (bytes, expected) = build(n, &mut random);
        let answer = oracle.batches_in(&bytes).unwrap();
        assert_eq!(answer.get("error"), None, "batch {n}");
        assert_eq!(answer["bytesConsumed"], bytes.len(), "batch {n}");
        let [batch] = answer["batches"].as_array().unwrap().as_slice() else {
            panic!("batch {n} is not one")
        };
        assert_eq!(batch["records"], expected, "batch {n}");
        let left = compare(&bytes, slice::from_ref(batch), &mut decoder)
            .unwrap_or_else(|difference| panic!("batch {n}: {difference}"));
        assert_eq!(left, 0, "batch {n}");
    }
}

#[test]
fn we_read_what_kafka_writes_and_refuse_what_it_refuses() {
    require!();
    let mut decoder = Decoder::new();
    let (mut valid, mut damaged) = (0, 0);
    for vector in Oracle::batches(SEED, 300).unwrap() {
        let hex = vector["hex"].as_str().unwrap();
        let bytes = HEXLOWER.decode(hex.as_bytes()).unwrap();
        if let Some(label) = vector.get("label") {
            // A vector of one batch has its fields beside the label.
            let batches = vector.get("batches").and_then(Value::as_array);
            let batches = batches.map_or(slice::from_ref(&vector), Vec::as_slice);
            let left = compare(&bytes, batches, &mut decoder)
                .unwrap_or_else(|difference| panic!("{label}: {difference}"));
            assert_eq!(left, 0, "{label}");
            valid += 1;
        } else {
            // To refuse more than Kafka does is our right, and argued for in the crate's tests; to
            // read what it refuses, or to read something else, is not.
            let (name, java) = (&vector["corrupt"], &vector["java"]);
            let batches = java["batches"].as_array().map_or(&[][..], Vec::as_slice);
            match compare(&bytes, batches, &mut decoder) {
                Ok(_) => {
                    let error = java.get("error");
                    assert!(
                        error.is_none_or(is_empty_but_compressed),
                        "{name}: {error:?}"
                    );
                }
                Err(Difference::Refused(_)) => {}
                Err(difference) => panic!("{name}: {difference}"),
            }
            damaged += 1;
        }
    }
    assert!(
        valid > 450 && damaged > 250,
        "{valid} valid, {damaged} damaged"
    );
}

/// Whether what keeps Kafka's streaming iterator from reading a batch is only that it starts the
/// codec of one without records on no bytes. Its other iterator reads that batch.
fn is_empty_but_compressed(error: &Value) -> bool {
    error.get("iterator").is_some_and(|records| *records == 0)
}

#[test]
fn kafka_reads_what_we_read_though_no_producer_should_send_it() {
    require!();
    let mut oracle = Oracle::shared();
    let mut decoder = Decoder::new();
    for line in include_str!("../../../../libkafka-batch/tests/data/lenient.txt").lines() {
        let (name, rest) = line.split_once(' ').unwrap();
        let (hex, expected) = rest.split_once(" => ").unwrap();
        let bytes = HEXLOWER.decode(hex.as_bytes()).unwrap();
        let answer = oracle.batches_in(&bytes).unwrap();
        let error = answer.get("error");
        assert!(
            error.is_none_or(is_empty_but_compressed),
            "{name}: {error:?}"
        );
        let batch = &answer["batches"][0];
        let records = batch["records"].as_array().unwrap().iter();
        let records = records.map(|record| format!("{}@{}", record["offset"], record["timestamp"]));
        let next = batch["lastOffset"].as_i64().unwrap() + 1;
        let read = format!("next {next} [{}]", Vec::from_iter(records).join(" "));
        assert_eq!(read, expected, "{name}");
        // All else that both say of the batch.
        compare(&bytes, slice::from_ref(batch), &mut decoder)
            .unwrap_or_else(|difference| panic!("{name}: {difference}"));
    }
}

#[test]
fn damaged_batches_mean_the_same_to_kafka_and_to_us() {
    require!();
    let mut random = fastrand::Rng::with_seed(SEED);
    let mut oracle = Oracle::shared();
    let mut decoder = Decoder::new();
    let (mut read, mut refused, mut stricter) = (0, 0, 0);
    for n in 0..DAMAGED {
        let (mut bytes, _) = build(8 + n % 5, &mut random);
        if bytes.len() > 2000 {
            continue;
        }
        for _ in 0..random.usize(1..3) {
            // After the checksum, which is put right below.
            let at = random.usize(21..bytes.len());
            match random.u8(..10) {
                0 => drop(bytes.remove(at)),
                1 => bytes.insert(at, random.u8(..)),
                2 => bytes.extend((0..random.usize(1..30)).map(|_| random.u8(..))),
                3..6 => bytes[at] = random.u8(..),
                _ => bytes[at] ^= 1 << random.u8(..8),
            }
        }
        let length = i32::try_from(bytes.len() - 12).unwrap();
        bytes[8..12].copy_from_slice(&length.to_be_bytes());
        let crc = crc32c::crc32c(&bytes[21..]);
        bytes[17..21].copy_from_slice(&crc.to_be_bytes());

        let java = oracle.batches_in(&bytes).unwrap();
        match (java.get("error"), records(&bytes, &mut decoder)) {
            (Some(_), Err(_)) => refused += 1,
            (None, Ok(ours)) => {
                let java = records_of(&java["batches"]);
                assert_eq!(
                    without_sequences(ours),
                    java,
                    "{n}: {}",
                    HEXLOWER.encode(&bytes)
                );
                read += 1;
            }
            // Where to read on, or what is in it, is not certain.
            (None, Err(error)) => {
                assert!(
                    UNCERTAIN
                        .iter()
                        .any(|reason| error.to_string().contains(reason)),
                    "{n}: {error}: {}",
                    HEXLOWER.encode(&bytes)
                );
                stricter += 1;
            }
            (Some(error), Ok(_)) => assert!(
                is_empty_but_compressed(error),
                "{n}: {error}: {}",
                HEXLOWER.encode(&bytes)
            ),
        }
    }
    assert!(
        read > DAMAGED / 5 && refused > DAMAGED / 5 && stricter < DAMAGED / 50,
        "{read} read, {refused} refused, {stricter} by us alone"
    );
}

/// The records of all batches.
fn records_of(batches: &Value) -> Vec<Value> {
    let batches = batches.as_array().unwrap().iter();
    let records = batches.flat_map(|batch| batch["records"].as_array().unwrap().clone());
    without_sequences(records.collect())
}

/// The numbers that Kafka gives the records of a producer with an impossible sequence are nobody's.
fn without_sequences(mut records: Vec<Value>) -> Vec<Value> {
    for record in &mut records {
        record.as_object_mut().unwrap().remove("sequence");
    }
    records
}
