//! The fields of a printed line, with the names that Kafka's tool uses.

use libkafka_client::batch::{Batch, Control, ControlRecordType, Record};
use libkafka_protocol::json::{ToJson, Value};
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{KafkaWire, messages::*};
use serde_json::json;

use super::program::Result;

/// Names and values, in order.
pub(crate) type Fields = Vec<(&'static str, Value)>;

pub(crate) fn of_batch(batch: &Batch<'_>, position: usize) -> Fields {
    let header = &batch.header;
    vec![
        ("baseOffset", json!(header.base_offset)),
        ("lastOffset", json!(header.last_offset())),
        ("count", json!(header.record_count)),
        ("baseSequence", json!(header.base_sequence)),
        ("lastSequence", json!(header.last_sequence().unwrap_or(-1))),
        ("producerId", json!(header.producer_id)),
        ("producerEpoch", json!(header.producer_epoch)),
        ("partitionLeaderEpoch", json!(header.partition_leader_epoch)),
        ("isTransactional", json!(header.is_transactional())),
        ("isControl", json!(header.is_control())),
        ("deleteHorizonMs", json!(header.delete_horizon())),
        ("position", json!(position)),
        (header.timestamp_type().name(), json!(header.max_timestamp)),
        ("size", json!(batch.size())),
        ("magic", json!(header.magic)),
        ("compresscodec", json!(header.compression().name())),
        ("crc", json!(header.crc)),
        ("isvalid", json!(batch.check_crc().is_ok())),
    ]
}

pub(crate) fn of_record(batch: &Batch<'_>, record: &Record<'_>) -> Result<Fields> {
    let header = &batch.header;
    let size = |bytes: Option<&[u8]>| json!(bytes.map_or(-1, |bytes| bytes.len() as i64));
    let sequence = header.sequence((record.offset - header.base_offset) as i32);
    let keys = record
        .headers
        .iter()
        .map(|header| String::from_utf8_lossy(header.key));
    let mut fields = vec![
        ("offset", json!(record.offset)),
        (header.timestamp_type().name(), json!(record.timestamp)),
        ("keySize", size(record.key)),
        ("valueSize", size(record.value)),
        ("sequence", json!(sequence.unwrap_or(-1))),
        ("headerKeys", json!(Vec::from_iter(keys))),
    ];
    if header.is_control() {
        fields.extend(of_control_record(record)?);
    } else {
        fields.extend(record.key_text().map(|key| ("key", json!(key))));
        fields.extend(record.value_text().map(|value| ("payload", json!(value))));
    }
    Ok(fields)
}

fn of_control_record(record: &Record<'_>) -> Result<Fields> {
    let value = record.value.unwrap_or_default();
    let field = match ControlRecordType::parse(record)? {
        ControlRecordType::LEADER_CHANGE => ("LeaderChange", decoded::<LeaderChangeMessage>(value)),
        ControlRecordType::SNAPSHOT_HEADER => {
            ("SnapshotHeader", decoded::<SnapshotHeaderRecord>(value))
        }
        ControlRecordType::SNAPSHOT_FOOTER => {
            ("SnapshotFooter", decoded::<SnapshotFooterRecord>(value))
        }
        ControlRecordType::KRAFT_VERSION => ("KRaftVersion", decoded::<KRaftVersionRecord>(value)),
        ControlRecordType::KRAFT_VOTERS => ("KRaftVoters", decoded::<VotersRecord>(value)),
        _ => return of_transaction_marker(record),
    };
    Ok(vec![(field.0, field.1?)])
}

fn of_transaction_marker(record: &Record<'_>) -> Result<Fields> {
    let (marker, epoch) = match Control::parse(record)? {
        Control::Commit { coordinator_epoch } => ("COMMIT", coordinator_epoch),
        Control::Abort { coordinator_epoch } => ("ABORT", coordinator_epoch),
        other => return Ok(vec![("controlType", json!(format!("{other:?}")))]),
    };
    Ok(vec![
        ("endTxnMarker", json!(marker)),
        ("coordinatorEpoch", json!(epoch)),
    ])
}

/// A message that begins with its own version, as JSON.
fn decoded<M: KafkaWire + ToJson + for<'de> Decode<'de>>(value: &[u8]) -> Result<Value> {
    let version = value
        .first_chunk()
        .map_or(0, |version| i16::from_be_bytes(*version));
    let (message, _) = M::decode(version, value)?;
    Ok(message.to_json(version)?)
}
