//! A parser of magic 2 batches written in the plainest way, to hold the fast one against.
//!
//! It reads byte by byte from the specification (the protocol guide's "Record Batch"), copies
//! everything, and knows none of the fast parser's code.

/// A record, owned.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NaiveRecord {
    pub offset: i64,
    pub timestamp: i64,
    pub key: Option<Vec<u8>>,
    pub value: Option<Vec<u8>>,
    pub headers: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

/// The records of the batch that is exactly `bytes`, or `None` where anything is wrong with it.
pub(crate) fn parse(bytes: &[u8]) -> Option<Vec<NaiveRecord>> {
    let mut input = Input { bytes, at: 0 };
    let base_offset = input.number(8)? as i64;
    let length = input.number(4)? as i32;
    if i64::from(length) != bytes.len() as i64 - 12 || length > i32::MAX - 12 {
        return None;
    }
    let _leader_epoch = input.number(4)?;
    if input.number(1)? != 2 {
        return None;
    }
    let crc = input.number(4)? as u32;
    if crc != crc32c(&bytes[input.at..]) {
        return None;
    }
    let attributes = input.number(2)? as i16;
    assert_eq!(attributes & 7, 0, "this parser knows no compression");
    let last_offset_delta = input.number(4)? as i32;
    let base_timestamp = input.number(8)? as i64;
    let max_timestamp = input.number(8)? as i64;
    let _producer_id = input.number(8)?;
    let _producer_epoch = input.number(2)?;
    let _base_sequence = input.number(4)?;
    let count = input.number(4)? as i32;
    if last_offset_delta < 0
        || i128::from(base_offset) + i128::from(last_offset_delta) > i128::from(i64::MAX)
    {
        return None;
    }
    if count < 0 {
        return None;
    }

    let mut records = Vec::new();
    for _ in 0..count {
        let length = usize::try_from(input.varint(32)?).ok()?;
        let end = input.at.checked_add(length)?;
        let _attributes = input.number(1)?;
        let timestamp_delta = input.varint(64)?;
        let offset_delta = input.varint(32)?;
        let key = input.nullable()?;
        let value = input.nullable()?;
        let mut headers = Vec::new();
        let header_count = input.varint(32)?;
        if header_count < 0 {
            return None;
        }
        for _ in 0..header_count {
            headers.push((input.nullable()??, input.nullable()?));
        }
        if input.at != end {
            return None;
        }
        // The broker's time stands for all where bit 3 is set.
        let timestamp = match attributes & 8 {
            0 => (i128::from(base_timestamp) + i128::from(timestamp_delta)) as i64,
            _ => max_timestamp,
        };
        records.push(NaiveRecord {
            offset: base_offset.checked_add(offset_delta)?,
            timestamp,
            key,
            value,
            headers,
        });
    }
    // No records where there are bytes of some, or bytes after the last one.
    (input.at == bytes.len()).then_some(records)
}

struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Input<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    /// A big-endian number.
    fn number(&mut self, bytes: usize) -> Option<u64> {
        let mut number = 0;
        for _ in 0..bytes {
            number = number << 8 | u64::from(self.byte()?);
        }
        Some(number)
    }

    /// A zig-zag varint in at most as many bytes as `bits` bits need; more bits are dropped.
    fn varint(&mut self, bits: u32) -> Option<i64> {
        let mut number = 0u128;
        for i in 0..bits.div_ceil(7) {
            let byte = self.byte()?;
            number |= u128::from(byte & 0x7f) << (7 * i);
            if byte & 0x80 == 0 {
                number %= 1 << bits;
                let half = (number / 2) as i64;
                return Some(if number.is_multiple_of(2) {
                    half
                } else {
                    -half - 1
                });
            }
        }
        None
    }

    fn nullable(&mut self) -> Option<Option<Vec<u8>>> {
        let length = self.varint(32)?;
        if length < 0 {
            return Some(None);
        }
        let end = self.at.checked_add(usize::try_from(length).ok()?)?;
        let bytes = self.bytes.get(self.at..end)?.to_vec();
        self.at = end;
        Some(Some(bytes))
    }
}

/// CRC-32C, bit by bit.
pub(crate) fn crc32c(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ ((crc & 1) * 0x82f6_3b78);
        }
    }
    !crc
}
