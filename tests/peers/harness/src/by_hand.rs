//! Record batches by hand, for raw loops: they check little, number nothing, and stop at the first
//! thing amiss.

use std::io::{Read, Write};

use crc_fast::CrcAlgorithm::Crc32Iscsi;
use lz4_flex::frame::{FrameDecoder, FrameEncoder};

/// Bytes of a batch before its records.
pub const HEADER: usize = 61;
const LZ4: u8 = 3;

/// Appends a record, the `number`th of its batch, without a time of its own or headers.
#[inline]
pub fn put_record(out: &mut Vec<u8>, number: i32, key: Option<&[u8]>, value: &[u8]) {
    let number = i64::from(number);
    let key_length = key.map_or(-1, |key| key.len() as i64);
    let value_length = value.len() as i64;
    let lengths = varint_len(key_length) + varint_len(value_length);
    // Attributes, time and the number of headers have a byte each.
    let body = 3 + varint_len(number) + lengths + key.unwrap_or_default().len() + value.len();
    put_varint(out, body as i64);
    out.extend([0, 0]);
    put_varint(out, number);
    put_varint(out, key_length);
    if let Some(key) = key {
        out.extend_from_slice(key);
    }
    put_varint(out, value_length);
    out.extend_from_slice(value);
    out.push(0);
}

/// Appends what `records` are when they are compressed by lz4.
pub fn compress(out: &mut Vec<u8>, records: &[u8]) {
    let mut encoder = FrameEncoder::new(out);
    encoder.write_all(records).expect("it is compressed");
    encoder.finish().expect("it is compressed");
}

/// Fills in the header of a whole batch of `count` records, which has room for it.
pub fn seal(batch: &mut [u8], count: i32, timestamp: i64, lz4: bool) {
    let length = batch.len() as i32 - 12;
    batch[8..12].copy_from_slice(&length.to_be_bytes());
    batch[12..16].fill(0xff); // partition_leader_epoch
    batch[16] = 2; // magic
    batch[22] = if lz4 { LZ4 } else { 0 };
    batch[23..27].copy_from_slice(&(count - 1).to_be_bytes());
    batch[27..35].copy_from_slice(&timestamp.to_be_bytes());
    batch[35..43].copy_from_slice(&timestamp.to_be_bytes());
    batch[43..57].fill(0xff); // producer id, epoch, sequence
    batch[57..61].copy_from_slice(&count.to_be_bytes());
    let crc = crc_fast::checksum(Crc32Iscsi, &batch[21..]) as u32;
    batch[17..21].copy_from_slice(&crc.to_be_bytes());
}

/// Takes the next batch off the front, unless it was cut off.
pub fn next_batch<'a>(batches: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = batches.get(8..12)?.try_into().ok()?;
    let (batch, rest) = batches.split_at_checked(u32::from_be_bytes(length) as usize + 12)?;
    *batches = rest;
    Some(batch)
}

/// The offset after a batch's last record.
pub fn next_offset(batch: &[u8]) -> i64 {
    i64_at(batch, 0) + i64::from(i32_at(batch, 23)) + 1
}

/// Checks a batch and reads every field of its records, which have no headers; hands the offset,
/// time, key and value of each to `look_at`. Returns how many there are.
///
/// If the records are compressed, it is into `unpacked` that they are read.
#[inline]
pub fn read_records(
    batch: &[u8],
    unpacked: &mut Vec<u8>,
    mut look_at: impl FnMut(i64, i64, &[u8], &[u8]),
) -> usize {
    let crc = crc_fast::checksum(Crc32Iscsi, &batch[21..]) as u32;
    assert_eq!(crc, i32_at(batch, 17) as u32, "a checksum");
    let mut records = &batch[HEADER..];
    if batch[22] & 7 == LZ4 {
        unpacked.clear();
        let mut decoder = FrameDecoder::new(records);
        decoder.read_to_end(unpacked).expect("sound lz4");
        records = unpacked;
    }
    let (offset, timestamp, count) = (i64_at(batch, 0), i64_at(batch, 27), i32_at(batch, 57));
    let mut rest = Cursor(records);
    for _ in 0..count {
        let length = rest.varint() as usize;
        let mut record = Cursor(rest.take(length));
        record.take(1); // attributes
        let timestamp = timestamp + record.varint();
        let offset = offset + record.varint();
        let length = record.varint().max(0) as usize;
        let key = record.take(length);
        let length = record.varint().max(0) as usize;
        let value = record.take(length);
        assert_eq!(record.varint(), 0, "headers");
        look_at(offset, timestamp, key, value);
    }
    count as usize
}

/// What is still to be read of a batch or a response.
pub struct Cursor<'a>(pub &'a [u8]);

impl<'a> Cursor<'a> {
    #[inline]
    pub fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }

    pub fn i16(&mut self) -> i16 {
        i16::from_be_bytes(self.take(2).try_into().expect("two bytes"))
    }

    pub fn i32(&mut self) -> i32 {
        i32_at(self.take(4), 0)
    }

    #[inline]
    pub fn unsigned_varint(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.0[0];
            self.0 = &self.0[1..];
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }

    #[inline]
    pub fn varint(&mut self) -> i64 {
        let number = self.unsigned_varint();
        (number >> 1) as i64 ^ -((number & 1) as i64)
    }

    /// A compact length: one more than it is, 0 for null.
    pub fn length(&mut self) -> usize {
        self.unsigned_varint() as usize
    }

    /// Tagged fields, which are passed over.
    pub fn tags(&mut self) {
        for _ in 0..self.unsigned_varint() {
            self.unsigned_varint();
            let length = self.length();
            self.take(length);
        }
    }
}

/// Appends a compact length: one more than it is.
#[inline]
pub fn put_length(out: &mut Vec<u8>, length: usize) {
    put_unsigned(out, length as u64 + 1);
}

/// Bytes of a varint of a small number.
#[inline]
fn varint_len(n: i64) -> usize {
    match n {
        ..0x40 => 1,
        0x40..0x2000 => 2,
        0x2000..0x10_0000 => 3,
        _ => 4,
    }
}

#[inline]
fn put_varint(out: &mut Vec<u8>, n: i64) {
    put_unsigned(out, ((n << 1) ^ (n >> 63)) as u64);
}

#[inline]
fn put_unsigned(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn i32_at(bytes: &[u8], at: usize) -> i32 {
    i32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn i64_at(bytes: &[u8], at: usize) -> i64 {
    i64::from_be_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}
