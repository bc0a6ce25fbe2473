//! What a broker looks at before it appends a batch.

use std::collections::BTreeMap;

use bytes::Bytes;
use libkafka_batch::{Batch, BatchHeader, Compression, Decoder, Error, RecordSet, TimestampType};
use libkafka_protocol::ErrorCode;

use super::Configs;

/// A batch that may be appended.
#[derive(Debug)]
pub(crate) struct Incoming<'a> {
    pub(crate) header: BatchHeader,
    pub(crate) bytes: &'a [u8],
}

/// Why a batch may not be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: ErrorCode,
    /// What is said of the batch as a whole.
    pub(crate) message: Option<String>,
    /// What is said of single records, by their place in the batch.
    pub(crate) records: BTreeMap<i32, String>,
}

impl Refusal {
    fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: Some(message.into()),
            records: BTreeMap::new(),
        }
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            message: None,
            records: BTreeMap::new(),
        }
    }
}

/// Looks at what a Produce request of `version` wants to append to `partition` of a topic with
/// these `configs`.
pub(crate) fn validate<'a>(
    partition: &str,
    records: Option<&'a Bytes>,
    version: i16,
    configs: &Configs,
    now_ms: i64,
) -> Result<Incoming<'a>, Refusal> {
    let records = records.map_or(&[][..], |records| records);
    let batch = only_batch(records, version)?;
    let header = batch.header;
    if header.base_offset != 0 {
        return Err(invalid(format!(
            "The baseOffset of the record batch in the append to {partition} should be 0, but it is {}",
            header.base_offset
        )));
    }
    let max = configs.topic_number("max.message.bytes");
    if i64::try_from(batch.size()).unwrap_or(i64::MAX) > max {
        return Err(Refusal::new(
            ErrorCode::MESSAGE_TOO_LARGE,
            format!(
                "The record batch size in the append to {partition} is {} bytes which exceeds the maximum configured value of {max}.",
                batch.size()
            ),
        ));
    }
    batch.check_crc().map_err(|e| refused(&e))?;
    if header.last_offset_delta < 0 || header.record_count != header.last_offset_delta + 1 {
        return Err(invalid(format!(
            "Inconsistency between number of offsets of the batch ({}) and its count ({})",
            i64::from(header.last_offset_delta) + 1,
            header.record_count
        )));
    }
    if header.producer_id >= 0 && header.base_sequence < 0 {
        return Err(invalid("Invalid sequence number in record batch"));
    }
    if header.attributes.is_control() {
        return Err(invalid("Clients are not allowed to write control records"));
    }
    if header.attributes.timestamp_type() == TimestampType::LogAppendTime {
        return Err(Refusal::new(
            ErrorCode::INVALID_TIMESTAMP,
            "Invalid timestamp type in message. Producer should not set timestamp type to LogAppendTime.",
        ));
    }
    check_records(&batch, partition, configs, now_ms)?;
    Ok(Incoming {
        header,
        bytes: batch.as_bytes(),
    })
}

/// The batch of `records`, which must be one of magic 2.
fn only_batch(records: &[u8], version: i16) -> Result<Batch<'_>, Refusal> {
    let mut set = RecordSet::unchecked(records);
    let first = set.next().transpose().map_err(|e| refused(&e))?;
    let Some(batch) = first else {
        return Err(invalid(format!(
            "Produce requests with version {version} must have exactly one record batch per partition"
        )));
    };
    if batch.header.magic != 2 {
        return Err(invalid(format!(
            "Produce requests with version {version} are only allowed to contain record batches with magic version 2"
        )));
    }
    if version < 7 && batch.header.compression() == Compression::Zstd {
        return Err(Refusal::new(
            ErrorCode::UNSUPPORTED_COMPRESSION_TYPE,
            format!(
                "Produce requests with version {version} are not allowed to use ZStandard compression"
            ),
        ));
    }
    match set.next() {
        None => Ok(batch),
        Some(_) => Err(invalid(format!(
            "Produce requests with version {version} are only allowed to contain exactly one record batch per partition"
        ))),
    }
}

/// Reads every record, as a broker does.
fn check_records(
    batch: &Batch<'_>,
    partition: &str,
    configs: &Configs,
    now_ms: i64,
) -> Result<(), Refusal> {
    let mut decoder = Decoder::new();
    let records = match batch.records_with(&mut decoder) {
        Ok(records) => records,
        // Built without the codec: the bytes are stored as they came.
        Err(Error::CodecMissing { .. }) => return Ok(()),
        Err(error) => return Err(refused(&error)),
    };
    let compacted = configs.topic("cleanup.policy").contains("compact");
    let takes_times = configs.topic("message.timestamp.type") == "CreateTime";
    let oldest = now_ms.saturating_sub(configs.topic_number("message.timestamp.before.max.ms"));
    let newest = now_ms.saturating_add(configs.topic_number("message.timestamp.after.max.ms"));
    let mut keyless = BTreeMap::new();
    let mut untimely = BTreeMap::new();
    for (index, record) in (0..).zip(&records) {
        let record = record.map_err(|e| refused(&e))?;
        if compacted && record.key.is_none() {
            keyless.insert(
                index,
                format!("Compacted topic cannot accept message without key in topic partition {partition}"),
            );
        }
        if takes_times && record.timestamp != -1 && !(oldest..=newest).contains(&record.timestamp) {
            untimely.insert(
                index,
                format!(
                    "Timestamp {} of message with offset {index} is out of range. The timestamp should be within [{oldest}, {newest}]",
                    record.timestamp
                ),
            );
        }
    }
    let refusal = |code, message: &str, records: BTreeMap<_, _>| {
        if records.is_empty() {
            return Ok(());
        }
        Err(Refusal {
            records,
            ..Refusal::new(code, message)
        })
    };
    refusal(
        ErrorCode::INVALID_RECORD,
        "One or more records have been rejected",
        keyless,
    )?;
    refusal(
        ErrorCode::INVALID_TIMESTAMP,
        "One or more records have been rejected due to invalid timestamp",
        untimely,
    )
}

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new(ErrorCode::INVALID_RECORD, message)
}

fn refused(error: &Error) -> Refusal {
    let code = match error {
        Error::BatchLength { .. } | Error::UnknownMagic { .. } | Error::Crc { .. } => {
            ErrorCode::CORRUPT_MESSAGE
        }
        Error::TooLarge { .. } => ErrorCode::MESSAGE_TOO_LARGE,
        _ => ErrorCode::INVALID_RECORD,
    };
    Refusal::new(code, error.to_string())
}
