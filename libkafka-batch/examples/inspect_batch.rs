//! Prints the contents of record sets: reads one in hex from each line of standard input, `-` for
//! an empty one.
//!
//! The answer to each is one line: `ok` and JSON, or `err` and the error.
//!
//! ```text
//! echo - | cargo run -q -p libkafka-batch --example inspect_batch
//! ok {"batches":[],"remaining":0}
//! ```

use std::io::{self, BufRead, Write};

use libkafka_batch::{Batch, Decoder, Error, Record, RecordSet};
use serde_json::{Map, Value, json};

const USAGE: &str = "\
Prints the contents of record sets: reads one in hex from each line, - for an empty one, and answers
with one line: ok and JSON, or err and the error.

Usage: echo - | cargo run -q -p libkafka-batch --example inspect_batch";

fn main() -> io::Result<()> {
    if std::env::args_os().any(|argument| argument == "-h" || argument == "--help") {
        println!("{USAGE}");
        return Ok(());
    }
    let mut decoder = Decoder::new();
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        writeln!(out, "{}", answer(&line?, &mut decoder))?;
        out.flush()?;
    }
    Ok(())
}

/// The answer to a line.
pub fn answer(line: &str, decoder: &mut Decoder) -> String {
    let Some(bytes) = unhex(line.trim()) else {
        return "err the line is not hex".to_owned();
    };
    match inspect(&bytes, decoder) {
        Ok(json) => format!("ok {json}"),
        Err(error) => format!("err {error}").replace(['\r', '\n'], " "),
    }
}

fn inspect(bytes: &[u8], decoder: &mut Decoder) -> Result<Value, Error> {
    let mut set = RecordSet::new(bytes);
    let batches = set
        .by_ref()
        .map(|batch| describe(&batch?, decoder))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(json!({ "batches": batches, "remaining": set.remaining() }))
}

fn describe(batch: &Batch<'_>, decoder: &mut Decoder) -> Result<Value, Error> {
    let header = &batch.header;
    let records = batch.records_with(decoder)?;
    let records = records
        .iter()
        .map(|record| Ok(describe_record(batch, &record?)))
        .collect::<Result<Vec<_>, Error>>()?;
    let legacy = header.magic < 2;
    let json = json!({
        "magic": header.magic,
        "compression": header.compression().name(),
        "attributes": header.attributes.0,
        "sizeInBytes": batch.size(),
        "lastOffset": header.last_offset(),
        "producerId": header.producer_id,
        "producerEpoch": header.producer_epoch,
        "baseSequence": header.base_sequence,
        "lastSequence": header.last_sequence().unwrap_or(-1),
        "isControl": header.is_control(),
        "isTransactional": header.is_transactional(),
        "timestampType": header.timestamp_type().name(),
        "baseTimestamp": (!legacy).then_some(header.base_timestamp),
        "maxTimestamp": header.max_timestamp,
        "deleteHorizonMs": header.delete_horizon(),
        "partitionLeaderEpoch": header.partition_leader_epoch,
        "crc": header.crc,
        "count": (!legacy).then_some(header.record_count),
        "records": records,
    });
    let Value::Object(mut json) = json else {
        unreachable!("an object was written")
    };
    json.insert(
        if legacy { "headerOffset" } else { "baseOffset" }.to_owned(),
        header.base_offset.into(),
    );
    Ok(Value::Object(json))
}

fn describe_record(batch: &Batch<'_>, record: &Record<'_>) -> Value {
    let header = &batch.header;
    // Within a batch of magic 2 the difference fits; before, there are no sequence numbers.
    let sequence = header.sequence(record.offset.wrapping_sub(header.base_offset) as i32);
    let headers = record
        .headers
        .iter()
        .map(|h| json!([String::from_utf8_lossy(h.key), h.value.map(hex)]));
    let fields = [
        ("offset", record.offset.into()),
        ("timestamp", record.timestamp.into()),
        ("sequence", sequence.unwrap_or(-1).into()),
        ("key", record.key.map(hex).into()),
        ("value", record.value.map(hex).into()),
        ("headers", headers.collect()),
    ];
    Value::Object(Map::from_iter(
        fields.map(|(name, value)| (name.to_owned(), value)),
    ))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [b >> 4, b & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if text == "-" {
        return Some(Vec::new());
    }
    let digits = text
        .chars()
        .map(|c| c.to_digit(16))
        .collect::<Option<Vec<_>>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| {
        pairs
            .iter()
            .map(|[high, low]| (high << 4 | low) as u8)
            .collect()
    })
}
