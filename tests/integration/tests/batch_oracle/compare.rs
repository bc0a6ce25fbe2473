//! [`compare`]: what we read from a record set and what Kafka does, field by field.

use std::fmt;

use data_encoding::HEXLOWER;
use libkafka_batch::{Batch, Decoder, Error, Record, RecordSet};
use serde_json::{Value, json};

/// Why a record set is not what Kafka says it is.
pub(crate) enum Difference {
    Refused(Error),
    /// What it is about, what we read and what Kafka reads.
    Field(&'static str, Value, Value),
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(error) => write!(f, "refused: {error}"),
            Self::Field(field, ours, kafka) => write!(f, "{field}: {ours}, Kafka {kafka}"),
        }
    }
}

/// Compares what we read from a record set with what Kafka does, field by field. Returns how many
/// bytes are left, which begin no batch.
pub(crate) fn compare(
    bytes: &[u8],
    kafka: &[Value],
    decoder: &mut Decoder,
) -> Result<usize, Difference> {
    let mut set = RecordSet::new(bytes);
    let mut kafka = kafka.iter();
    while let Some(batch) = set.next().transpose().map_err(Difference::Refused)? {
        let Some(kafka) = kafka.next() else {
            return Err(Difference::Field(
                "one more",
                batch.size().into(),
                Value::Null,
            ));
        };
        compare_header(&batch, kafka)?;
        let records = batch.records_with(decoder).map_err(Difference::Refused)?;
        let mut ours = Vec::new();
        for record in &records {
            ours.push(record_in_json(
                &batch,
                &record.map_err(Difference::Refused)?,
            ));
        }
        equal("records", ours.into(), kafka)?;
    }
    match kafka.next() {
        None => Ok(set.remaining()),
        Some(batch) => Err(Difference::Field("one less", Value::Null, batch.clone())),
    }
}

fn compare_header(batch: &Batch<'_>, kafka: &Value) -> Result<(), Difference> {
    let header = &batch.header;
    let is_legacy = header.magic < 2;
    let base_offset = if is_legacy {
        "headerOffset"
    } else {
        "baseOffset"
    };
    let base_timestamp = (!is_legacy).then_some(header.base_timestamp);
    let count = (!is_legacy).then_some(header.record_count);
    let last_sequence = header.last_sequence().unwrap_or(-1);
    equal(base_offset, header.base_offset.into(), kafka)?;
    equal("magic", header.magic.into(), kafka)?;
    equal("compression", header.compression().name().into(), kafka)?;
    equal("attributes", header.attributes.0.into(), kafka)?;
    equal("sizeInBytes", batch.size().into(), kafka)?;
    equal("lastOffset", header.last_offset().into(), kafka)?;
    equal("producerId", header.producer_id.into(), kafka)?;
    equal("producerEpoch", header.producer_epoch.into(), kafka)?;
    equal("baseSequence", header.base_sequence.into(), kafka)?;
    equal("lastSequence", last_sequence.into(), kafka)?;
    equal("isControl", header.is_control().into(), kafka)?;
    equal("isTransactional", header.is_transactional().into(), kafka)?;
    equal(
        "timestampType",
        header.timestamp_type().name().into(),
        kafka,
    )?;
    equal("baseTimestamp", base_timestamp.into(), kafka)?;
    equal("maxTimestamp", header.max_timestamp.into(), kafka)?;
    equal("deleteHorizonMs", header.delete_horizon().into(), kafka)?;
    equal(
        "partitionLeaderEpoch",
        header.partition_leader_epoch.into(),
        kafka,
    )?;
    equal("crc", header.crc.into(), kafka)?;
    equal("count", count.into(), kafka)
}

fn equal(field: &'static str, ours: Value, kafka: &Value) -> Result<(), Difference> {
    match kafka.get(field) {
        Some(kafka) if *kafka == ours => Ok(()),
        kafka => Err(Difference::Field(
            field,
            ours,
            kafka.cloned().unwrap_or_default(),
        )),
    }
}

fn record_in_json(batch: &Batch<'_>, record: &Record<'_>) -> Value {
    let header = &batch.header;
    // Within a batch of magic 2 the difference fits; before, there are no sequence numbers.
    let delta = record.offset.wrapping_sub(header.base_offset) as i32;
    let headers = record.headers.iter().map(|header| {
        json!([
            String::from_utf8_lossy(header.key),
            header.value.map(|bytes| HEXLOWER.encode(bytes))
        ])
    });
    json!({
        "offset": record.offset,
        "timestamp": record.timestamp,
        "sequence": header.sequence(delta).unwrap_or(-1),
        "key": record.key.map(|bytes| HEXLOWER.encode(bytes)),
        "value": record.value.map(|bytes| HEXLOWER.encode(bytes)),
        "headers": headers.collect::<Vec<_>>(),
    })
}

/// The records of all batches of a record set, in Kafka's JSON.
pub(crate) fn records(bytes: &[u8], decoder: &mut Decoder) -> Result<Vec<Value>, Error> {
    let mut records = Vec::new();
    for batch in RecordSet::new(bytes) {
        let batch = batch?;
        for record in &batch.records_with(decoder)? {
            records.push(record_in_json(&batch, &record?));
        }
    }
    Ok(records)
}
