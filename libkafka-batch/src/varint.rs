//! Zig-zag variable-length integers, as in magic 2 records.

/// Reads a zig-zag varint of at most 32 bits and moves `input` past it.
///
/// `None` if the input ends first or the number continues after five bytes. As in Kafka, overlong
/// forms are accepted and bits beyond the 32nd are dropped.
#[inline(always)]
pub(crate) fn read_i32(input: &mut &[u8]) -> Option<i32> {
    // Nearly every number in a record is a length or a delta of one to three bytes.
    match **input {
        [a, ref rest @ ..] if a < 0x80 => {
            *input = rest;
            Some(unzigzag_32(u32::from(a)))
        }
        [a, b, ref rest @ ..] if b < 0x80 => {
            *input = rest;
            Some(unzigzag_32(u32::from(a & 0x7f) | u32::from(b) << 7))
        }
        [a, b, c, ref rest @ ..] if c < 0x80 => {
            *input = rest;
            Some(unzigzag_32(
                u32::from(a & 0x7f) | u32::from(b & 0x7f) << 7 | u32::from(c) << 14,
            ))
        }
        _ => read_long(input, 32).map(|v| unzigzag_32(v as u32)),
    }
}

/// Reads a zig-zag varint of at most 64 bits and moves `input` past it.
///
/// `None` if the input ends first or the number continues after ten bytes. As in Kafka, bits beyond
/// the 64th are dropped.
#[inline(always)]
pub(crate) fn read_i64(input: &mut &[u8]) -> Option<i64> {
    match **input {
        [a, ref rest @ ..] if a < 0x80 => {
            *input = rest;
            Some(unzigzag_64(u64::from(a)))
        }
        [a, b, ref rest @ ..] if b < 0x80 => {
            *input = rest;
            Some(unzigzag_64(u64::from(a & 0x7f) | u64::from(b) << 7))
        }
        _ => read_long(input, 64).map(unzigzag_64),
    }
}

/// Reads an unsigned varint of at most 32 bits, as in control records.
pub(crate) fn read_u32(input: &mut &[u8]) -> Option<u32> {
    read_long(input, 32).map(|v| v as u32)
}

#[inline(always)]
fn read_long(input: &mut &[u8], bits: u32) -> Option<u64> {
    let (value, len) = read_any(input, bits)?;
    *input = input.get(len..)?;
    Some(value)
}

/// Reads an unsigned varint of at most `bits` bits, and returns its length too.
///
/// It takes `input` by value: a reference to it would keep the caller's in memory, also where this
/// is not called.
#[inline(never)]
fn read_any(input: &[u8], bits: u32) -> Option<(u64, usize)> {
    let mut value = 0u64;
    let mut shift = 0;
    for (i, &byte) in input.iter().enumerate() {
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some((value, i + 1));
        }
        shift += 7;
        if shift >= bits {
            return None;
        }
    }
    None
}

#[inline(always)]
fn unzigzag_32(v: u32) -> i32 {
    (v >> 1) as i32 ^ -((v & 1) as i32)
}

#[inline(always)]
fn unzigzag_64(v: u64) -> i64 {
    (v >> 1) as i64 ^ -((v & 1) as i64)
}

/// The zig-zag form of a signed number.
#[inline(always)]
pub(crate) fn zigzag(v: i64) -> u64 {
    ((v << 1) ^ (v >> 63)) as u64
}

/// The zig-zag form of a length.
#[inline(always)]
pub(crate) fn zigzag_len(len: usize) -> u64 {
    (len as u64) << 1
}

/// The number of bytes of a number in zig-zag form.
#[inline(always)]
pub(crate) fn encoded_len(v: u64) -> usize {
    // Significant bits divided by seven, rounded up; 37/256 stands for 1/7 and is exact up to 64.
    ((70 - (v | 1).leading_zeros() as usize) * 37) >> 8
}

/// The most bytes that a number can take.
pub(crate) const MAX_LEN: usize = 10;

/// Room for the few numbers that are written between two byte strings.
pub(crate) const HEAD: usize = 64;

/// Writes a number in zig-zag form at `at` and returns where it ends.
///
/// The fixed size of the array and the masked index let the compiler omit every bounds check.
/// Callers write at most five numbers and a byte from the start of the array, so the mask never
/// changes the index.
#[inline(always)]
pub(crate) fn write(head: &mut [u8; HEAD], at: usize, mut v: u64) -> usize {
    const MASK: usize = HEAD - 1;
    if v < 0x80 {
        head[at & MASK] = v as u8;
        return at + 1;
    }
    if v < 0x4000 {
        head[at & MASK] = v as u8 | 0x80;
        head[(at + 1) & MASK] = (v >> 7) as u8;
        return at + 2;
    }
    let mut at = at;
    while v >= 0x80 {
        head[at & MASK] = v as u8 | 0x80;
        v >>= 7;
        at += 1;
    }
    head[at & MASK] = v as u8;
    at + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read32(bytes: &[u8]) -> Option<(i32, usize)> {
        let mut rest = bytes;
        read_i32(&mut rest).map(|v| (v, bytes.len() - rest.len()))
    }

    fn read64(bytes: &[u8]) -> Option<(i64, usize)> {
        let mut rest = bytes;
        read_i64(&mut rest).map(|v| (v, bytes.len() - rest.len()))
    }

    #[test]
    fn overlong_numbers_in_range_are_read_as_kafka_reads_them() {
        assert_eq!(read32(&[0x82, 0x80, 0x80, 0x80, 0x00]), Some((1, 5)));
        assert_eq!(
            read64(&[0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]),
            Some((1, 10))
        );
    }

    #[test]
    fn bits_beyond_the_width_are_dropped_and_bytes_beyond_it_refused() {
        assert_eq!(read32(&[0xff, 0xff, 0xff, 0xff, 0x0f]), Some((i32::MIN, 5)));
        assert_eq!(read32(&[0xff, 0xff, 0xff, 0xff, 0x7f]), Some((i32::MIN, 5)));
        assert_eq!(read32(&[0x80, 0x80, 0x80, 0x80, 0x80, 0x01]), None);
        let mut max = [0xff; 10];
        max[9] = 0x01;
        assert_eq!(read64(&max), Some((i64::MIN, 10)));
        max[9] = 0x7f;
        assert_eq!(read64(&max), Some((i64::MIN, 10)));
        assert_eq!(read64(&[0x80; 11]), None);
    }

    #[test]
    fn a_number_that_the_input_cuts_off_is_refused() {
        for n in 0..5 {
            assert_eq!(read32(&vec![0x80; n]), None);
        }
    }

    proptest! {
        #[test]
        fn every_number_is_read_back_and_its_length_foretold(v: i64, narrow: i32) {
            for v in [v, i64::from(narrow), v >> 40, v >> 57] {
                let mut head = [0; HEAD];
                let end = write(&mut head, 0, zigzag(v));
                prop_assert_eq!(end, encoded_len(zigzag(v)));
                prop_assert!(end <= MAX_LEN);
                prop_assert_eq!(read64(&head), Some((v, end)));
                match i32::try_from(v) {
                    Ok(v) => prop_assert_eq!(read32(&head), Some((v, end))),
                    Err(_) => prop_assert!(end >= 5),
                }
            }
        }
    }
}
