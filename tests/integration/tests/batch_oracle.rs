//! Record batches and Kafka's own classes: what we build, they read; what they write, we read.

use data_encoding::HEXLOWER;
use libkafka_batch::{
    Builder, BuilderOptions, Decoder, Gzip, Header, Lz4, ProducerInfo, Record, Restamp, Snappy,
    Zstd,
};
use libkafka_testkafka::{Oracle, require};
use serde_json::{Value, json};

#[allow(dead_code, unreachable_pub)]
#[path = "../../../libkafka-batch/examples/inspect_batch.rs"]
mod inspect_batch;

/// Of the record sets that Kafka makes; another than that of the golden file.
const SEED: u64 = 20;

/// Batches that are damaged for Kafka and us to read.
const DAMAGED: u64 = 2000;

/// Why we refuse what Kafka reads.
const UNCERTAIN: &[&str] = &[
    "it claims no records but has bytes of them",
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
        // The header fields, which the JSON of both has under the same names.
        assert_eq!(
            ours(&bytes, &mut decoder).unwrap()["batches"][0],
            *batch,
            "batch {n}"
        );
    }
}

#[test]
fn we_read_what_kafka_writes_and_refuse_what_it_refuses() {
    require!();
    let mut decoder = Decoder::new();
    let (mut valid, mut damaged) = (0, 0);
    for vector in Oracle::batches(SEED, 300).unwrap() {
        let hex = vector["hex"].as_str().unwrap();
        let answer = inspect(hex, &mut decoder);
        if let Some(label) = vector.get("label") {
            let read = answer.unwrap_or_else(|error| panic!("{label}: {error}"));
            let mut expected = vector.clone();
            let fields = expected.as_object_mut().unwrap();
            let batches = fields.remove("batches");
            fields.remove("label");
            fields.remove("hex");
            assert_eq!(
                read["batches"],
                batches.unwrap_or_else(|| json!([expected])),
                "{label}"
            );
            assert_eq!(read["remaining"], 0, "{label}");
            valid += 1;
        } else {
            // To refuse more than Kafka does is our right, and argued for in the crate's tests; to
            // read what it refuses, or to read something else, is not.
            let (name, java) = (&vector["corrupt"], &vector["java"]);
            if let Ok(read) = answer {
                let error = java.get("error");
                assert!(
                    error.is_none_or(is_empty_but_compressed),
                    "{name}: {error:?}"
                );
                assert_eq!(read["batches"], java["batches"], "{name}");
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
    for line in include_str!("../../../libkafka-batch/tests/data/lenient.txt").lines() {
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
        assert_eq!(
            ours(&bytes, &mut decoder).unwrap()["batches"][0],
            *batch,
            "{name}"
        );
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
        match (java.get("error"), ours(&bytes, &mut decoder)) {
            (Some(_), Err(_)) => refused += 1,
            (None, Ok(ours)) => {
                let seen = |answer: &Value| records_of(&answer["batches"]);
                assert_eq!(seen(&ours), seen(&java), "{n}: {}", hex(&bytes));
                read += 1;
            }
            // Where to read on, or what is in it, is not certain.
            (None, Err(error)) => {
                assert!(
                    UNCERTAIN.iter().any(|reason| error.contains(reason)),
                    "{n}: {error}: {}",
                    hex(&bytes)
                );
                stricter += 1;
            }
            (Some(error), Ok(_)) => assert!(
                is_empty_but_compressed(error),
                "{n}: {error}: {}",
                hex(&bytes)
            ),
        }
    }
    assert!(
        read > DAMAGED / 5 && refused > DAMAGED / 5 && stricter < DAMAGED / 50,
        "{read} read, {refused} refused, {stricter} by us alone"
    );
}

/// A batch of random records in one of the codecs, and what its records are in Kafka's JSON.
fn build(n: u64, random: &mut fastrand::Rng) -> (Vec<u8>, Value) {
    let options = BuilderOptions::new();
    let mut options = match n % 5 {
        0 => options,
        1 => options.compressor(Gzip::with_level(random.u32(1..10))),
        2 => options.compressor(Snappy::new()),
        3 => options.compressor(Lz4::new()),
        _ => options.compressor(Zstd::new()),
    };
    if random.bool() {
        options = options.partition_leader_epoch(random.i32(0..100));
    }
    let log_append_time = (random.u8(..4) == 0).then_some(1_711_111_111_111);
    if let Some(time) = log_append_time {
        options = options.log_append_time(time);
    }
    let mut builder = Builder::with_options(options);
    let producer = random.bool().then(|| ProducerInfo {
        id: random.i64(0..),
        epoch: random.i16(0..),
        base_sequence: Some(if random.bool() {
            i32::MAX - 2
        } else {
            random.i32(0..1000)
        }),
        transactional: random.bool(),
    });
    let base_offset = random.i64(0..1 << 50);
    let mut delta = -1;
    let mut expected = Vec::new();
    for _ in 0..random.usize(1..=if n.is_multiple_of(7) { 500 } else { 8 }) {
        let long = random.u8(..20) == 0;
        let mut bytes = |most: usize| {
            (random.u8(..4) != 0).then(|| {
                (0..random.usize(..=most))
                    .map(|_| random.u8(..64))
                    .collect::<Vec<_>>()
            })
        };
        let key = bytes(20);
        let value = bytes(if long { 100_000 } else { 200 });
        let header_values = [bytes(5), bytes(100)];
        let headers = [
            Header {
                key: "".as_bytes(),
                value: header_values[0].as_deref(),
            },
            Header {
                key: "ключ".as_bytes(),
                value: header_values[1].as_deref(),
            },
        ];
        let headers = &headers[..random.usize(..=2)];
        let timestamp = if random.u8(..10) == 0 {
            -1
        } else {
            random.i64(1_700_000_000_000..1_700_000_100_000)
        };
        delta += if random.u8(..5) == 0 {
            random.i32(1..1000)
        } else {
            1
        };
        let record = Record {
            timestamp,
            key: key.as_deref(),
            value: value.as_deref(),
            headers: headers.into(),
            ..Record::default()
        };
        builder.add_record_at(delta, &record).unwrap();

        let sequence = producer.map_or(-1, |p| {
            (i64::from(p.base_sequence.unwrap()) + i64::from(delta)) % (1 << 31)
        });
        expected.push(json!({
            "offset": base_offset + i64::from(delta),
            "timestamp": log_append_time.unwrap_or(timestamp),
            "sequence": sequence,
            "key": key.as_deref().map(hex),
            "value": value.as_deref().map(hex),
            "headers": headers.iter().map(|h| json!([h.key_str().unwrap(), h.value.map(hex)])).collect::<Vec<_>>(),
        }));
    }
    // Half of those with a producer are numbered as they are built, half by a restamp; all get
    // their offset by one.
    let mut restamp = Restamp::new().base_offset(base_offset);
    let mut batch = match producer {
        Some(mut producer) if random.bool() => {
            builder.build_numbered(&mut producer).unwrap().to_vec()
        }
        Some(producer) => {
            restamp = restamp.producer(producer);
            builder.build().unwrap().to_vec()
        }
        None => builder.build().unwrap().to_vec(),
    };
    restamp.apply(&mut batch).unwrap();
    (batch, Value::from(expected))
}

/// What is in the records. The numbers that Kafka gives those of a producer with an impossible
/// sequence are nobody's.
fn records_of(batches: &Value) -> Vec<Value> {
    let batches = batches.as_array().unwrap().iter();
    let records = batches.flat_map(|batch| batch["records"].as_array().unwrap().clone());
    records
        .map(|mut record| {
            record.as_object_mut().unwrap().remove("sequence");
            record
        })
        .collect()
}

fn ours(bytes: &[u8], decoder: &mut Decoder) -> Result<Value, String> {
    inspect(&hex(bytes), decoder)
}

fn inspect(hex: &str, decoder: &mut Decoder) -> Result<Value, String> {
    let answer = inspect_batch::answer(if hex.is_empty() { "-" } else { hex }, decoder);
    match answer.split_once(' ').unwrap() {
        ("ok", json) => Ok(serde_json::from_str(json).unwrap()),
        (_, error) => Err(error.to_owned()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
