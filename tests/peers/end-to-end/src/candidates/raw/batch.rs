//! Record batches of records that have a value and no key or headers.

use std::io::{Read, Write};

use lz4_flex::frame::{FrameDecoder, FrameEncoder};

use super::Sum;

const HEADER: usize = 61;
const LZ4: u8 = 3;

/// Writes batches.
pub struct Packer {
    lz4: bool,
    /// Records before they are compressed.
    plain: Vec<u8>,
}

impl Packer {
    pub fn new(lz4: bool) -> Self {
        let plain = Vec::new();
        Self { lz4, plain }
    }

    /// Appends a batch of these values to `out`.
    pub fn write<'a>(
        &mut self,
        out: &mut Vec<u8>,
        values: impl Iterator<Item = &'a Vec<u8>>,
        timestamp: i64,
    ) {
        let start = out.len();
        out.resize(start + HEADER, 0);
        let count = if self.lz4 {
            self.plain.clear();
            let count = write_records(&mut self.plain, values);
            let mut encoder = FrameEncoder::new(&mut *out);
            encoder.write_all(&self.plain).unwrap();
            encoder.finish().unwrap();
            count
        } else {
            write_records(out, values)
        };

        let batch = &mut out[start..];
        let length = batch.len() as i32 - 12;
        batch[8..12].copy_from_slice(&length.to_be_bytes());
        batch[12..16].fill(0xff); // partition_leader_epoch
        batch[16] = 2; // magic
        batch[22] = if self.lz4 { LZ4 } else { 0 };
        batch[23..27].copy_from_slice(&(count - 1).to_be_bytes());
        batch[27..35].copy_from_slice(&timestamp.to_be_bytes());
        batch[35..43].copy_from_slice(&timestamp.to_be_bytes());
        batch[43..57].fill(0xff); // producer id, epoch, sequence
        batch[57..61].copy_from_slice(&count.to_be_bytes());
        let crc = crc32c(&batch[21..]);
        batch[17..21].copy_from_slice(&crc.to_be_bytes());
    }
}

/// Takes the next whole batch off the front.
pub fn next<'a>(batches: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = batches.get(8..12)?.try_into().ok()?;
    let (batch, rest) = batches.split_at_checked(u32::from_be_bytes(length) as usize + 12)?;
    *batches = rest;
    Some(batch)
}

/// The offset behind a batch's last record.
pub fn next_offset(batch: &[u8]) -> i64 {
    base_offset(batch) + i64::from(int(batch, 23)) + 1
}

/// Checks a batch and reads every field of its records; returns how many there are.
pub fn read_records(batch: &[u8], unpacked: &mut Vec<u8>, sum: &mut Sum) -> usize {
    assert_eq!(crc32c(&batch[21..]), int(batch, 17) as u32, "checksum");
    let mut records = &batch[HEADER..];
    if batch[22] & 7 == LZ4 {
        unpacked.clear();
        FrameDecoder::new(records).read_to_end(unpacked).unwrap();
        records = unpacked;
    }
    let base_offset = base_offset(batch);
    let base_timestamp = i64::from_be_bytes(batch[27..35].try_into().unwrap());
    let count = int(batch, 57) as usize;
    for _ in 0..count {
        let length = varint(&mut records) as usize;
        let mut record;
        (record, records) = records.split_at(length);
        record = &record[1..]; // attributes
        let timestamp = base_timestamp + varint(&mut record);
        let offset = base_offset + varint(&mut record);
        assert_eq!(varint(&mut record), -1, "there are no keys");
        let length = varint(&mut record) as usize;
        let (value, mut rest) = record.split_at(length);
        assert_eq!(varint(&mut rest), 0, "there are no headers");
        sum.add(offset, timestamp, value);
    }
    count
}

fn write_records<'a>(out: &mut Vec<u8>, values: impl Iterator<Item = &'a Vec<u8>>) -> i32 {
    let mut count = 0;
    for value in values {
        let offset = i64::from(count);
        let length = value.len() as i64;
        // attributes, timestamp delta, null key, no headers: a byte each
        let body = 4 + varint_len(offset) + varint_len(length) + value.len();
        put_varint(out, body as i64);
        out.extend([0, 0]);
        put_varint(out, offset);
        out.push(1);
        put_varint(out, length);
        out.extend_from_slice(value);
        out.push(0);
        count += 1;
    }
    count
}

fn base_offset(batch: &[u8]) -> i64 {
    i64::from_be_bytes(batch[..8].try_into().unwrap())
}

fn int(batch: &[u8], at: usize) -> i32 {
    i32::from_be_bytes(batch[at..at + 4].try_into().unwrap())
}

fn crc32c(bytes: &[u8]) -> u32 {
    crc_fast::checksum(crc_fast::CrcAlgorithm::Crc32Iscsi, bytes) as u32
}

/// Bytes of a varint of a number that is not negative.
fn varint_len(n: i64) -> usize {
    match n {
        ..0x40 => 1,
        0x40..0x2000 => 2,
        0x2000..0x10_0000 => 3,
        _ => 4,
    }
}

fn put_varint(out: &mut Vec<u8>, n: i64) {
    let mut n = ((n << 1) ^ (n >> 63)) as u64;
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn varint(input: &mut &[u8]) -> i64 {
    let mut n = 0;
    let mut shift = 0;
    loop {
        let byte = input[0];
        *input = &input[1..];
        n |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            break (n >> 1) as i64 ^ -((n & 1) as i64);
        }
    }
}
