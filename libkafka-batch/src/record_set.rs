//! `RecordSet`: the batches of a fetch response, one after the other.

use crate::batch::Batch;
use crate::error::Result;
use crate::frame::Frame;

/// An iterator over the batches in the records of a fetch response.
///
/// A broker cuts off the last batch when the response is full. The iterator then ends without an
/// error, and [`remaining`](Self::remaining) says how many bytes are left.
///
/// A bad batch is an error that names its place; the next call of `next` continues with the batch
/// after it. Only if the end of the bad batch is unknown (an impossible length, an unknown magic)
/// is the error the last item.
///
/// It yields control batches and batches of aborted transactions too. For what an application
/// should see, use [`VisibleBatches`](crate::VisibleBatches).
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
    /// An iterator over the batches in `bytes` that checks their checksums.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            position: 0,
            check_crc: true,
            ended: false,
        }
    }

    /// An iterator over the batches in `bytes` that does not check their checksums.
    pub fn unchecked(bytes: &'a [u8]) -> Self {
        Self {
            check_crc: false,
            ..Self::new(bytes)
        }
    }

    /// The number of bytes not yet yielded. Once the iterator has ended, these are the bytes of a
    /// batch that is cut off at the end, or the bytes after an error that was the last item.
    pub fn remaining(&self) -> usize {
        self.bytes.len() - self.position
    }

    /// The current position of the iterator, in bytes from the start.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The full size of the batch at the current position if it is cut off, in bytes: how much room
    /// a fetch needs to get the whole batch.
    ///
    /// Before the first call of `next`, it distinguishes a response whose first batch is too large
    /// from an empty one. `None` if there is no batch, if the batch is whole, or if its length is
    /// cut off as well or impossible.
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
