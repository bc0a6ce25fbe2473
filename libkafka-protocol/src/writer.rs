//! `Writer`: the buffer that a message is written into.

use alloc::vec::Vec;
use core::mem;

use bytes::Bytes;
use smallvec::SmallVec;

use crate::error::{Error, ErrorKind};
use crate::failure::Failure;
use crate::limits::MAX_STRING;

/// Byte strings shorter than this are copied even if they could be sent from where they are: one
/// more vector in a system call costs more than the copy.
const LEAST_SEGMENT: usize = 2048;

/// A large byte string that was not copied into the buffer: its position in the buffer, and the
/// bytes.
pub(crate) type Segment<'a> = (usize, Large<'a>);

/// A large byte string.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Large<'a> {
    Borrowed(&'a [u8]),
    Shared(&'a Bytes),
}

impl<'a> Large<'a> {
    #[inline]
    pub(crate) fn as_slice(self) -> &'a [u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Shared(bytes) => bytes,
        }
    }
}

/// The buffer that a message is written into. It knows the version that is being written.
///
/// Nothing computes sizes in advance. A length that is only known afterwards, such as that of a
/// tagged field, is inserted then.
#[derive(Debug)]
pub struct Writer<'a> {
    out: Vec<u8>,
    version: i16,
    flexible: bool,
    /// The large byte strings that were not copied; `None` if everything is to be copied.
    segments: Option<SmallVec<[Segment<'a>; 1]>>,
    pub(crate) failure: Failure,
}

impl<'a> Writer<'a> {
    /// A writer that appends to `out` in `version`. `flexible` says whether lengths are compact
    /// and structs end with tagged fields (KIP-482).
    pub fn new(out: Vec<u8>, version: i16, flexible: bool) -> Self {
        Self {
            out,
            version,
            flexible,
            segments: None,
            failure: Failure::default(),
        }
    }

    /// From here on, does not copy large byte strings.
    pub(crate) fn keep_segments(&mut self) {
        self.segments = Some(SmallVec::new());
    }

    /// The bytes written, and the large byte strings that belong between them.
    pub(crate) fn into_parts(self) -> (Vec<u8>, SmallVec<[Segment<'a>; 1]>) {
        (self.out, self.segments.unwrap_or_default())
    }

    /// The bytes written.
    pub fn into_inner(self) -> Vec<u8> {
        self.out
    }

    /// The version that is being written.
    #[inline]
    pub fn version(&self) -> i16 {
        self.version
    }

    /// Whether lengths are compact and structs end with tagged fields.
    #[inline]
    pub fn flexible(&self) -> bool {
        self.flexible
    }

    /// The number of bytes written so far, segments included.
    pub(crate) fn len(&self) -> usize {
        let segments = self.segments.as_deref().unwrap_or_default();
        let segments = segments.iter().map(|(_, bytes)| bytes.as_slice().len());
        self.out.len() + segments.sum::<usize>()
    }

    /// Overwrites bytes that were written before any segment.
    pub(crate) fn patch<const N: usize>(&mut self, at: usize, bytes: [u8; N]) {
        self.out[at..at + N].copy_from_slice(&bytes);
    }

    /// Switches between the two forms of length, and returns the previous setting.
    pub(crate) fn set_flexible(&mut self, flexible: bool) -> bool {
        mem::replace(&mut self.flexible, flexible)
    }

    /// Makes an error of this kind.
    #[cold]
    #[inline(never)]
    pub fn error(&self, kind: ErrorKind) -> Error {
        Error::new(kind, None)
    }

    #[cold]
    #[inline(never)]
    fn too_long(&self, length: usize, max: usize) -> Error {
        self.error(ErrorKind::TooLong { length, max })
    }

    /// Appends bytes.
    #[inline]
    pub fn put(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Appends a byte string. A large one may be sent from where it is instead of being copied.
    #[inline]
    pub fn put_bytes(&mut self, bytes: &'a [u8]) {
        self.put_large(Large::Borrowed(bytes));
    }

    /// Like [`put_bytes`](Self::put_bytes), for bytes that the sender can keep.
    #[inline]
    pub fn put_shared(&mut self, bytes: &'a Bytes) {
        self.put_large(Large::Shared(bytes));
    }

    #[inline]
    fn put_large(&mut self, large: Large<'a>) {
        let bytes = large.as_slice();
        match &mut self.segments {
            Some(segments) if bytes.len() >= LEAST_SEGMENT => {
                segments.push((self.out.len(), large))
            }
            _ => self.put(bytes),
        }
    }

    /// Appends an unsigned varint.
    #[inline]
    pub fn unsigned_varint(&mut self, value: u32) {
        if value < 0x80 {
            self.out.push(value as u8);
        } else if value < 0x4000 {
            self.put(&[value as u8 | 0x80, (value >> 7) as u8]);
        } else {
            self.long_varint(value);
        }
    }

    fn long_varint(&mut self, value: u32) {
        let (bytes, len) = varint(value);
        self.put(&bytes[..len]);
    }

    /// Appends a length or count: in compact form if the version is flexible, otherwise by `fixed`.
    #[inline]
    fn length(
        &mut self,
        length: Option<usize>,
        max: usize,
        fixed: fn(&mut Self, i32),
    ) -> Result<(), Error> {
        match length {
            Some(length) if length > max => return Err(self.too_long(length, max)),
            Some(length) if self.flexible => self.unsigned_varint(length as u32 + 1),
            Some(length) => fixed(self, length as i32),
            None if self.flexible => self.unsigned_varint(0),
            None => fixed(self, -1),
        }
        Ok(())
    }

    /// Appends the length of a string, an `int16` or compact; `None` is null.
    ///
    /// # Errors
    /// [`ErrorKind::TooLong`]
    #[inline]
    pub fn string_length(&mut self, length: Option<usize>) -> Result<(), Error> {
        // Kafka's limit in the compact form too, although that could hold more.
        self.length(length, MAX_STRING, |w, n| w.put(&(n as i16).to_be_bytes()))
    }

    /// Appends the length of an array or of bytes, an `int32` or compact; `None` is null.
    ///
    /// # Errors
    /// [`ErrorKind::TooLong`]
    #[inline]
    pub fn long_length(&mut self, length: Option<usize>) -> Result<(), Error> {
        // The compact form is the length plus one.
        self.length(length, i32::MAX as usize - 1, |w, n| {
            w.put(&n.to_be_bytes())
        })
    }

    /// Appends the count of an array; `None` is null.
    ///
    /// Not inlined: there are more than 270 arrays in the messages.
    ///
    /// # Errors
    /// [`ErrorKind::TooLong`]
    #[inline(never)]
    pub(crate) fn count(&mut self, count: Option<usize>) -> Result<(), Error> {
        self.long_length(count)
    }

    /// Writes a tagged field: its tag, its size, and what `value` writes. Stops and returns false
    /// if `value` does.
    pub(crate) fn tagged(&mut self, tag: u32, value: impl FnOnce(&mut Self) -> bool) -> bool {
        self.unsigned_varint(tag);
        let at = self.out.len();
        // Nearly every tagged field is shorter than 128 bytes; then its size goes here, and no
        // byte is moved for it.
        self.out.push(0);
        // Moving bytes would misplace a segment.
        let segments = self.segments.take();
        if !value(self) {
            return false;
        }
        self.segments = segments;
        let (size, len) = varint((self.out.len() - at - 1) as u32);
        self.out[at] = size[0];
        if len > 1 {
            self.insert(at + 1, &size[1..len]);
        }
        true
    }

    /// Inserts a few bytes in front of what was written from `at` on.
    fn insert(&mut self, at: usize, bytes: &[u8]) {
        let end = self.out.len();
        self.put(bytes);
        self.out.copy_within(at..end, at + bytes.len());
        self.out[at..at + bytes.len()].copy_from_slice(bytes);
    }
}

/// An unsigned varint, and how many of the bytes it takes.
#[inline]
fn varint(mut value: u32) -> ([u8; 5], usize) {
    let mut bytes = [0; 5];
    let mut len = 0;
    while value >= 0x80 {
        bytes[len] = value as u8 | 0x80;
        value >>= 7;
        len += 1;
    }
    bytes[len] = value as u8;
    (bytes, len + 1)
}
