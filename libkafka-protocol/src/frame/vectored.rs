//! `Frame`: a frame for one vectored write.

use alloc::vec::Vec;
use core::mem;

use bytes::Bytes;
use smallvec::SmallVec;

use crate::writer::{Large, Segment};

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
                .map(|(_, bytes)| bytes.as_slice().len())
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
            .map(|(_, bytes)| bytes.as_slice())
            .chain([&[][..]]);
        let mut start = 0;
        ends.zip(segments)
            .flat_map(move |(end, segment)| {
                let head = &self.head[mem::replace(&mut start, end)..end];
                [head, segment]
            })
            .filter(|part| !part.is_empty())
    }

    /// The parts of the frame after the first `written` bytes, in order. They do not borrow from
    /// the message, so the rest of a frame can be written later. Large byte strings that are
    /// `Bytes` are shared; everything else is copied.
    pub fn rest(&self, written: usize) -> impl Iterator<Item = Bytes> {
        let head = Bytes::copy_from_slice(&self.head);
        let (mut start, mut skip) = (0, written);
        let ends = self.segments.iter().map(|(at, large)| (*at, Some(*large)));
        let ends = ends.chain([(self.head.len(), None)]);
        let parts = ends.flat_map(move |(end, large)| {
            let head = head.slice(mem::replace(&mut start, end)..end);
            let large = match large {
                None => Bytes::new(),
                Some(Large::Shared(bytes)) => bytes.clone(),
                Some(Large::Borrowed(bytes)) => Bytes::copy_from_slice(bytes),
            };
            [head, large]
        });
        parts.filter_map(move |part| {
            let skipped = skip.min(part.len());
            skip -= skipped;
            (skipped < part.len()).then(|| part.slice(skipped..))
        })
    }

    /// The buffer that the frame was built in, to reuse for the next one.
    #[inline]
    pub fn into_buffer(self) -> Vec<u8> {
        self.head
    }
}
