//! `validate`: checks a batch before it is appended.

use std::collections::BTreeMap;

use bytes::Bytes;
use libkafka_batch::{
    Batch, BatchHeader, Compression, Decoder, DecoderOptions, Error, Record, RecordSet,
    TimestampType,
};
use libkafka_protocol::ErrorCode;

use super::configs::Configs;
use super::transaction::ProducerId;

/// A batch that may be appended.
#[derive(Debug)]
pub(crate) struct Incoming<'a> {
    pub(crate) header: BatchHeader,
    pub(crate) bytes: &'a [u8],
    /// The greatest timestamp of its records, which the header may have wrong; `None` if it is not
    /// known.
    pub(crate) max_timestamp: Option<i64>,
}

/// Why a batch may not be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: ErrorCode,
    /// The message about the batch as a whole.
    pub(crate) message: Option<String>,
    /// The messages about single records, by their index in the batch.
    pub(crate) records: BTreeMap<i32, String>,
    /// Whether it is not a single batch, or not of a kind that the version of the request allows.
    pub(crate) is_of_kind: bool,
    /// Whether it was refused by the log, so that the answer contains the start of the log.
    pub(crate) in_log: bool,
}

impl Refusal {
    /// The refusal of a batch by the log.
    pub(crate) fn in_log(code: ErrorCode) -> Self {
        Self {
            in_log: true,
            ..code.into()
        }
    }

    /// The same, as that of what is not a single batch of a kind that is allowed.
    fn of_kind(self) -> Self {
        Self {
            is_of_kind: true,
            ..self
        }
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            message: None,
            records: BTreeMap::new(),
            is_of_kind: false,
            in_log: false,
        }
    }
}

/// Checks what a Produce request of `version` wants to append to `partition` of a topic with these
/// `configs`.
pub(crate) fn validate<'a>(
    partition: &str,
    records: Option<&'a Bytes>,
    version: i16,
    configs: &Configs,
    now_ms: i64,
) -> Result<Incoming<'a>, Refusal> {
    let records = records.map_or(&[][..], |records| records);
    let batch = only_batch(records, version)
        .map_err(|refusal| refused_header(records, version).unwrap_or_else(|| refusal.of_kind()))?;
    let header = batch.header;
    let invalid = Refusal::in_log(ErrorCode::INVALID_RECORD);
    if header.base_offset != 0 {
        return Err(invalid);
    }
    let max = configs.topic_number("max.message.bytes");
    if i64::try_from(batch.size()).unwrap_or(i64::MAX) > max {
        return Err(ErrorCode::MESSAGE_TOO_LARGE.into());
    }
    batch.check_crc().map_err(|e| refused(&e))?;
    let unequal = header.record_count != header.last_offset_delta.saturating_add(1);
    let unnumbered = header.producer_id >= 0 && header.base_sequence < 0;
    if header.last_offset_delta < 0 || unequal || unnumbered || header.attributes.is_control() {
        return Err(invalid);
    }
    let max_timestamp = check_records(&batch, partition, configs, now_ms)?;
    if i64::try_from(batch.size()).unwrap_or(i64::MAX) > configs.topic_number("segment.bytes") {
        return Err(ErrorCode::RECORD_LIST_TOO_LARGE.into());
    }
    Ok(Incoming {
        header,
        bytes: batch.as_bytes(),
        max_timestamp,
    })
}

/// The producer of the first batch of `records`, if it belongs to a transaction.
///
/// # Errors
/// If it is not a batch.
pub(crate) fn first_transactional(records: &[u8]) -> Result<Option<ProducerId>, Refusal> {
    match RecordSet::unchecked(records).next() {
        Some(Ok(batch)) => {
            let header = batch.header;
            let is_it = header.magic == 2 && header.attributes.is_transactional();
            Ok(is_it.then_some(ProducerId {
                id: header.producer_id,
                epoch: header.producer_epoch,
            }))
        }
        Some(Err(error @ (Error::BatchLength { .. } | Error::UnknownMagic { .. }))) => {
            Err(refused(&error))
        }
        // That its codec is none comes later.
        Some(Err(Error::UnknownCompression { .. })) if records.get(MAGIC) == Some(&2) => {
            let mut records = records.to_vec();
            records[ATTRIBUTES] &= !CODEC;
            first_transactional(&records)
        }
        _ => Ok(None),
    }
}

/// The refusal of a first batch whose header cannot be that of a batch, or has a codec that there
/// is not, for which Kafka has no error.
fn refused_header(records: &[u8], version: i16) -> Option<Refusal> {
    let (place, is_codec) = match RecordSet::unchecked(records).next()?.err()? {
        Error::Header { place, .. } => (place, false),
        Error::UnknownCompression { place, .. } => (place, true),
        _ => return None,
    };
    // An older format is refused before anything else is looked at.
    if records.get(MAGIC) != Some(&2) {
        return Some(Refusal::from(ErrorCode::INVALID_RECORD).of_kind());
    }
    if is_codec && version < 7 {
        return Some(Refusal::from(ErrorCode::UNKNOWN_SERVER_ERROR).of_kind());
    }
    Some(match RecordSet::new(records).next() {
        _ if place.base_offset != Some(0) => Refusal::in_log(ErrorCode::INVALID_RECORD),
        Some(Err(error @ Error::Crc { .. })) => refused(&error),
        _ if is_codec => Refusal::in_log(ErrorCode::UNKNOWN_SERVER_ERROR),
        _ => Refusal::in_log(ErrorCode::INVALID_RECORD),
    })
}

/// The only batch in `records`, which must be of magic 2.
fn only_batch(records: &[u8], version: i16) -> Result<Batch<'_>, Refusal> {
    let mut set = RecordSet::unchecked(records);
    let first = set.next().transpose().map_err(|e| refused(&e))?;
    let batch = first.ok_or(ErrorCode::INVALID_RECORD)?;
    if version < 7 && batch.header.compression() == Compression::Zstd {
        return Err(ErrorCode::UNSUPPORTED_COMPRESSION_TYPE.into());
    }
    if batch.header.magic != 2 {
        return Err(ErrorCode::INVALID_RECORD.into());
    }
    match set.next() {
        None => Ok(batch),
        Some(Ok(_)) => Err(ErrorCode::INVALID_RECORD.into()),
        Some(Err(Error::BatchLength { .. } | Error::UnknownMagic { .. })) => {
            Err(ErrorCode::CORRUPT_MESSAGE.into())
        }
        // Kafka ignores what is less than a batch.
        Some(Err(_)) => Ok(batch),
    }
}

/// Where the magic byte of a batch is.
const MAGIC: usize = 16;
/// Where the lower byte of the attributes is if that is 2, and which of its bits tell the codec.
const ATTRIBUTES: usize = 22;
const CODEC: u8 = 0b111;

/// The most bytes that a batch is decompressed to, whatever its topic allows.
const MAX_UNPACKED: usize = 128 * 1024 * 1024;
/// The most records of a batch that are refused one by one.
const MAX_REFUSED: usize = 10_000;

/// Reads every record, as a broker does, and returns the greatest timestamp.
fn check_records(
    batch: &Batch<'_>,
    partition: &str,
    configs: &Configs,
    now_ms: i64,
) -> Result<Option<i64>, Refusal> {
    let limit = usize::try_from(configs.topic_number("max.decompressed.message.bytes"));
    let options = DecoderOptions::new().limit(limit.unwrap_or(0).min(MAX_UNPACKED));
    let mut decoder = Decoder::with_options(options);
    let codec = batch.header.compression();
    // Kafka does not expect what its codec libraries say, other than that there is nothing at all.
    let is_ended = batch.payload().is_empty();
    let unexpected = match codec {
        Compression::None => false,
        Compression::Zstd => !is_ended,
        _ => true,
    };
    if is_ended && unexpected {
        return Err(Refusal::in_log(ErrorCode::UNKNOWN_SERVER_ERROR));
    }
    let records = match batch.records_with(&mut decoder) {
        Ok(records) => records,
        // Built without the codec: the bytes are stored as they came.
        Err(Error::CodecMissing { .. }) => return Ok(None),
        Err(Error::Decompress { .. }) if unexpected => {
            return Err(Refusal::in_log(ErrorCode::UNKNOWN_SERVER_ERROR));
        }
        Err(error) => return Err(refused(&error)),
    };
    let is_kept = ["producer", codec.name()].contains(&configs.topic("compression.type"));
    // Kafka reads only the lengths of keys and values then.
    let is_skipped = is_kept && codec != Compression::None;
    let compacted = configs.topic("cleanup.policy").contains("compact");
    let takes_times = configs.topic("message.timestamp.type") == "CreateTime";
    let oldest = now_ms.saturating_sub(configs.topic_number("message.timestamp.before.max.ms"));
    let newest = now_ms.saturating_add(configs.topic_number("message.timestamp.after.max.ms"));
    let has_append_time = batch.header.timestamp_type() == TimestampType::LogAppendTime;
    let mut records_refused = BTreeMap::new();
    let (mut times_refused, mut all_refused) = (false, 0);
    let mut in_sequence = true;
    let mut max_timestamp = -1;
    for (index, record) in (0..).zip(&records) {
        let record = record.map_err(|e| refused(&e))?;
        max_timestamp = max_timestamp.max(record.timestamp);
        in_sequence &= record.offset == batch.header.base_offset + i64::from(index);
        let is_timed = takes_times && record.timestamp != -1;
        let why = if compacted && record.key.is_none() {
            format!(
                "Compacted topic cannot accept message without key in topic partition {partition}"
            )
        } else if is_timed && !(oldest..=newest).contains(&record.timestamp) {
            times_refused = true;
            format!(
                "Timestamp {} of message with offset {index} is out of range. The timestamp should be within [{oldest}, {newest}]",
                record.timestamp
            )
        } else if !is_timed && has_append_time {
            times_refused = true;
            format!(
                "Invalid timestamp type in message {}. Producer should not set timestamp type to LogAppendTime.",
                shown(&record, is_skipped)
            )
        } else {
            continue;
        };
        all_refused += 1;
        if records_refused.len() < MAX_REFUSED {
            records_refused.insert(index, why);
        }
    }
    if all_refused > 0 {
        let (code, message) = match times_refused {
            true => (
                ErrorCode::INVALID_TIMESTAMP,
                "One or more records have been rejected due to invalid timestamp".to_owned(),
            ),
            false => (
                ErrorCode::INVALID_RECORD,
                format!(
                    "One or more records have been rejected due to {all_refused} record errors in total, and only showing the first three errors at most: {}",
                    first_three(&records_refused)
                ),
            ),
        };
        return Err(Refusal {
            message: Some(message),
            records: records_refused,
            ..Refusal::in_log(code)
        });
    }
    // Kafka wants to compress those of a compressed batch anew, with offsets that follow one
    // another, and fails as it has left out their keys and values. It looks at no others.
    if !in_sequence && codec != Compression::None {
        return Err(Refusal::in_log(ErrorCode::UNKNOWN_SERVER_ERROR));
    }
    Ok(Some(max_timestamp))
}

/// A record in Kafka's form.
fn shown(record: &Record<'_>, is_skipped: bool) -> String {
    let size = |bytes: Option<&[u8]>| match bytes {
        Some(bytes) => bytes.len().to_string(),
        None if is_skipped => "-1".to_owned(),
        None => "0".to_owned(),
    };
    format!(
        "{}DefaultRecord(offset={}, timestamp={}, key={} bytes, value={} bytes)",
        if is_skipped { "Partial" } else { "" },
        record.offset,
        record.timestamp,
        size(record.key),
        size(record.value),
    )
}

/// The first three refused records in Kafka's form.
fn first_three(refused: &BTreeMap<i32, String>) -> String {
    let first = refused.iter().take(3);
    let first =
        first.map(|(index, why)| format!("RecordError(batchIndex={index}, message='{why}')"));
    format!("[{}]", first.collect::<Vec<_>>().join(", "))
}

/// The refusal for an error, with Kafka's message if it has one.
fn refused(error: &Error) -> Refusal {
    let (code, message) = match error {
        Error::BatchLength { length, .. } => (
            ErrorCode::CORRUPT_MESSAGE,
            Some(format!(
                "Record size {length} is less than the minimum record overhead (14)"
            )),
        ),
        Error::UnknownMagic { magic, .. } => (
            ErrorCode::CORRUPT_MESSAGE,
            Some(format!("Invalid magic found in record: {magic}")),
        ),
        Error::Crc { .. } => (ErrorCode::CORRUPT_MESSAGE, None),
        Error::TooLarge { .. } => (ErrorCode::MESSAGE_TOO_LARGE, None),
        _ => return Refusal::in_log(ErrorCode::INVALID_RECORD),
    };
    Refusal {
        message,
        ..code.into()
    }
}
