//! Batches of records as JSON: made for requests, read from answers.

use data_encoding::BASE64;
use libkafka_batch::{
    Builder, BuilderOptions, Gzip, Lz4, ProducerInfo, Record, RecordSet, Restamp, Snappy, Zstd,
};
use libkafka_protocol::messages::ConsumerProtocolSubscription;
use serde_json::{Value, json};

/// Puts bytes in the place of what describes them.
pub(crate) fn build(value: &Value) -> Value {
    match value {
        Value::Object(fields) if fields.contains_key("batches") => {
            let batches = fields["batches"].as_array().unwrap();
            let bytes: Vec<u8> = batches.iter().flat_map(batch).collect();
            BASE64.encode(&bytes).into()
        }
        Value::Object(fields) if fields.contains_key("subscription") => {
            let topics = fields["subscription"].as_array().unwrap();
            let topics = topics.iter().map(|topic| topic.as_str().unwrap().into());
            let subscription = ConsumerProtocolSubscription {
                topics: topics.collect(),
                ..Default::default()
            };
            BASE64.encode(&subscription.to_bytes(1).unwrap()).into()
        }
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), build(value)))
            .collect(),
        Value::Array(values) => values.iter().map(build).collect(),
        value => value.clone(),
    }
}

fn batch(described: &Value) -> Vec<u8> {
    let number = |name: &str| described[name].as_i64().unwrap();
    let options = BuilderOptions::new();
    let options = match number("codec") {
        1 => options.compressor(Gzip::new()),
        2 => options.compressor(Snappy::new()),
        3 => options.compressor(Lz4::new()),
        4 => options.compressor(Zstd::new()),
        _ => options,
    };
    let mut builder = Builder::with_options(options.only_when_smaller(false));
    for record in described["records"].as_array().unwrap() {
        let text = |name: &str| record[name].as_str().map(str::as_bytes);
        let record = Record {
            timestamp: record["time"].as_i64().unwrap(),
            key: text("key"),
            value: text("value"),
            ..Record::default()
        };
        builder.add_record(&record).unwrap();
    }
    let mut bytes = builder.build().unwrap().to_vec();
    let mut stamp = Restamp::new();
    if number("producerId") >= 0 {
        stamp = stamp.producer(ProducerInfo {
            id: number("producerId"),
            epoch: number("producerEpoch") as i16,
            base_sequence: u32::try_from(number("baseSequence")).ok().map(|s| s as i32),
            transactional: described["transactional"].as_bool().unwrap(),
        });
    }
    if let Some(offset) = described["baseOffset"].as_i64() {
        stamp = stamp.base_offset(offset);
    }
    if let Some(time) = described["maxTimestamp"].as_i64() {
        stamp = stamp.max_timestamp(time);
    }
    if let Some(time) = described["logAppendTime"].as_i64() {
        stamp = stamp.log_append_time(time);
    }
    stamp.apply(&mut bytes).unwrap();
    if let Some(flaw) = described["flaw"].as_array() {
        let at = flaw[0].as_u64().unwrap() as usize % bytes.len();
        bytes[at] ^= flaw[1].as_u64().unwrap() as u8;
        if flaw[2] == true && bytes.len() > 61 && at >= 21 {
            let crc = crc32c::crc32c(&bytes[21..]);
            bytes[17..21].copy_from_slice(&crc.to_be_bytes());
        }
    }
    if let Some(cut) = described["cut"].as_u64() {
        bytes.truncate(bytes.len().saturating_sub(cut as usize));
    }
    bytes
}

/// Puts a description in the place of every `records` of an answer.
pub(crate) fn read(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    Value::String(base64) if name == "records" => describe(base64),
                    value => read(value),
                };
                (name.clone(), value)
            })
            .collect(),
        Value::Array(values) => values.iter().map(read).collect(),
        value => value.clone(),
    }
}

fn describe(base64: &str) -> Value {
    let bytes = BASE64.decode(base64.as_bytes()).unwrap();
    let mut set = RecordSet::new(&bytes);
    let mut batches = Vec::new();
    for batch in &mut set {
        let batch = match batch {
            Ok(batch) => batch,
            Err(error) => {
                batches.push(error.to_string().into());
                break;
            }
        };
        let header = batch.header;
        let records = match batch.records() {
            Ok(records) => {
                let records = records.iter().map(|record| match record {
                    Ok(record) => json!({
                        "offset": record.offset,
                        "time": record.timestamp,
                        "key": record.key.map(|bytes| BASE64.encode(bytes)),
                        "value": record.value.map(|bytes| BASE64.encode(bytes)),
                    }),
                    Err(error) => error.to_string().into(),
                });
                records.collect::<Value>()
            }
            Err(error) => error.to_string().into(),
        };
        batches.push(json!({
            "baseOffset": header.base_offset,
            "leaderEpoch": header.partition_leader_epoch,
            "attributes": header.attributes.0,
            "lastOffsetDelta": header.last_offset_delta,
            "baseTimestamp": header.base_timestamp,
            "maxTimestamp": header.max_timestamp,
            "producerId": header.producer_id,
            "producerEpoch": header.producer_epoch,
            "baseSequence": header.base_sequence,
            "recordCount": header.record_count,
            "records": records,
        }));
    }
    json!({ "batches": batches, "cutOff": set.cut_off_size() })
}
