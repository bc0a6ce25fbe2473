//! Magic 0 and 1: message sets, which brokers up to 3.x still hand out for old topics.
//!
//! A message stands alone, or its value is a compressed set of messages. Reading only.

use crate::batch::Batch;
use crate::error::{Error, Place, Result};
use crate::header::{BatchHeader, Frame, LOG_OVERHEAD, SIZE_UP_TO_MAGIC, be_i32, be_i64};
use crate::record::{Headers, Record};
use crate::records;
use crate::{Attributes, Compression, crc};

/// What the checksum covers starts here: at the magic byte.
pub(crate) const CHECKED: usize = 16;
const CRC: usize = 12;
const ATTRIBUTES: usize = 17;
const TIMESTAMP: usize = 18;

/// Where the key's length is.
pub(crate) fn key_start(magic: u8) -> usize {
    if magic == 0 { TIMESTAMP } else { TIMESTAMP + 8 }
}

/// The least that a message takes: its fixed fields and two lengths.
fn min_size(magic: u8) -> usize {
    key_start(magic) + 8
}

/// Reads the fixed fields of a message, of which `bytes` are all bytes.
pub(crate) fn header(bytes: &[u8], frame: Frame) -> Result<BatchHeader> {
    if bytes.len() < min_size(frame.magic) {
        let reason = "it is shorter than an empty message";
        return Err(Error::Header {
            place: frame.place,
            reason,
            value: bytes.len() as i64,
        });
    }
    Ok(BatchHeader {
        base_offset: frame.place.base_offset,
        batch_length: (frame.size - LOG_OVERHEAD) as i32,
        partition_leader_epoch: -1,
        magic: frame.magic,
        crc: be_i32(bytes, CRC) as u32,
        attributes: Attributes(i16::from(bytes[ATTRIBUTES] as i8)),
        last_offset_delta: 0,
        base_timestamp: -1,
        max_timestamp: if frame.magic == 0 {
            -1
        } else {
            be_i64(bytes, TIMESTAMP)
        },
        producer_id: -1,
        producer_epoch: -1,
        base_sequence: -1,
        record_count: -1,
    })
}

/// Refuses a codec that messages cannot have.
pub(crate) fn check(header: &BatchHeader, place: Place) -> Result<()> {
    match header.attributes.compression() {
        Ok(Compression::Zstd) => {
            let reason = "zstd came after its format, which cannot have it";
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

/// The compressed message set in a message: its value.
pub(crate) fn compressed<'a>(batch: &Batch<'a>) -> Result<&'a [u8]> {
    let record = |reason| Error::Record {
        place: batch.place(),
        record: 0,
        at: 0,
        reason,
    };
    let mut rest = batch.payload();
    read_field(&mut rest).map_err(record)?;
    let value = read_field(&mut rest).map_err(record)?;
    match value {
        Some(value) if rest.is_empty() => Ok(value),
        Some(_) => Err(record("bytes follow its value")),
        None => Err(record("it is compressed but has no value")),
    }
}

/// What a message needs to know of the one that holds it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context {
    magic: u8,
    inner: Option<Inner>,
    /// The timestamp of a message that stands alone.
    timestamp: i64,
}

#[derive(Debug, Clone, Copy)]
struct Inner {
    /// What is to be added to an inner offset.
    base: i64,
}

impl Context {
    /// Finds out how many messages `bytes` hold and what their offsets count from.
    pub(crate) fn new(batch: &Batch<'_>, bytes: &[u8]) -> Result<(Self, usize)> {
        let header = &batch.header;
        let context = Self {
            magic: header.magic,
            inner: None,
            timestamp: header.max_timestamp,
        };
        if header.compression() == Compression::None {
            return Ok((context, 1));
        }
        let mut rest = bytes;
        let mut count = 0;
        let mut last = 0;
        while !rest.is_empty() {
            let at = bytes.len() - rest.len();
            let fail = |reason| Error::Record {
                place: batch.place(),
                record: count,
                at,
                reason,
            };
            last = be_i64(message(&mut rest, header.magic).map_err(fail)?, 0);
            count += 1;
        }
        let fail = |reason| Error::Record {
            place: batch.place(),
            record: count,
            at: bytes.len(),
            reason,
        };
        if count == 0 {
            return Err(fail("the compressed message holds none"));
        }
        // The offset outside is that of the last message. Magic 1 counts the inner ones from 0, so
        // the difference is to be added; but a producer may have sent 0 outside, and is believed.
        let base = match (header.magic, header.base_offset) {
            (0, _) | (_, 0) => 0,
            (_, outer) if outer < last => {
                return Err(fail(
                    "its last offset is above that of the message around it",
                ));
            }
            (_, outer) => outer
                .checked_sub(last)
                .ok_or_else(|| fail("its offset does not fit 64 bits"))?,
        };
        Ok((
            Self {
                inner: Some(Inner { base }),
                ..context
            },
            count,
        ))
    }
}

/// Reads the next message. Those of a compressed set were counted, so nothing follows the last.
pub(crate) fn read<'r>(
    input: &mut &'r [u8],
    batch: &records::Context,
    context: &Context,
) -> Result<Record<'r>, &'static str> {
    let (mut fields, offset, timestamp) = match context.inner {
        None => (
            std::mem::take(input),
            batch.place.base_offset,
            context.timestamp,
        ),
        Some(inner) => {
            let message = message(input, context.magic)?;
            if crc::crc32(&message[CHECKED..]) != be_i32(message, CRC) as u32 {
                return Err("it is damaged: its checksum does not match");
            }
            if Attributes(i16::from(message[ATTRIBUTES])).compression() != Ok(Compression::None) {
                return Err("a compressed message is inside a compressed one");
            }
            let offset = inner
                .base
                .checked_add(be_i64(message, 0))
                .ok_or("its offset does not fit 64 bits")?;
            let timestamp = if context.magic == 0 {
                -1
            } else {
                be_i64(message, TIMESTAMP)
            };
            (&message[key_start(context.magic)..], offset, timestamp)
        }
    };
    let key = read_field(&mut fields)?;
    let value = read_field(&mut fields)?;
    if !fields.is_empty() {
        return Err("bytes follow its value");
    }
    Ok(Record {
        offset,
        timestamp: batch.append_time.unwrap_or(timestamp),
        key,
        value,
        headers: Headers::default(),
    })
}

/// Steps over a message and gives its offset. One that stands alone is not stepped over.
pub(crate) fn skip(input: &mut &[u8], context: &Context) -> Option<i64> {
    let message = message(input, context.magic)
        .ok()
        .filter(|_| context.inner.is_some())?;
    context.inner?.base.checked_add(be_i64(message, 0))
}

/// Takes a whole message off the front of a message set.
fn message<'a>(input: &mut &'a [u8], magic: u8) -> Result<&'a [u8], &'static str> {
    let head = input
        .first_chunk::<SIZE_UP_TO_MAGIC>()
        .ok_or("it is cut off")?;
    let size = usize::try_from(be_i32(head, 8))
        .map_err(|_| "its length is negative")?
        .saturating_add(LOG_OVERHEAD);
    if size < min_size(magic) {
        return Err("it is shorter than an empty message");
    }
    if head[SIZE_UP_TO_MAGIC - 1] != magic {
        return Err("its magic is not that of the message around it");
    }
    let (message, rest) = input
        .split_at_checked(size)
        .ok_or("its length is more than what is left")?;
    *input = rest;
    Ok(message)
}

/// Reads a field that a length of four bytes precedes.
fn read_field<'a>(input: &mut &'a [u8]) -> Result<Option<&'a [u8]>, &'static str> {
    let (length, rest) = input
        .split_first_chunk::<4>()
        .ok_or("a length runs past its end")?;
    match i32::from_be_bytes(*length) {
        -1 => {
            *input = rest;
            Ok(None)
        }
        length => {
            let length =
                usize::try_from(length).map_err(|_| "a length is negative and not that of null")?;
            let (field, rest) = rest
                .split_at_checked(length)
                .ok_or("a field runs past its end")?;
            *input = rest;
            Ok(Some(field))
        }
    }
}
