//! Magic 0 and 1: message sets, which brokers up to 3.x still return for old topics.
//!
//! A message is either a single record, or its value is a compressed set of messages. They can be
//! read but not written.

use crate::attributes::{Attributes, Compression, TimestampType};
use crate::crc;
use crate::error::{Error, Place, Result};
use crate::frame::{Frame, LOG_OVERHEAD, SIZE_UP_TO_MAGIC, be_i32, be_i64};
use crate::header::BatchHeader;
use crate::record::{Headers, Record};

/// Where the part that the checksum covers starts: at the magic byte.
pub(crate) const CHECKED: usize = 16;
const LENGTH: usize = 8;
const CRC: usize = 12;
const MAGIC: usize = 16;
const ATTRIBUTES: usize = 17;
const TIMESTAMP: usize = 18;

/// The position of the key's length.
pub(crate) fn key_start(magic: u8) -> usize {
    if magic == 0 { TIMESTAMP } else { TIMESTAMP + 8 }
}

/// The size of the smallest message: its fixed fields and two lengths.
fn min_size(magic: u8) -> usize {
    key_start(magic) + 8
}

/// Reads the fixed fields of a message. `bytes` are those of the whole message.
pub(crate) fn parse(bytes: &[u8], frame: Frame) -> Result<BatchHeader> {
    if bytes.len() < min_size(frame.magic) {
        let reason = "it is shorter than an empty message";
        return Err(Error::Header {
            place: frame.place,
            reason,
            value: bytes.len() as i64,
        });
    }
    Ok(BatchHeader {
        base_offset: frame.base_offset,
        batch_length: (frame.size - LOG_OVERHEAD) as i32,
        partition_leader_epoch: -1,
        magic: frame.magic,
        crc: be_i32(bytes, CRC) as u32,
        attributes: Attributes(i16::from(bytes[ATTRIBUTES] as i8)),
        last_offset_delta: 0,
        base_timestamp: -1,
        max_timestamp: timestamp(bytes, frame.magic),
        producer_id: -1,
        producer_epoch: -1,
        base_sequence: -1,
        record_count: -1,
    })
}

/// Refuses a codec that messages cannot use.
pub(crate) fn check(header: &BatchHeader, place: Place) -> Result<()> {
    match header.attributes.compression() {
        Ok(Compression::Zstd) => {
            let reason = "Zstandard is not allowed in this format, which is older";
            Err(Error::Header {
                place,
                reason,
                value: i64::from(header.magic),
            })
        }
        Ok(_) => Ok(()),
        Err(id) => Err(Error::UnknownCompression { place, id }),
    }
}

/// The compressed message set in a message whose key and value are `payload`: its value.
pub(crate) fn compressed(place: Place, payload: &[u8]) -> Result<&[u8]> {
    let record = |reason| Error::Record {
        place,
        record: 0,
        at: 0,
        reason,
    };
    let mut rest = payload;
    read_field(&mut rest).map_err(record)?;
    let value = read_field(&mut rest).map_err(record)?;
    value.ok_or_else(|| record("it is compressed but has no value"))
}

/// What is needed to read the messages of a batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context {
    /// The offset of a lone message; otherwise what to add to an inner offset.
    base: i64,
    /// Whether the messages are from a compressed one.
    inner: bool,
    /// The timestamp of a lone message.
    timestamp: i64,
    /// The time of the append, if it replaces the time of each message.
    append_time: Option<i64>,
}

impl Context {
    /// Finds how many messages the decompressed `bytes` hold and what their offsets are relative
    /// to.
    pub(crate) fn new(header: &BatchHeader, place: Place, bytes: &[u8]) -> Result<(Self, usize)> {
        let log_append_time = header.timestamp_type() == TimestampType::LogAppendTime;
        let alone = Self {
            base: header.base_offset,
            inner: false,
            timestamp: header.max_timestamp,
            append_time: log_append_time.then_some(header.max_timestamp),
        };
        if header.compression() == Compression::None {
            return Ok((alone, 1));
        }
        let mut rest = bytes;
        let mut count = 0;
        let mut last = 0;
        let fail = |reason, record, rest: &[u8]| Error::Record {
            place,
            record,
            at: bytes.len() - rest.len(),
            reason,
        };
        while let Some(inner) = message(&mut rest).map_err(|reason| fail(reason, count, rest))? {
            last = be_i64(inner, 0);
            count += 1;
        }
        if count == 0 {
            return Err(fail("the compressed message contains no messages", 0, rest));
        }
        // The offset outside is that of the last message. Magic 1 counts the inner ones from 0, so
        // the difference is to be added; but a producer may have sent 0 outside, and is believed.
        let base = match (header.magic, header.base_offset) {
            (0, _) | (_, 0) => 0,
            (_, outer) if outer < last => {
                let reason = "its last offset is greater than that of the message around it";
                return Err(fail(reason, count, rest));
            }
            (_, outer) => outer
                .checked_sub(last)
                .ok_or_else(|| fail("its offset does not fit 64 bits", count, rest))?,
        };
        Ok((
            Self {
                base,
                inner: true,
                ..alone
            },
            count,
        ))
    }
}

/// Reads the next message. The messages of a compressed set have been counted, so there is one.
pub(crate) fn read<'r>(
    input: &mut &'r [u8],
    context: &Context,
) -> Result<Record<'r>, &'static str> {
    let (mut fields, offset, timestamp) = if context.inner {
        let message = message(input)?.ok_or("it is cut off")?;
        if crc::crc32(&message[CHECKED..]) != be_i32(message, CRC) as u32 {
            return Err("it is damaged: its checksum does not match");
        }
        if Attributes(i16::from(message[ATTRIBUTES])).compression() != Ok(Compression::None) {
            return Err("a compressed message is inside a compressed one");
        }
        let magic = message[MAGIC];
        let offset = inner_offset(message, context).ok_or("its offset does not fit 64 bits")?;
        (
            &message[key_start(magic)..],
            offset,
            timestamp(message, magic),
        )
    } else {
        (std::mem::take(input), context.base, context.timestamp)
    };
    // As Kafka does, bytes after the value are overlooked: the checksum covers them.
    Ok(Record {
        key: read_field(&mut fields)?,
        value: read_field(&mut fields)?,
        offset,
        timestamp: context.append_time.unwrap_or(timestamp),
        headers: Headers::default(),
    })
}

/// Skips a message and returns its offset. A lone message is not skipped.
pub(crate) fn skip(input: &mut &[u8], context: &Context) -> Option<i64> {
    if !context.inner {
        return None;
    }
    inner_offset(message(input).ok()??, context)
}

fn inner_offset(message: &[u8], context: &Context) -> Option<i64> {
    context.base.checked_add(be_i64(message, 0))
}

fn timestamp(message: &[u8], magic: u8) -> i64 {
    match magic {
        0 => -1,
        _ => be_i64(message, TIMESTAMP),
    }
}

/// Takes a whole message off the front of a message set; `None` at its end.
///
/// Kafka ignores a message that is cut off at the end, so it is not an error here either.
fn message<'a>(input: &mut &'a [u8]) -> Result<Option<&'a [u8]>, &'static str> {
    if input.len() < LOG_OVERHEAD {
        return Ok(None);
    }
    let size = usize::try_from(be_i32(input, LENGTH))
        .map_err(|_| "its length is negative")?
        .saturating_add(LOG_OVERHEAD);
    if size < min_size(0) {
        return Err("it is shorter than an empty message");
    }
    let Some((message, rest)) = input.split_at_checked(size) else {
        return Ok(None);
    };
    // Kafka takes each by its own magic, whatever that of the message around it.
    let magic = message[SIZE_UP_TO_MAGIC - 1];
    if magic > 1 {
        return Err("its magic is not that of a message");
    }
    if size < min_size(magic) {
        return Err("it is shorter than an empty message");
    }
    *input = rest;
    Ok(Some(message))
}

/// Reads a field preceded by a length of four bytes. Any negative length is null, as in Kafka.
fn read_field<'a>(input: &mut &'a [u8]) -> Result<Option<&'a [u8]>, &'static str> {
    let (length, rest) = input
        .split_first_chunk::<4>()
        .ok_or("a length runs past its end")?;
    let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
        *input = rest;
        return Ok(None);
    };
    let (field, rest) = rest
        .split_at_checked(length)
        .ok_or("a field runs past its end")?;
    *input = rest;
    Ok(Some(field))
}
