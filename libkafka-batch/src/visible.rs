//! `VisibleBatches`: the part of a fetch response that an application should see.

use crate::batch::Batch;
use crate::decoder::Decoder;
use crate::error::Result;
use crate::header::BatchHeader;
use crate::read_committed::ReadCommitted;
use crate::record::Record;
use crate::record_set::RecordSet;
use crate::records::{RecordIter, Records};

/// An iterator over the batches of a fetch response that an application should see.
///
/// A response contains more than that: it starts with the whole batch that contains the requested
/// offset, and includes the markers that end transactions and the records of aborted ones. This
/// iterator leaves out
///
/// - the records before the requested offset,
/// - control batches (KIP-98), always,
/// - batches of aborted transactions, if it is [`read_committed`](Self::read_committed).
///
/// When you have handled everything, read on from [`next_offset`](Self::next_offset), which also
/// moves past what was left out.
///
/// A bad batch is an error and the last item, so no loop continues past it unawares: `next_offset`
/// stays at it. To skip the batch all the same, iterate over the [`RecordSet`].
///
/// ```
/// # let mut builder = libkafka_batch::Builder::new();
/// # builder.add("key", "value")?;
/// # let bytes = builder.build()?;
/// # let aborted = [];
/// use libkafka_batch::{Decoder, ReadCommitted, RecordSet, VisibleBatches};
///
/// let mut decoder = Decoder::new();
/// let mut batches = VisibleBatches::new(RecordSet::new(bytes), 0)
///     .read_committed(ReadCommitted::new(aborted));
/// for batch in &mut batches {
///     for record in &batch?.records_with(&mut decoder)? {
///         println!("{:?}", record?.value_text());
///     }
/// }
/// let read_on_from = batches.next_offset();
/// # assert_eq!(read_on_from, 1);
/// # Ok::<(), libkafka_batch::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct VisibleBatches<'a> {
    set: RecordSet<'a>,
    from: i64,
    next_offset: i64,
    committed: Option<ReadCommitted>,
    failed: bool,
}

impl<'a> VisibleBatches<'a> {
    /// The visible batches of `set`, which is the response to a fetch from the offset `from`.
    pub fn new(set: RecordSet<'a>, from: i64) -> Self {
        Self {
            set,
            from,
            next_offset: from,
            committed: None,
            failed: false,
        }
    }

    /// Leaves out the batches of aborted transactions, which `committed` lists for this response.
    /// Default: only control batches are left out.
    #[must_use]
    pub fn read_committed(mut self, committed: ReadCommitted) -> Self {
        self.committed = Some(committed);
        self
    }

    /// The offset to read on from: one after the last batch that was yielded or left out; initially
    /// the requested offset. It never moves back.
    pub fn next_offset(&self) -> i64 {
        self.next_offset
    }

    /// The batches still to come, including those that will be left out.
    pub fn record_set(&self) -> &RecordSet<'a> {
        &self.set
    }

    fn admits(&mut self, batch: &Batch<'_>) -> Result<bool> {
        match &mut self.committed {
            Some(committed) => committed.admits(batch),
            None => Ok(!batch.header.is_control()),
        }
    }
}

impl<'a> Iterator for VisibleBatches<'a> {
    type Item = Result<VisibleBatch<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.failed {
            let batch = self.set.next()?;
            let admitted = batch.and_then(|batch| Ok((batch, self.admits(&batch)?)));
            let (batch, admitted) = match admitted {
                Ok(admitted) => admitted,
                Err(error) => {
                    self.failed = true;
                    return Some(Err(error));
                }
            };
            self.next_offset = self.next_offset.max(batch.next_offset());
            if admitted {
                let from = self.from;
                return Some(Ok(VisibleBatch { batch, from }));
            }
        }
        None
    }
}

impl std::iter::FusedIterator for VisibleBatches<'_> {}

/// A batch that an application should see, from the requested offset on.
#[derive(Debug, Clone, Copy)]
pub struct VisibleBatch<'a> {
    batch: Batch<'a>,
    from: i64,
}

impl<'a> VisibleBatch<'a> {
    /// The header of the batch.
    pub fn header(&self) -> &BatchHeader {
        &self.batch.header
    }

    /// The whole batch, including the records before the requested offset.
    pub fn whole(&self) -> &Batch<'a> {
        &self.batch
    }

    /// The records from the requested offset on, decompressed into fresh memory if they are
    /// compressed.
    ///
    /// # Errors
    /// The errors of [`Batch::records`].
    pub fn records(&self) -> Result<VisibleRecords<'a>> {
        let (records, from) = (self.batch.records()?, self.from);
        Ok(VisibleRecords { records, from })
    }

    /// The records from the requested offset on, decompressed into the memory of `decoder` if they
    /// are compressed. The decoder uses that memory again for the next batch.
    ///
    /// # Errors
    /// The errors of [`Batch::records`].
    pub fn records_with<'d>(&self, decoder: &'d mut Decoder) -> Result<VisibleRecords<'d>>
    where
        'a: 'd,
    {
        let (records, from) = (self.batch.records_with(decoder)?, self.from);
        Ok(VisibleRecords { records, from })
    }
}

/// The records of a batch from the requested offset on, decompressed.
///
/// Iterate over a reference to it: `for record in &batch.records()?`.
#[derive(Debug, Clone)]
pub struct VisibleRecords<'a> {
    records: Records<'a>,
    from: i64,
}

impl VisibleRecords<'_> {
    /// The records in order. Each is checked as it is read; an error is the last item.
    #[inline]
    pub fn iter(&self) -> VisibleRecordIter<'_> {
        VisibleRecordIter {
            records: self.records.from_offset(self.from),
            from: self.from,
        }
    }
}

impl<'r> IntoIterator for &'r VisibleRecords<'_> {
    type Item = Result<Record<'r>>;
    type IntoIter = VisibleRecordIter<'r>;

    #[inline]
    fn into_iter(self) -> VisibleRecordIter<'r> {
        self.iter()
    }
}

/// An iterator over the records of a batch from the requested offset on.
#[derive(Debug, Clone)]
pub struct VisibleRecordIter<'r> {
    records: RecordIter<'r>,
    from: i64,
}

impl<'r> Iterator for VisibleRecordIter<'r> {
    type Item = Result<Record<'r>>;

    // Inlined like the iterator within: as `find`, its loop is a call that returns each record
    // through memory, which takes longer than reading the record.
    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.records.next()? {
                // Those before were stepped over, unless offsets go back and forth, which no broker
                // writes.
                Ok(record) if record.offset < self.from => {}
                found => return Some(found),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.records.size_hint().1)
    }
}

impl std::iter::FusedIterator for VisibleRecordIter<'_> {}
