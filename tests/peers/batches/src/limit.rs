//! A plain codec for what the workloads hold and nothing else: no nulls, no checks beyond those
//! that keep it in bounds, no errors, no compression. What safe code can reach.
//!
//! The checks of libkafka-batch can be added to decoding, one kind after another, which shows what
//! each costs: see [`Checks`].

use crate::workload::{Record, Visitor};

pub type Crc = fn(&[u8]) -> u32;

pub fn crc32c(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes)
}

pub fn crc_fast(bytes: &[u8]) -> u32 {
    crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32Iscsi, bytes) as u32
}

/// Writes a batch into `out`, which is used again, and returns its length.
pub fn encode(records: &[Record], out: &mut Vec<u8>, crc: Crc) -> usize {
    let base = records[0].timestamp;
    let mut max_timestamp = base;
    let mut most = 61 + 64;
    for record in records {
        max_timestamp = max_timestamp.max(record.timestamp);
        most += record.value.len() + record.key.as_ref().map_or(0, Vec::len) + 32;
        most += record
            .headers
            .iter()
            .map(|(key, value)| key.len() + value.len() + 10)
            .sum::<usize>();
    }
    if out.len() < most {
        out.resize(most, 0);
    }

    let mut at = 61;
    for (i, record) in records.iter().enumerate() {
        let timestamp = zigzag(record.timestamp - base);
        let offset = (i as u64) << 1;
        let key_len = record.key.as_ref().map_or(0, Vec::len);
        let key_mark = if record.key.is_some() {
            (key_len as u64) << 1
        } else {
            1
        };
        let value_mark = (record.value.len() as u64) << 1;
        let header_mark = (record.headers.len() as u64) << 1;
        let mut body = 1 + len(timestamp) + len(offset) + len(key_mark) + key_len + len(value_mark);
        body += record.value.len() + len(header_mark);
        for (key, value) in &record.headers {
            body += len((key.len() as u64) << 1)
                + key.len()
                + len((value.len() as u64) << 1)
                + value.len();
        }

        let head = window(out, at);
        let mut n = put(head, 0, (body as u64) << 1);
        head[n & 31] = 0;
        n = put(head, n + 1, timestamp);
        n = put(head, n, offset);
        n = put(head, n, key_mark);
        if let Some(key) = &record.key {
            at = copy(out, at + n, key);
            n = put(window(out, at), 0, value_mark);
        } else {
            n = put(head, n, value_mark);
        }
        at = copy(out, at + n, &record.value);
        if record.headers.is_empty() {
            out[at] = 0;
            at += 1;
        } else {
            at += put(window(out, at), 0, header_mark);
            for (key, value) in &record.headers {
                at += put(window(out, at), 0, (key.len() as u64) << 1);
                at = copy(out, at, key.as_bytes());
                at += put(window(out, at), 0, (value.len() as u64) << 1);
                at = copy(out, at, value);
            }
        }
    }

    let batch = &mut out[..at];
    let count = records.len() as i32;
    batch[..61].fill(0);
    batch[8..12].copy_from_slice(&(at as i32 - 12).to_be_bytes());
    batch[12..16].fill(0xff);
    batch[16] = 2;
    batch[23..27].copy_from_slice(&(count - 1).to_be_bytes());
    batch[27..35].copy_from_slice(&base.to_be_bytes());
    batch[35..43].copy_from_slice(&max_timestamp.to_be_bytes());
    batch[43..57].fill(0xff);
    batch[57..61].copy_from_slice(&count.to_be_bytes());
    let crc = crc(&batch[21..]);
    batch[17..21].copy_from_slice(&crc.to_be_bytes());
    at
}

/// What is checked in addition to the bounds. Each includes those before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Checks {
    None,
    /// Records end where their fields do, and the batch where its records do.
    Ends,
    /// Lengths and deltas of 32 bits take five bytes at most, and offsets do not overflow.
    Widths,
    /// The length and the record count of the header fit the batch, its magic is 2, and the time of
    /// the append replaces the records' own if the attributes say so.
    Header,
}

/// Reads a batch and looks at every field.
pub fn decode(batch: &[u8], crc: Crc) -> Option<u64> {
    decode_with::<{ Checks::None as u8 }>(batch, crc)
}

/// As [`decode`], with these [`Checks`].
pub fn decode_with<const CHECKS: u8>(batch: &[u8], crc: Crc) -> Option<u64> {
    let stored = u32::from_be_bytes(batch.get(17..21)?.try_into().ok()?);
    if crc(batch.get(21..)?) != stored {
        return None;
    }
    let base_offset = i64::from_be_bytes(batch.get(..8)?.try_into().ok()?);
    let base_timestamp = i64::from_be_bytes(batch.get(27..35)?.try_into().ok()?);
    let count = u32::from_be_bytes(batch.get(57..61)?.try_into().ok()?);
    let mut rest = &batch[61..];
    let mut append_time = None;
    let mut legacy = false;
    if CHECKS >= Checks::Header as u8 {
        let len = i32::from_be_bytes(batch.get(8..12)?.try_into().ok()?);
        if usize::try_from(len).ok()? != batch.len() - 12 || count as usize > rest.len() / 7 {
            return None;
        }
        legacy = batch[16] < 2;
        let max_timestamp = i64::from_be_bytes(batch[35..43].try_into().ok()?);
        append_time = (batch[22] & 8 != 0).then_some(max_timestamp);
    }
    let mut visitor = Visitor::default();
    for _ in 0..count {
        if legacy {
            return None;
        }
        let len = length::<CHECKS>(&mut rest)?;
        let mut body = take(&mut rest, usize::try_from(len).ok()?)?;
        take(&mut body, 1)?;
        let timestamp = base_timestamp.wrapping_add(get(&mut body)?);
        let timestamp = append_time.unwrap_or(timestamp);
        let delta = length::<CHECKS>(&mut body)?;
        let offset = if CHECKS >= Checks::Widths as u8 {
            base_offset.checked_add(delta)?
        } else {
            base_offset + delta
        };
        let key = nullable::<CHECKS>(&mut body)?;
        let value = nullable::<CHECKS>(&mut body)?;
        for _ in 0..length::<CHECKS>(&mut body)? {
            let len = length::<CHECKS>(&mut body)?;
            let key = std::str::from_utf8(take(&mut body, usize::try_from(len).ok()?)?).ok()?;
            visitor.header(key.as_bytes(), nullable::<CHECKS>(&mut body)?);
        }
        if CHECKS >= Checks::Ends as u8 && !body.is_empty() {
            return None;
        }
        visitor.record(offset, timestamp, key, value);
    }
    if CHECKS >= Checks::Ends as u8 && !rest.is_empty() {
        return None;
    }
    Some(visitor.sum())
}

#[inline]
fn zigzag(v: i64) -> u64 {
    ((v << 1) ^ (v >> 63)) as u64
}

#[inline]
fn len(v: u64) -> usize {
    ((70 - (v | 1).leading_zeros() as usize) * 37) >> 8
}

#[inline]
fn window(out: &mut [u8], at: usize) -> &mut [u8; 32] {
    (&mut out[at..at + 32]).try_into().unwrap()
}

#[inline]
fn copy(out: &mut [u8], at: usize, bytes: &[u8]) -> usize {
    out[at..at + bytes.len()].copy_from_slice(bytes);
    at + bytes.len()
}

#[inline]
fn put(head: &mut [u8; 32], at: usize, mut v: u64) -> usize {
    if v < 0x80 {
        head[at & 31] = v as u8;
        at + 1
    } else if v < 0x4000 {
        head[at & 31] = v as u8 | 0x80;
        head[(at + 1) & 31] = (v >> 7) as u8;
        at + 2
    } else {
        let mut at = at;
        while v >= 0x80 {
            head[at & 31] = v as u8 | 0x80;
            v >>= 7;
            at += 1;
        }
        head[at & 31] = v as u8;
        at + 1
    }
}

/// A number of 32 bits.
#[inline]
fn length<const CHECKS: u8>(input: &mut &[u8]) -> Option<i64> {
    if CHECKS >= Checks::Widths as u8 {
        return varint::<5>(input).map(|n| i64::from(n as i32));
    }
    get(input)
}

#[inline]
fn get(input: &mut &[u8]) -> Option<i64> {
    varint::<10>(input)
}

#[inline]
fn varint<const MOST: usize>(input: &mut &[u8]) -> Option<i64> {
    let bytes = *input;
    let first = *bytes.first()?;
    let mut v = u64::from(first & 0x7f);
    let mut n = 1;
    if first >= 0x80 {
        loop {
            let byte = *bytes.get(n)?;
            v |= u64::from(byte & 0x7f) << (7 * n);
            n += 1;
            if byte < 0x80 {
                break;
            }
            if n >= MOST {
                return None;
            }
        }
    }
    *input = &bytes[n..];
    Some((v >> 1) as i64 ^ -((v & 1) as i64))
}

#[inline]
fn take<'a>(input: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
    let (taken, rest) = input.split_at_checked(n)?;
    *input = rest;
    Some(taken)
}

#[inline]
fn nullable<'a, const CHECKS: u8>(input: &mut &'a [u8]) -> Option<Option<&'a [u8]>> {
    let len = length::<CHECKS>(input)?;
    if len < 0 {
        Some(None)
    } else {
        take(input, len as usize).map(Some)
    }
}
