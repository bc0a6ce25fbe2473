//! `Records`: the records of a batch, decoded as they are iterated over.

use std::borrow::Cow;

use crate::attributes::TimestampType;
use crate::error::{Error, Place, Result};
use crate::header::BatchHeader;
use crate::legacy;
use crate::record::{Headers, Record, read_field};
use crate::varint;

/// The size of the smallest record: its length, attributes, two deltas, and three lengths.
const MIN_RECORD: usize = 7;

const TRAILING: &str = "it is followed by bytes that belong to no record";

/// The records of a batch, decompressed.
///
/// Iterate over a reference to it: `for record in &batch.records()?`.
#[derive(Debug, Clone)]
pub struct Records<'a> {
    bytes: Cow<'a, [u8]>,
    count: usize,
    context: Context,
}

/// What is needed to read the records of a batch.
#[derive(Debug, Clone, Copy)]
struct Context {
    place: Place,
    base_offset: i64,
    base_timestamp: i64,
    /// The time of the append, if it replaces the time of each record.
    append_time: Option<i64>,
    /// What is needed instead for the formats before magic 2.
    legacy: Option<legacy::Context>,
}

impl<'a> Records<'a> {
    pub(crate) fn borrowed(header: &BatchHeader, place: Place, bytes: &'a [u8]) -> Result<Self> {
        Self::new(header, place, Cow::Borrowed(bytes))
    }

    pub(crate) fn owned(header: &BatchHeader, place: Place, bytes: Vec<u8>) -> Result<Self> {
        Self::new(header, place, Cow::Owned(bytes))
    }

    fn new(header: &BatchHeader, place: Place, bytes: Cow<'a, [u8]>) -> Result<Self> {
        let mut context = Context {
            place,
            base_offset: header.base_offset,
            base_timestamp: header.base_timestamp,
            append_time: (header.timestamp_type() == TimestampType::LogAppendTime)
                .then_some(header.max_timestamp),
            legacy: None,
        };
        let count = if header.magic < 2 {
            let (legacy, count) = legacy::Context::new(header, place, &bytes)?;
            context.legacy = Some(legacy);
            count
        } else {
            count(header, &bytes).map_err(|(reason, value)| Error::Header {
                place,
                reason,
                value,
            })?
        };
        Ok(Self {
            bytes,
            count,
            context,
        })
    }

    /// The number of records.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are no records: compaction leaves such batches (KIP-98).
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

    /// The records from `offset` on. Records before it are skipped without checking their fields.
    pub fn from_offset(&self, offset: i64) -> RecordIter<'_> {
        let mut records = self.iter();
        records.skip_to(offset);
        records
    }

    /// The encoded bytes of all records of the batch, decompressed.
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
    /// By value, so that a loop can keep it in registers.
    context: Context,
}

impl<'r> RecordIter<'r> {
    /// The number of records still to come, unless one of them is malformed.
    pub fn remaining(&self) -> usize {
        self.left
    }

    /// Skips the records before `offset` without checking their fields. Stops at a malformed
    /// record.
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

    /// Returns the iterator with the record, since a reference to it would keep it in memory, also
    /// while the records are of magic 2.
    #[cold]
    #[inline(never)]
    fn next_legacy(mut self) -> (Self, Option<Result<Record<'r>>>) {
        let Some(legacy) = &self.context.legacy else {
            return (self, None);
        };
        let mut rest = self.rest;
        let record = match legacy::read(&mut rest, legacy) {
            Ok(record) => {
                self.rest = rest;
                self.left -= 1;
                Ok(record)
            }
            Err(reason) => Err(self.fail(reason)),
        };
        (self, Some(record))
    }

    /// Ends the iterator. Inlined, so that no call gets a reference to it.
    #[inline(always)]
    fn fail(&mut self, reason: &'static str) -> Error {
        let at = self.size - self.rest.len();
        let record = self.count - self.left;
        self.left = 0;
        malformed(self.context.place, record, at, reason)
    }
}

impl<'r> Iterator for RecordIter<'r> {
    type Item = Result<Record<'r>>;

    // Inlined into the caller's loop, so that a record goes from the bytes to its use in registers.
    // The iterator stays in registers too, as no call that is not inlined gets a reference to it:
    // where the next record begins would otherwise go through memory, for each record.
    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return None;
        }
        if self.context.legacy.is_some() {
            let record;
            (*self, record) = self.clone().next_legacy();
            return record;
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

#[cold]
#[inline(never)]
fn malformed(place: Place, record: usize, at: usize, reason: &'static str) -> Error {
    Error::Record {
        place,
        record,
        at,
        reason,
    }
}

impl std::iter::FusedIterator for RecordIter<'_> {}

/// The number of records in a magic 2 batch. It is never more than its bytes can hold, whatever the
/// header claims, so a caller may reserve memory by it.
fn count(header: &BatchHeader, bytes: &[u8]) -> Result<usize, (&'static str, i64)> {
    let count = header.record_count as usize;
    if count > bytes.len() / MIN_RECORD {
        let claimed = i64::from(header.record_count);
        return Err(("it claims more records than its bytes can hold", claimed));
    }
    if count == 0 && !bytes.is_empty() {
        let reason = "it claims no records but has bytes after its header";
        return Err((reason, bytes.len() as i64));
    }
    Ok(count)
}

#[inline(always)]
fn read_record<'r>(input: &mut &'r [u8], context: &Context) -> Result<Record<'r>, &'static str> {
    const DELTA: &str = "a delta runs past its end or is wider than allowed";
    let length = varint::read_i32(input).ok_or("its length runs past the end or over 32 bits")?;
    let length = usize::try_from(length).map_err(|_| "its length is negative")?;
    let (mut body, rest) = input
        .split_at_checked(length)
        .ok_or("its length is greater than the bytes that are left")?;
    *input = rest;

    // The attributes of a record have no meaning yet.
    let (_, after) = body.split_first().ok_or("its length is 0")?;
    body = after;
    let timestamp_delta = varint::read_i64(&mut body).ok_or(DELTA)?;
    let offset_delta = varint::read_i32(&mut body).ok_or(DELTA)?;
    let key = read_field(&mut body)?;
    let value = read_field(&mut body)?;
    let headers =
        varint::read_i32(&mut body).ok_or("its header count runs past its end or over 32 bits")?;
    let headers = Headers::parse(headers, body)?;

    Ok(Record {
        offset: offset(context, offset_delta).ok_or("its offset does not fit 64 bits")?,
        // Wraps as in Kafka, whose writer subtracts so: a base of -1 (no timestamp) and a record
        // far enough in the future give a delta that wraps back to that record's time.
        timestamp: context
            .append_time
            .unwrap_or(context.base_timestamp.wrapping_add(timestamp_delta)),
        key,
        value,
        headers,
    })
}

/// The offset of a record. It may be after the last offset of the header: old brokers stored such
/// batches, and Kafka goes by the records when it reads them.
#[inline(always)]
fn offset(context: &Context, delta: i32) -> Option<i64> {
    context.base_offset.checked_add(i64::from(delta))
}

/// Skips a record and returns its offset.
fn skip_record(input: &mut &[u8], context: &Context) -> Option<i64> {
    let length = usize::try_from(varint::read_i32(input)?).ok()?;
    let (body, rest) = input.split_at_checked(length)?;
    let mut body = body.get(1..)?;
    varint::read_i64(&mut body)?;
    let delta = varint::read_i32(&mut body)?;
    *input = rest;
    offset(context, delta)
}
