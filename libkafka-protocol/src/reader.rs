//! `Reader`: a checked cursor over the bytes of one message.

use bytes::Bytes;

use crate::error::{Error, ErrorKind};
use crate::failure::Failure;
use crate::input::Input;
use crate::limits::{Limits, MAX_STRING};

/// A checked cursor over the bytes of one message.
///
/// It knows the version that is being read and whether that version is flexible, so
/// [`Decode::read`](crate::wire::Decode::read) needs no other argument.
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
    lenient: bool,
    null_arrays: usize,
    pub(crate) failure: Failure,
}

impl<'de> Reader<'de> {
    /// A reader of `input` in `version`. `flexible` says whether lengths are compact and structs
    /// end with tagged fields (KIP-482).
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
            lenient: false,
            null_arrays: 0,
            failure: Failure::default(),
        }
    }

    /// From here on, reads null arrays as empty ones where the schema does not allow null.
    pub(crate) fn set_lenient(&mut self) {
        self.lenient = true;
    }

    /// The number of null arrays that were read as empty ones.
    pub(crate) fn null_arrays(&self) -> usize {
        self.null_arrays
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

    /// Switches between the two forms of length, and returns the previous setting.
    pub(crate) fn set_flexible(&mut self, flexible: bool) -> bool {
        core::mem::replace(&mut self.flexible, flexible)
    }

    /// The bytes that have not been read yet.
    #[inline]
    pub fn rest(&self) -> &'de [u8] {
        self.rest
    }

    /// The number of bytes read so far.
    #[inline]
    pub fn offset(&self) -> usize {
        self.rest.as_ptr() as usize - self.start
    }

    /// Makes an error of this kind at the current offset.
    #[cold]
    #[inline(never)]
    pub fn error(&self, kind: ErrorKind) -> Error {
        Error::new(kind, Some(self.offset()))
    }

    // Errors that any field can meet are made out of line. Inlined, that code would be repeated
    // in every message.

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

    /// Takes the next `n` bytes.
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

    /// Takes the next `N` bytes.
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

    /// Turns bytes that were [taken](Self::take) into `Bytes`: a slice of the input if that is a
    /// [`Bytes`], otherwise a copy.
    #[inline]
    pub fn share(&self, taken: &'de [u8]) -> Bytes {
        if let Some(source) = self.source {
            // Not `slice_ref`, which is not inlined: its result would be copied through memory at
            // once and wait for its own stores. That takes half the time of decoding a partition
            // of a fetch response.
            let start = (taken.as_ptr() as usize).wrapping_sub(source.as_ptr() as usize);
            if let Some(end) = start.checked_add(taken.len())
                && end <= source.len()
            {
                return source.slice(start..end);
            }
        }
        Bytes::copy_from_slice(taken)
    }

    /// Reads an unsigned varint of at most 32 bits.
    ///
    /// # Errors
    /// [`ErrorKind::VarintOverflow`] if it does not fit, or [`ErrorKind::Incomplete`].
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

    /// Reads a length or count: in compact form if the version is flexible, otherwise by `fixed`.
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

    /// Reads the length of a string, an `int16` or compact. Returns `None` for null.
    ///
    /// # Errors
    /// If it is cut off, negative other than -1, or over 32,767, which is Kafka's limit in both
    /// forms.
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

    /// Reads the length of an array or of bytes, an `int32` or compact. Returns `None` for null.
    ///
    /// # Errors
    /// If it is cut off, negative other than -1, or overflows.
    #[inline]
    pub fn long_length(&mut self) -> Result<Option<usize>, Error> {
        self.length(|r| Ok(i32::from_be_bytes(r.array()?)))
    }

    /// Returns the value, or an error if it is null.
    #[inline]
    pub(crate) fn not_null<T>(&self, value: Option<T>) -> Result<T, Error> {
        match value {
            Some(value) => Ok(value),
            None => Err(self.unexpected_null()),
        }
    }

    /// Takes the next `n` bytes as text.
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

    /// Reads the count of an array whose elements each take at least `min_size` bytes of the input,
    /// and `size` bytes of memory. Returns `None` for null.
    ///
    /// # Errors
    /// If it is cut off, negative other than -1, or overflows; [`ErrorKind::CountTooLarge`] if the
    /// remaining bytes cannot hold that many elements; or [`ErrorKind::MemoryLimit`].
    #[inline]
    pub(crate) fn count(&mut self, min_size: usize, size: usize) -> Result<Option<usize>, Error> {
        let Some(count) = self.long_length()? else {
            return Ok(None);
        };
        // Cannot overflow if the first condition is false: no slice is that long.
        let memory = count.saturating_mul(size);
        if count > self.rest.len() / min_size.max(1) || memory > self.budget {
            return Err(self.refused_count(count, min_size));
        }
        self.budget -= memory;
        Ok(Some(count))
    }

    /// Like [`count`](Self::count), for an array that must not be null. A lenient reader reads
    /// null as an empty array.
    ///
    /// Not inlined: there are more than 270 arrays in the messages.
    #[inline(never)]
    pub(crate) fn required_count(&mut self, min_size: usize, size: usize) -> Result<usize, Error> {
        match self.count(min_size, size)? {
            Some(count) => Ok(count),
            None => self.null_array(),
        }
    }

    /// The count of an array that is null but must not be.
    #[cold]
    #[inline(never)]
    pub(crate) fn null_array(&mut self) -> Result<usize, Error> {
        if !self.lenient {
            return Err(self.unexpected_null());
        }
        self.null_arrays += 1;
        Ok(0)
    }

    /// Reserves memory for one value of `size` bytes that is not in an array.
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

    /// Goes one level deeper. Call [`leave`](Self::leave) afterwards.
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

    /// Goes back up one level.
    #[inline]
    pub fn leave(&mut self) {
        self.depth += 1;
    }
}
