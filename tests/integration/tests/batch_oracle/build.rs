//! [`build`]: random batches.

use data_encoding::HEXLOWER;
use libkafka_batch::{
    Builder, BuilderOptions, Gzip, Header, Lz4, ProducerInfo, Record, Restamp, Snappy, Zstd,
};
use serde_json::{Value, json};

/// A batch of random records in one of the codecs, and what its records are in Kafka's JSON.
pub(crate) fn build(n: u64, random: &mut fastrand::Rng) -> (Vec<u8>, Value) {
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
            "key": key.as_deref().map(|bytes| HEXLOWER.encode(bytes)),
            "value": value.as_deref().map(|bytes| HEXLOWER.encode(bytes)),
            "headers": headers.iter().map(|h| json!([h.key_str().unwrap(), h.value.map(|bytes| HEXLOWER.encode(bytes))])).collect::<Vec<_>>(),
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
