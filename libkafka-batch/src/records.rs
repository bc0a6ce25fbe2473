//! The records of a batch, read as they are asked for.

use std::borrow::Cow;

use crate::batch::Batch;
use crate::error::{Error, Place, Result};
use crate::record::{Headers, Record, read_field};
use crate::{TimestampType, legacy, varint};

/// The least that a record takes: its length, attributes, two deltas, and three lengths.
const MIN_RECORD: usize = 7;

const TRAILING: &str = "bytes follow it that belong to no record";

/// The records of a batch, unpacked.
///
/// Iterate over a reference to it: `for record in &batch.records()?`.
#[derive(Debug, Clone)]
pub struct Records<'a> {
    bytes: Cow<'a, [u8]>,
    count: usize,
    context: Context,
}

/// What the records need to know of their batch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context {
    pub(crate) place: Place,
    pub(crate) last_offset_delta: i32,
    pub(crate) base_timestamp: i64,
    /// The time that stands for that of every record, where the broker has set it.
    pub(crate) append_time: Option<i64>,
    /// What else there is to know for the formats before magic 2.
    pub(crate) legacy: Option<legacy::Context>,
}

impl<'a> Records<'a> {
    pub(crate) fn borrowed(batch: &Batch<'_>, bytes: &'a [u8]) -> Result<Self> {
        Self::new(batch, Cow::Borrowed(bytes))
    }

    pub(crate) fn owned(batch: &Batch<'_>, bytes: Vec<u8>) -> Result<Self> {
        Self::new(batch, Cow::Owned(bytes))
    }

    fn new(batch: &Batch<'_>, bytes: Cow<'a, [u8]>) -> Result<Self> {
        let header = &batch.header;
        let mut context = Context {
            place: batch.place(),
            last_offset_delta: header.last_offset_delta,
            base_timestamp: header.base_timestamp,
            append_time: (header.timestamp_type() == TimestampType::LogAppendTime)
                .then_some(header.max_timestamp),
            legacy: None,
        };
        if header.magic < 2 {
            let (legacy, count) = legacy::Context::new(batch, &bytes)?;
            context.legacy = Some(legacy);
            return Ok(Self {
                bytes,
                count,
                context,
            });
        }
        let count = header.record_count as usize;
        // A count is never believed beyond what the bytes can hold, so a caller may reserve by it.
        if count > bytes.len() / MIN_RECORD {
            return Err(Error::Header {
                place: context.place,
                reason: "it claims more records than fit its bytes",
                value: i64::from(header.record_count),
            });
        }
        if count == 0 && !bytes.is_empty() {
            return Err(Error::Header {
                place: context.place,
                reason: "it claims no records but has bytes of them",
                value: bytes.len() as i64,
            });
        }
        Ok(Self {
            bytes,
            count,
            context,
        })
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none: compaction leaves such batches (KIP-98).
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The records in order. Each is checked as it is read; an error is the last item.
    #[inline]
    pub fn iter(&self) -> RecordIter<'_> {
        RecordIter {
            rest: &self.bytes,
            size: self.bytes.len(),
            left: self.count,
            count: self.count,
            context: self.context,
        }
    }

    /// The records from `offset` on. Those before are stepped over without a look at their
    /// fields.
    pub fn from_offset(&self, offset: i64) -> RecordIter<'_> {
        let mut records = self.iter();
        records.skip_to(offset);
        records
    }

    /// The records as they stand in the batch, unpacked.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl<'r> IntoIterator for &'r Records<'_> {
    type Item = Result<Record<'r>>;
    type IntoIter = RecordIter<'r>;

    #[inline]
    fn into_iter(self) -> RecordIter<'r> {
        self.iter()
    }
}

/// An iterator over the records of a batch.
#[derive(Debug, Clone)]
pub struct RecordIter<'r> {
    rest: &'r [u8],
    size: usize,
    left: usize,
    count: usize,
    /// By value, so that a loop has it in registers.
    context: Context,
}

impl<'r> RecordIter<'r> {
    /// How many records are still to come, if none of them is malformed.
    pub fn remaining(&self) -> usize {
        self.left
    }

    /// Steps over the records before `offset` without a look at their fields, up to a malformed
    /// one.
    pub fn skip_to(&mut self, offset: i64) {
        while self.left > 0 {
            let mut rest = self.rest;
            let skipped = match &self.context.legacy {
                Some(legacy) => legacy::skip(&mut rest, legacy),
                None => skip_record(&mut rest, &self.context),
            };
            // The last one is left to `next` if malformed or followed by bytes that belong nowhere.
            match skipped {
                Some(at) if at < offset && (self.left > 1 || rest.is_empty()) => {
                    self.rest = rest;
                    self.left -= 1;
                }
                _ => return,
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn next_legacy(&mut self) -> Option<Result<Record<'r>>> {
        let legacy = self.context.legacy.as_ref()?;
        let mut rest = self.rest;
        Some(match legacy::read(&mut rest, &self.context, legacy) {
            Ok(record) => {
                self.rest = rest;
                self.left -= 1;
                Ok(record)
            }
            Err(reason) => Err(self.fail(reason)),
        })
    }

    #[cold]
    #[inline(never)]
    fn fail(&mut self, reason: &'static str) -> Error {
        let at = self.size - self.rest.len();
        let record = self.count - self.left;
        self.left = 0;
        Error::Record {
            place: self.context.place,
            record,
            at,
            reason,
        }
    }
}

impl<'r> Iterator for RecordIter<'r> {
    type Item = Result<Record<'r>>;

    // Inlined into the caller's loop, so that a record goes from the bytes to its use in registers.
    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return None;
        }
        if self.context.legacy.is_some() {
            return self.next_legacy();
        }
        let mut rest = self.rest;
        match read_record(&mut rest, &self.context) {
            Ok(record) if self.left > 1 || rest.is_empty() => {
                self.rest = rest;
                self.left -= 1;
                Some(Ok(record))
            }
            // As Kafka does it: what follows the last record makes that one an error.
            Ok(_) => Some(Err(self.fail(TRAILING))),
            Err(reason) => Some(Err(self.fail(reason))),
        }
    }

    /// The upper bound is exact for well-formed records; a malformed one ends the iterator early.
    fn size_hint(&self) -> (usize, Option<usize>) {
        (usize::from(self.left > 0), Some(self.left))
    }
}

impl std::iter::FusedIterator for RecordIter<'_> {}

#[inline(always)]
fn read_record<'r>(input: &mut &'r [u8], context: &Context) -> Result<Record<'r>, &'static str> {
    const DELTA: &str = "a delta runs past its end or over its width";
    let length = varint::read_i32(input).ok_or("its length runs past the end or over 32 bits")?;
    let length = usize::try_from(length).map_err(|_| "its length is negative")?;
    let (mut body, rest) = input
        .split_at_checked(length)
        .ok_or("its length is more than what is left")?;
    *input = rest;

    // The attributes of a record have no meaning yet.
    let (_, after) = body.split_first().ok_or("its length is 0")?;
    body = after;
    let timestamp_delta = varint::read_i64(&mut body).ok_or(DELTA)?;
    let offset_delta = varint::read_i32(&mut body).ok_or(DELTA)?;
    // Negative ones too are above as unsigned numbers. The header was checked to have a last
    // offset that fits, so what is not above it fits as well.
    if offset_delta as u32 > context.last_offset_delta as u32 {
        return Err("its offset is outside those of the batch");
    }
    let key = read_field(&mut body)?;
    let value = read_field(&mut body)?;
    let headers =
        varint::read_i32(&mut body).ok_or("its header count runs past its end or over 32 bits")?;
    let headers = Headers::parse(headers, body)?;

    let timestamp = match context.append_time {
        None => timestamp(context.base_timestamp, timestamp_delta)?,
        Some(time) => time,
    };
    Ok(Record {
        offset: context.place.base_offset + i64::from(offset_delta),
        timestamp,
        key,
        value,
        headers,
    })
}

/// Adds a delta to the base timestamp.
///
/// Kafka's own writer subtracts with wrapping, so a base of -1 (no timestamp) and a record far
/// enough in the future leave a delta that wraps back to that record's time. That is read; a sum
/// that wraps to a time before 1970 is nobody's.
#[inline(always)]
fn timestamp(base: i64, delta: i64) -> Result<i64, &'static str> {
    match base.overflowing_add(delta) {
        (timestamp, true) if timestamp < 0 => Err("its timestamp does not fit 64 bits"),
        (timestamp, _) => Ok(timestamp),
    }
}

/// Steps over a record and gives its offset.
fn skip_record(input: &mut &[u8], context: &Context) -> Option<i64> {
    let length = usize::try_from(varint::read_i32(input)?).ok()?;
    let (body, rest) = input.split_at_checked(length)?;
    let mut body = body.get(1..)?;
    varint::read_i64(&mut body)?;
    let delta = varint::read_i32(&mut body)?;
    *input = rest;
    (0..=context.last_offset_delta)
        .contains(&delta)
        .then(|| context.place.base_offset + i64::from(delta))
}
