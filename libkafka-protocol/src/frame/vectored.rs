//! `Frame`: a frame for one vectored write.

use alloc::vec::Vec;
use core::mem;

use smallvec::SmallVec;

use crate::writer::Segment;

/// A frame whose large byte strings, such as records, were not copied. Send its parts with one
/// vectored write.
#[derive(Debug)]
pub struct Frame<'a> {
    /// Everything but the segments.
    pub(super) head: Vec<u8>,
    pub(super) segments: SmallVec<[Segment<'a>; 1]>,
}

impl<'a> Frame<'a> {
    /// The length of the frame in bytes, including its length field.
    #[inline]
    pub fn len(&self) -> usize {
        self.head.len()
            + self
                .segments
                .iter()
                .map(|(_, bytes)| bytes.len())
                .sum::<usize>()
    }

    /// Always false for a frame that was built.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The parts of the frame, in order.
    #[inline]
    pub fn parts(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self
            .segments
            .iter()
            .map(|(at, _)| *at)
            .chain([self.head.len()]);
        let segments = self
            .segments
            .iter()
            .map(|(_, bytes)| *bytes)
            .chain([&[][..]]);
        let mut start = 0;
        ends.zip(segments)
            .flat_map(move |(end, segment)| {
                let head = &self.head[mem::replace(&mut start, end)..end];
                [head, segment]
            })
            .filter(|part| !part.is_empty())
    }

    /// The buffer that the frame was built in, to reuse for the next one.
    #[inline]
    pub fn into_buffer(self) -> Vec<u8> {
        self.head
    }
}
