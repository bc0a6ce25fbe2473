//! A checked cursor over the bytes of one message.

use alloc::vec::Vec;
use bytes::Bytes;

use crate::steps::Failure;
use crate::{Error, ErrorKind};

/// Most bytes of a string, in either form of length.
pub(crate) const MAX_STRING: usize = i16::MAX as usize;

/// Bytes that a message can be decoded from.
///
/// From `&Bytes`, fields of type [`Bytes`] are slices of the input and nothing
/// is copied. From `&[u8]` they are copied, while borrowed fields (`&[u8]`,
/// `&str`) borrow from either.
pub trait Input<'de> {
    /// The bytes, and the `Bytes` that they are part of, if any.
    fn parts(self) -> (&'de [u8], Option<&'de Bytes>);
}

impl<'de> Input<'de> for &'de Bytes {
    fn parts(self) -> (&'de [u8], Option<&'de Bytes>) {
        (self, Some(self))
    }
}

impl<'de> Input<'de> for &'de [u8] {
    fn parts(self) -> (&'de [u8], Option<&'de Bytes>) {
        (self, None)
    }
}

impl<'de> Input<'de> for &'de Vec<u8> {
    fn parts(self) -> (&'de [u8], Option<&'de Bytes>) {
        (self, None)
    }
}

impl<'de, const N: usize> Input<'de> for &'de [u8; N] {
    fn parts(self) -> (&'de [u8], Option<&'de Bytes>) {
        (self, None)
    }
}

/// How much a message may ask for while it is decoded.
///
/// The defaults hold for every message of Apache Kafka, of which the worst legal
/// frame takes 35 times its length; a struct of your own with large fields and
/// tiny encodings may need more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Most bytes of memory for arrays and boxes, as a multiple of the input's
    /// length. Strings, bytes and unknown tags take what they took of the input.
    pub memory_factor: usize,
    /// Most levels of arrays and boxes within one another.
    pub depth: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory_factor: 64,
            depth: 32,
        }
    }
}

/// The parts themselves.
impl<'de> Input<'de> for (&'de [u8], Option<&'de Bytes>) {
    fn parts(self) -> Self {
        self
    }
}

/// A checked cursor over the bytes of one message.
///
/// Knows the version that is being read and whether it is flexible, so that the
/// structs within a message need no word about it.
#[derive(Debug)]
pub struct Reader<'de> {
    pub(crate) rest: &'de [u8],
    start: usize,
    source: Option<&'de Bytes>,
    version: i16,
    flexible: bool,
    depth: u16,
    budget: usize,
    limits: Limits,
    pub(crate) failure: Failure,
}

impl<'de> Reader<'de> {
    /// A reader over `input` for `version`, which is `flexible` or not.
    pub fn new(input: impl Input<'de>, version: i16, flexible: bool, limits: Limits) -> Self {
        let (rest, source) = input.parts();
        Self {
            rest,
            start: rest.as_ptr() as usize,
            source,
            version,
            flexible,
            depth: limits.depth,
            budget: rest.len().saturating_mul(limits.memory_factor),
            limits,
            failure: Failure::default(),
        }
    }

    /// The version that is being read.
    #[inline]
    pub fn version(&self) -> i16 {
        self.version
    }

    /// Whether lengths are compact and structs end with tagged fields.
    #[inline]
    pub fn flexible(&self) -> bool {
        self.flexible
    }

    /// Switches between the two kinds of length; the old value is returned.
    #[doc(hidden)]
    pub fn set_flexible(&mut self, flexible: bool) -> bool {
        core::mem::replace(&mut self.flexible, flexible)
    }

    /// Bytes that are not read yet.
    #[inline]
    pub fn rest(&self) -> &'de [u8] {
        self.rest
    }

    /// Bytes read so far.
    #[inline]
    pub fn offset(&self) -> usize {
        self.rest.as_ptr() as usize - self.start
    }

    /// An error of this kind at the current offset.
    #[cold]
    #[inline(never)]
    pub fn error(&self, kind: ErrorKind) -> Error {
        Error::new(kind, Some(self.offset()))
    }

    // Errors that can be met at every field are made out of line: what they are
    // made of would stand in every message otherwise.

    #[cold]
    #[inline(never)]
    fn negative_length(&self, length: i32) -> Error {
        self.error(ErrorKind::NegativeLength(length))
    }

    #[cold]
    #[inline(never)]
    fn unexpected_null(&self) -> Error {
        self.error(ErrorKind::UnexpectedNull)
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn incomplete(&self, needed: usize) -> Error {
        self.error(ErrorKind::Incomplete {
            needed,
            remaining: self.rest.len(),
        })
    }

    /// The next `n` bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Incomplete`] if fewer are left.
    #[inline]
    pub fn take(&mut self, n: usize) -> Result<&'de [u8], Error> {
        match self.rest.split_at_checked(n) {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(taken)
            }
            None => Err(self.incomplete(n)),
        }
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Incomplete`] if fewer are left.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        match self.rest.split_first_chunk::<N>() {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(*taken)
            }
            None => Err(self.incomplete(N)),
        }
    }

    /// Bytes that were taken, as a slice of the input where it is a [`Bytes`],
    /// and as a copy where it is not.
    #[inline]
    pub fn share(&self, taken: &'de [u8]) -> Bytes {
        if let Some(source) = self.source {
            // Not `slice_ref`, which is not inlined: what it returns would be
            // copied through memory at once, and wait for its own stores. That
            // is half of what a partition of a fetch response takes to decode.
            let start = (taken.as_ptr() as usize).wrapping_sub(source.as_ptr() as usize);
            if let Some(end) = start.checked_add(taken.len())
                && end <= source.len()
            {
                return source.slice(start..end);
            }
        }
        Bytes::copy_from_slice(taken)
    }

    /// An unsigned varint of at most 32 bits.
    ///
    /// # Errors
    /// [`ErrorKind::VarintOverflow`] if it does not fit, or
    /// [`ErrorKind::Incomplete`].
    #[inline]
    pub fn unsigned_varint(&mut self) -> Result<u32, Error> {
        match *self.rest {
            [a, ref rest @ ..] if a < 0x80 => {
                self.rest = rest;
                Ok(u32::from(a))
            }
            [a, b, ref rest @ ..] if b < 0x80 => {
                self.rest = rest;
                Ok(u32::from(a & 0x7f) | u32::from(b) << 7)
            }
            _ => self.long_varint(),
        }
    }

    fn long_varint(&mut self) -> Result<u32, Error> {
        let mut value = 0;
        for (i, &byte) in self.rest.iter().take(5).enumerate() {
            value |= u32::from(byte & 0x7f) << (7 * i);
            if byte < 0x80 && (i < 4 || byte < 0x10) {
                self.rest = &self.rest[i + 1..];
                return Ok(value);
            }
        }
        Err(if self.rest.len() < 5 {
            self.incomplete(self.rest.len() + 1)
        } else {
            self.error(ErrorKind::VarintOverflow { bits: 32 })
        })
    }

    /// A length or count that is the version's compact form, or else `fixed`.
    #[inline]
    fn length(
        &mut self,
        fixed: fn(&mut Self) -> Result<i32, Error>,
    ) -> Result<Option<usize>, Error> {
        if self.flexible {
            return Ok(self.unsigned_varint()?.checked_sub(1).map(|n| n as usize));
        }
        match fixed(self)? {
            -1 => Ok(None),
            n => match usize::try_from(n) {
                Ok(n) => Ok(Some(n)),
                Err(_) => Err(self.negative_length(n)),
            },
        }
    }

    /// The length of a string: `int16`, or compact; none for null.
    ///
    /// # Errors
    /// If it is cut off, negative other than -1, or more than Kafka allows a
    /// string to be, which is 32,767 bytes in the compact form too.
    #[inline]
    pub fn string_length(&mut self) -> Result<Option<usize>, Error> {
        let length = self.length(|r| Ok(i32::from(i16::from_be_bytes(r.array()?))))?;
        match length {
            Some(length) if length > MAX_STRING => Err(self.error(ErrorKind::TooLong {
                length,
                max: MAX_STRING,
            })),
            length => Ok(length),
        }
    }

    /// The length of an array or of bytes: `int32`, or compact; none for null.
    ///
    /// # Errors
    /// If it is cut off, negative other than -1, or overflows.
    #[inline]
    pub fn long_length(&mut self) -> Result<Option<usize>, Error> {
        self.length(|r| Ok(i32::from_be_bytes(r.array()?)))
    }

    /// The value, or the error that a null is where there may be none.
    #[inline]
    pub(crate) fn not_null<T>(&self, value: Option<T>) -> Result<T, Error> {
        match value {
            Some(value) => Ok(value),
            None => Err(self.unexpected_null()),
        }
    }

    /// The next `n` bytes as text.
    ///
    /// # Errors
    /// [`ErrorKind::Incomplete`] or [`ErrorKind::InvalidUtf8`].
    #[inline]
    pub fn str(&mut self, n: usize) -> Result<&'de str, Error> {
        let before = self.rest;
        let bytes = self.take(n)?;
        match core::str::from_utf8(bytes) {
            Ok(text) => Ok(text),
            Err(error) => {
                self.rest = before;
                Err(self.error(ErrorKind::InvalidUtf8 {
                    valid_up_to: error.valid_up_to(),
                }))
            }
        }
    }

    /// The count of an array whose elements take at least `min_size` bytes each
    /// of the input, and `size` bytes of memory; none for null.
    ///
    /// # Errors
    /// If it is cut off, negative other than -1, or overflows; or
    /// [`ErrorKind::CountTooLarge`] if the bytes left cannot hold as many, or
    /// [`ErrorKind::MemoryLimit`].
    #[inline]
    pub(crate) fn count(&mut self, min_size: usize, size: usize) -> Result<Option<usize>, Error> {
        let Some(count) = self.long_length()? else {
            return Ok(None);
        };
        // Cannot overflow where the first holds: a slice is not that long.
        let memory = count.saturating_mul(size);
        if count > self.rest.len() / min_size.max(1) || memory > self.budget {
            return Err(self.refused_count(count, min_size));
        }
        self.budget -= memory;
        Ok(Some(count))
    }

    /// As [`count`](Self::count), for an array that is not null.
    ///
    /// Not inlined: there are more than 270 arrays in the messages.
    #[inline(never)]
    pub(crate) fn required_count(&mut self, min_size: usize, size: usize) -> Result<usize, Error> {
        let count = self.count(min_size, size)?;
        self.not_null(count)
    }

    /// Grants memory for one value of `size` bytes that is not in an array.
    ///
    /// # Errors
    /// [`ErrorKind::MemoryLimit`]
    #[inline]
    pub(crate) fn grant(&mut self, size: usize) -> Result<(), Error> {
        if size > self.budget {
            let (count, budget) = (1, self.budget);
            return Err(self.error(ErrorKind::MemoryLimit { count, budget }));
        }
        self.budget -= size;
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn refused_count(&self, count: usize, min_size: usize) -> Error {
        let (remaining, budget) = (self.rest.len(), self.budget);
        self.error(if count > remaining / min_size.max(1) {
            ErrorKind::CountTooLarge { count, remaining }
        } else {
            ErrorKind::MemoryLimit { count, budget }
        })
    }

    /// One level deeper; to be followed by [`leave`](Self::leave).
    ///
    /// # Errors
    /// [`ErrorKind::TooDeep`] at the limit.
    #[inline]
    pub fn enter(&mut self) -> Result<(), Error> {
        match self.depth.checked_sub(1) {
            Some(depth) => {
                self.depth = depth;
                Ok(())
            }
            None => Err(self.error(ErrorKind::TooDeep {
                limit: self.limits.depth,
            })),
        }
    }

    /// Back one level.
    #[inline]
    pub fn leave(&mut self) {
        self.depth += 1;
    }
}
