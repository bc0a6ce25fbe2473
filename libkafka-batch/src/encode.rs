//! `write`: writes one record of magic 2.
//!
//! A record starts with its length, so the length is computed first and the record then written
//! once, front to back, with no byte moved afterwards. It is fast because the few numbers between
//! two byte strings go through a window of a fixed size, for which the compiler can omit the bounds
//! checks (see [`varint::write`]), and because the builder has made room before.

use crate::record::{Header, Record, field_len};
use crate::varint::{self, HEAD, encoded_len, zigzag, zigzag_len};

/// The room to leave after a record: for the length in front of it, and for the window through
/// which it is written, which may reach beyond it.
pub(crate) const SLACK: usize = varint::MAX_LEN + HEAD;

#[derive(Clone, Copy)]
pub(crate) struct Deltas {
    pub(crate) timestamp: i64,
    pub(crate) offset: i32,
}

/// The size of a record without its length, in bytes.
#[inline(always)]
pub(crate) fn body_len(record: &Record<'_>, deltas: Deltas) -> usize {
    1 + encoded_len(zigzag(deltas.timestamp))
        + encoded_len(zigzag(i64::from(deltas.offset)))
        + field_len(record.key)
        + field_len(record.value)
        + encoded_len(zigzag_len(record.headers.len()))
        + record.headers.encoded_len()
}

/// The size of a record with the length in front of it, in bytes.
pub(crate) fn len_with_prefix(body: usize) -> usize {
    encoded_len(zigzag_len(body)) + body
}

/// Writes a record of `body` bytes at `at` and returns where it ends. There must be [`SLACK`] bytes
/// of room after it.
#[inline(always)]
pub(crate) fn write(
    buffer: &mut [u8],
    at: usize,
    body: usize,
    record: &Record<'_>,
    deltas: Deltas,
) -> usize {
    let mut at = at;
    let head = window(buffer, at);
    let mut n = varint::write(head, 0, zigzag_len(body));
    head[n % HEAD] = 0; // The attributes, which have no meaning yet.
    n = varint::write(head, n + 1, zigzag(deltas.timestamp));
    n = varint::write(head, n, zigzag(i64::from(deltas.offset)));
    n = varint::write(head, n, nullable_len(record.key));
    if let Some(key) = record.key {
        at = copy(buffer, at + n, key);
        n = varint::write(window(buffer, at), 0, nullable_len(record.value));
    } else {
        n = varint::write(head, n, nullable_len(record.value));
    }
    at += n;
    if let Some(value) = record.value {
        at = copy(buffer, at, value);
    }
    at += varint::write(window(buffer, at), 0, zigzag_len(record.headers.len()));
    match record.headers.encoded() {
        Ok(bytes) => copy(buffer, at, bytes),
        Err(headers) => write_headers(buffer, at, headers),
    }
}

#[inline(always)]
fn write_headers(buffer: &mut [u8], mut at: usize, headers: &[Header<'_>]) -> usize {
    for header in headers {
        at += varint::write(window(buffer, at), 0, zigzag_len(header.key.len()));
        at = copy(buffer, at, header.key);
        at += varint::write(window(buffer, at), 0, nullable_len(header.value));
        if let Some(value) = header.value {
            at = copy(buffer, at, value);
        }
    }
    at
}

#[inline(always)]
fn window(buffer: &mut [u8], at: usize) -> &mut [u8; HEAD] {
    buffer[at..]
        .first_chunk_mut()
        .expect("the builder leaves room for a window after every record")
}

#[inline(always)]
fn copy(buffer: &mut [u8], at: usize, bytes: &[u8]) -> usize {
    let end = at + bytes.len();
    buffer[at..end].copy_from_slice(bytes);
    end
}

#[inline(always)]
fn nullable_len(field: Option<&[u8]>) -> u64 {
    field.map_or(zigzag(-1), |bytes| zigzag_len(bytes.len()))
}
