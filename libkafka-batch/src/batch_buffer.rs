//! `BatchBuffer`: the memory in which batches are built, which can be given away and comes back.

use std::mem;

use bytes::{Bytes, BytesMut};

/// Memory is taken in multiples of this, together with what an allocator needs for itself: so the
/// memory of one batch fits where two of half its size were.
const GRAIN: usize = 512;
/// What an allocator needs for itself, in bytes: that of glibc, and others round up less.
const ALLOCATOR: usize = 16;

/// Memory for one batch at a time, all of it initialised.
#[repr(C)]
pub(crate) struct BatchBuffer {
    bytes: BytesMut,
    /// The memory that was given away last. It comes back, still initialised, once nobody else
    /// has it.
    given: Bytes,
}

impl BatchBuffer {
    pub(crate) fn new() -> Self {
        Self {
            bytes: BytesMut::new(),
            given: Bytes::new(),
        }
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    #[inline(always)]
    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    #[inline(always)]
    pub(crate) fn as_mut_slice(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// Bytes of memory that it has, or has given away and waits to get back.
    pub(crate) fn capacity(&self) -> usize {
        self.bytes.len().max(self.given.len())
    }

    /// Takes memory for `needed` bytes, amortised.
    pub(crate) fn grow(&mut self, needed: usize) {
        let usual = match self.bytes.len() {
            0 => self.given.len(),
            len => len * 2,
        };
        self.take_back();
        self.take(needed, needed.max(usual));
    }

    /// Takes memory for `needed` bytes and no more.
    pub(crate) fn reserve(&mut self, needed: usize) {
        self.take_back();
        self.take(needed, needed);
    }

    /// Takes the memory back that was given away, if nobody else has it any more.
    fn take_back(&mut self) {
        if self.bytes.is_empty()
            && let Ok(bytes) = mem::take(&mut self.given).try_into_mut()
        {
            self.bytes = bytes;
        }
    }

    fn take(&mut self, needed: usize, len: usize) {
        if self.bytes.len() < needed {
            let len = (len + ALLOCATOR).next_multiple_of(GRAIN) - ALLOCATOR;
            match self.bytes.is_empty() {
                // What the system gives is zero already.
                true => self.bytes = BytesMut::zeroed(len),
                false => self.bytes.resize(len, 0),
            }
            // Has its owners counted from now on, which otherwise begins anew with each batch.
            drop(self.bytes.split_off(len));
        }
    }

    /// Writes `bytes` at `at`, and takes the memory that this needs.
    pub(crate) fn put(&mut self, at: usize, bytes: &[u8]) {
        let end = at + bytes.len();
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        self.bytes[at..end].copy_from_slice(bytes);
    }

    /// Gives the memory away, and returns its first `end` bytes.
    pub(crate) fn give(&mut self, end: usize) -> Bytes {
        self.given = mem::take(&mut self.bytes).freeze();
        self.given.slice(..end)
    }
}
