//! `Record`: a record and its headers.

use std::borrow::Cow;
use std::fmt;
use std::str::Utf8Error;

use crate::varint;

/// A record: what [`Records`](crate::Records) yields and what
/// [`Builder::add_record`](crate::Builder::add_record) takes.
///
/// All of it is borrowed. If the batch is in a [`Bytes`](bytes::Bytes) and is not compressed,
/// `bytes.slice_ref(value)` is an owned slice of the same memory.
///
/// ```
/// use libkafka_batch::{Header, Record};
///
/// let record = Record {
///     timestamp: 1_700_000_000_000,
///     key: Some(b"key"),
///     value: None,
///     headers: [Header::new("source", "example")].as_slice().into(),
///     ..Record::default()
/// };
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct Record<'a> {
    /// The offset in the partition. Builders ignore it: they number their records themselves.
    pub offset: i64,
    /// Milliseconds since 1970, or [`NO_TIMESTAMP`](Self::NO_TIMESTAMP), which is the default. The
    /// batch's [`timestamp_type`](crate::BatchHeader::timestamp_type) says what it means.
    ///
    /// [`Builder::add_record`](crate::Builder::add_record) writes it as it is. To give a record the
    /// time at which it is added, set that time here; only [`Builder::add`](crate::Builder::add)
    /// asks the clock.
    pub timestamp: i64,
    /// The key. Null and empty are different.
    pub key: Option<&'a [u8]>,
    /// The value. Null (a tombstone in a compacted topic) and empty are different.
    pub value: Option<&'a [u8]>,
    /// The headers, in order (KIP-82).
    pub headers: Headers<'a>,
}

impl<'a> Record<'a> {
    /// The timestamp of a record that has none: -1.
    pub const NO_TIMESTAMP: i64 = -1;

    /// The key as text, for display: bytes that are not UTF-8 become U+FFFD. `None` if the key is
    /// null.
    ///
    /// To detect a key that is not text, use [`str::from_utf8`] on [`key`](Self::key).
    pub fn key_text(&self) -> Option<Cow<'a, str>> {
        self.key.map(String::from_utf8_lossy)
    }

    /// The value as text, for display: bytes that are not UTF-8 become U+FFFD. `None` if the value
    /// is null.
    ///
    /// To detect a value that is not text, use [`str::from_utf8`] on [`value`](Self::value).
    ///
    /// ```
    /// use libkafka_batch::Record;
    ///
    /// let record = Record { value: Some(b"paid"), ..Record::default() };
    /// assert_eq!(record.value_text().unwrap(), "paid");
    /// assert_eq!(record.key_text(), None);
    /// ```
    pub fn value_text(&self) -> Option<Cow<'a, str>> {
        self.value.map(String::from_utf8_lossy)
    }
}

/// Offset 0, no timestamp, null key, null value, no headers.
impl Default for Record<'_> {
    fn default() -> Self {
        Self {
            offset: 0,
            timestamp: Self::NO_TIMESTAMP,
            key: None,
            value: None,
            headers: Headers::default(),
        }
    }
}

/// Prints keys and values as byte strings: `b"text\xff"`.
impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("offset", &self.offset)
            .field("timestamp", &self.timestamp)
            .field("key", &self.key.map(Escaped))
            .field("value", &self.value.map(Escaped))
            .field("headers", &self.headers)
            .finish()
    }
}

struct Escaped<'a>(&'a [u8]);

impl fmt::Debug for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

/// A header of a record.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Header<'a> {
    /// The key. Kafka defines it as UTF-8, but brokers do not check that.
    pub key: &'a [u8],
    /// The value. Null and empty are different.
    pub value: Option<&'a [u8]>,
}

impl<'a> Header<'a> {
    /// Makes a header from a text key and a value, which may be text, bytes, an option of either,
    /// or `()` for null.
    pub fn new(key: &'a str, value: impl Into<Field<'a>>) -> Self {
        Self {
            key: key.as_bytes(),
            value: value.into().0,
        }
    }

    /// The key as text.
    ///
    /// # Errors
    /// If the key is not UTF-8.
    pub fn key_str(&self) -> Result<&'a str, Utf8Error> {
        std::str::from_utf8(self.key)
    }

    /// The value as text, for display: bytes that are not UTF-8 become U+FFFD. `None` if the value
    /// is null.
    pub fn value_text(&self) -> Option<Cow<'a, str>> {
        self.value.map(String::from_utf8_lossy)
    }
}

impl fmt::Debug for Header<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {:?}", Escaped(self.key), self.value.map(Escaped))
    }
}

/// A key or a value to be written to a batch: bytes or null.
///
/// It converts from a reference to bytes or text, from an `Option` of one, and from `()` for null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a>(pub Option<&'a [u8]>);

impl<'a, T: AsRef<[u8]> + ?Sized> From<&'a T> for Field<'a> {
    fn from(bytes: &'a T) -> Self {
        Self(Some(bytes.as_ref()))
    }
}

impl<'a, T: AsRef<[u8]> + ?Sized> From<Option<&'a T>> for Field<'a> {
    fn from(bytes: Option<&'a T>) -> Self {
        Self(bytes.map(AsRef::as_ref))
    }
}

impl From<()> for Field<'_> {
    fn from((): ()) -> Self {
        Self(None)
    }
}

/// The headers of a record, in the order in which they were written, duplicates included.
#[derive(Clone, Copy, Default)]
pub struct Headers<'a>(Inner<'a>);

#[derive(Clone, Copy)]
enum Inner<'a> {
    /// As listed by a caller.
    Listed(&'a [Header<'a>]),
    /// As encoded in a batch, without their count; known to be well-formed.
    Encoded { count: usize, bytes: &'a [u8] },
}

impl Default for Inner<'_> {
    fn default() -> Self {
        Self::Listed(&[])
    }
}

impl<'a> Headers<'a> {
    /// Checks that `bytes` are exactly `count` headers.
    #[inline(always)]
    pub(crate) fn parse(count: i32, bytes: &'a [u8]) -> Result<Self, &'static str> {
        // Most records have none.
        if count == 0 && bytes.is_empty() {
            return Ok(Self(Inner::Encoded {
                count: 0,
                bytes: &[],
            }));
        }
        let Ok(count) = usize::try_from(count) else {
            return Err("its header count is negative");
        };
        // Each takes a byte for either length at the least, so a count is never believed beyond
        // that.
        if count > bytes.len() / 2 {
            return Err("it claims more headers than its bytes can hold");
        }
        let mut rest = bytes;
        for _ in 0..count {
            read_header(&mut rest)?;
        }
        if !rest.is_empty() {
            return Err("its length is greater than its fields need");
        }
        Ok(Self(Inner::Encoded { count, bytes }))
    }

    /// The number of headers.
    pub fn len(&self) -> usize {
        match self.0 {
            Inner::Listed(headers) => headers.len(),
            Inner::Encoded { count, .. } => count,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The headers, in order.
    #[inline]
    pub fn iter(&self) -> HeaderIter<'a> {
        HeaderIter(self.0)
    }

    /// The last header with this key, which is the one that counts if there are several.
    pub fn get(&self, key: &str) -> Option<Header<'a>> {
        self.iter()
            .filter(|header| header.key == key.as_bytes())
            .last()
    }

    /// The size of the headers in a batch, in bytes, without their count.
    #[inline(always)]
    pub(crate) fn encoded_len(&self) -> usize {
        match self.0 {
            Inner::Encoded { bytes, .. } => bytes.len(),
            Inner::Listed(headers) => headers
                .iter()
                .map(|h| field_len(Some(h.key)) + field_len(h.value))
                .sum(),
        }
    }

    /// The headers as encoded in a batch, if they came from one.
    #[inline(always)]
    pub(crate) fn encoded(&self) -> Result<&'a [u8], &'a [Header<'a>]> {
        match self.0 {
            Inner::Encoded { bytes, .. } => Ok(bytes),
            Inner::Listed(headers) => Err(headers),
        }
    }
}

/// The size of a nullable field with its length, in bytes.
#[inline(always)]
pub(crate) fn field_len(field: Option<&[u8]>) -> usize {
    field.map_or(1, |bytes| {
        varint::encoded_len(varint::zigzag_len(bytes.len())) + bytes.len()
    })
}

/// Reads a nullable field and moves `input` past it. Any negative length is null, as in Kafka.
#[inline(always)]
pub(crate) fn read_field<'a>(input: &mut &'a [u8]) -> Result<Option<&'a [u8]>, &'static str> {
    let length = varint::read_i32(input).ok_or("a length runs past its end or over 32 bits")?;
    let Ok(length) = usize::try_from(length) else {
        return Ok(None);
    };
    let (field, rest) = input
        .split_at_checked(length)
        .ok_or("a field runs past its end")?;
    *input = rest;
    Ok(Some(field))
}

#[inline(always)]
fn read_header<'a>(input: &mut &'a [u8]) -> Result<Header<'a>, &'static str> {
    let key = read_field(input)?.ok_or("a header key is null")?;
    Ok(Header {
        key,
        value: read_field(input)?,
    })
}

impl<'a> From<&'a [Header<'a>]> for Headers<'a> {
    fn from(headers: &'a [Header<'a>]) -> Self {
        Self(Inner::Listed(headers))
    }
}

impl<'a, const N: usize> From<&'a [Header<'a>; N]> for Headers<'a> {
    fn from(headers: &'a [Header<'a>; N]) -> Self {
        Self(Inner::Listed(headers))
    }
}

impl PartialEq for Headers<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a> IntoIterator for Headers<'a> {
    type Item = Header<'a>;
    type IntoIter = HeaderIter<'a>;

    #[inline]
    fn into_iter(self) -> HeaderIter<'a> {
        self.iter()
    }
}

/// An iterator over the headers of a record.
#[derive(Debug, Clone)]
pub struct HeaderIter<'a>(Inner<'a>);

impl<'a> Iterator for HeaderIter<'a> {
    type Item = Header<'a>;

    #[inline(always)]
    fn next(&mut self) -> Option<Header<'a>> {
        match &mut self.0 {
            Inner::Listed(headers) => {
                let (first, rest) = headers.split_first()?;
                *headers = rest;
                Some(*first)
            }
            Inner::Encoded { count, bytes } => {
                *count = count.checked_sub(1)?;
                // The headers were walked when the record was read, so this finds them well-formed.
                read_header(bytes).ok()
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = Headers(self.0).len();
        (len, Some(len))
    }
}

impl ExactSizeIterator for HeaderIter<'_> {}

impl fmt::Debug for Inner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Headers(*self).fmt(f)
    }
}
