//! `RecordSet`: the batches of a fetch response, one after the other.

use crate::batch::Batch;
use crate::error::Result;
use crate::frame::Frame;

/// An iterator over the batches in the records of a fetch response.
///
/// A broker cuts the last batch off when the response is full: the iterator ends there without
/// an error, and [`remaining`](Self::remaining) says how many bytes were left aside.
///
/// A bad batch is an error that names its place; the next call of `next` goes past it to the
/// batch after it. Only if the end of a batch is not known (an impossible length, an unknown
/// magic) is the error the last item.
///
/// It yields control batches and those of aborted transactions too. If you want what an
/// application should see, use [`VisibleBatches`](crate::VisibleBatches).
///
/// ```
/// # let mut builder = libkafka_batch::Builder::new();
/// # builder.add("key", "value")?;
/// # let bytes = builder.build()?;
/// let mut set = libkafka_batch::RecordSet::new(bytes);
/// for batch in &mut set {
///     println!("next: {}", batch?.next_offset());
/// }
/// assert_eq!(set.remaining(), 0);
/// # Ok::<(), libkafka_batch::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct RecordSet<'a> {
    bytes: &'a [u8],
    position: usize,
    check_crc: bool,
    ended: bool,
}

impl<'a> RecordSet<'a> {
    /// The batches in `bytes`, and their checksums are checked.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            position: 0,
            check_crc: true,
            ended: false,
        }
    }

    /// The batches in `bytes`, without a check of their checksums.
    pub fn unchecked(bytes: &'a [u8]) -> Self {
        Self {
            check_crc: false,
            ..Self::new(bytes)
        }
    }

    /// Bytes that have not been yielded: once the iterator has ended, those of the cut-off batch at
    /// the end, or those after an error that was the last item.
    pub fn remaining(&self) -> usize {
        self.bytes.len() - self.position
    }

    /// How far the iterator has come, in bytes.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The size in bytes of the batch at this point if it is cut off: how much a fetch must
    /// have room for to get it.
    ///
    /// Before the first call of `next`, it tells a response whose first batch is too big from
    /// one that is empty. `None` if there is no batch, if the batch is whole, and if its length is
    /// cut off as well or is impossible.
    pub fn cut_off_size(&self) -> Option<usize> {
        let frame = Frame::read(self.rest(), self.position).ok()??;
        (frame.size > self.remaining()).then_some(frame.size)
    }

    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.position..]
    }
}

impl<'a> Iterator for RecordSet<'a> {
    type Item = Result<Batch<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let rest = self.rest();
        let frame = match Frame::read(rest, self.position) {
            Ok(Some(frame)) if frame.size <= rest.len() => frame,
            Ok(_) => {
                self.ended = true;
                return None;
            }
            Err(error) => {
                self.ended = true;
                return Some(Err(error));
            }
        };
        self.position += frame.size;
        Some(Batch::framed(&rest[..frame.size], frame, self.check_crc))
    }
}

impl std::iter::FusedIterator for RecordSet<'_> {}
