//! `ClaimedBatch`: a batch that a consumer hands out.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use libkafka_batch::{
    BatchHeader, Decoder, RecordSet, VisibleBatch, VisibleBatches, VisibleRecords,
};

use super::marks::Marks;
use crate::error::Error;
use crate::group::Span;
use crate::group::membership::Claim;
use crate::topic_partition::TopicPartition;

/// A batch of records that a [`Consumer`](crate::Consumer) hands out: of one partition, during one
/// ownership.
///
/// It is a slice of the response that contained it, whose memory is reused once all batches of that
/// response have been dropped. It can move to any thread; call [`handled`](Self::handled) there.
/// Clones are the same batch.
#[derive(Clone)]
pub struct ClaimedBatch {
    pub(super) bytes: Bytes,
    pub(super) header: BatchHeader,
    pub(super) span: Span,
    pub(super) marks: Arc<Marks>,
    pub(super) run: u64,
}

impl ClaimedBatch {
    /// The claim during which it was read. Once that [has ended](Claim::is_ended), another member
    /// may own the partition.
    pub fn claim(&self) -> &Claim {
        self.marks.claim()
    }

    /// The partition.
    pub fn partition(&self) -> &TopicPartition {
        self.claim().partition()
    }

    /// The header of the batch.
    pub fn header(&self) -> &BatchHeader {
        &self.header
    }

    /// The offsets that it covers, from the requested one on.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The records, decompressed into fresh memory if they are compressed. Records before the
    /// requested offset are left out.
    ///
    /// ```no_run
    /// # fn print(batch: &libkafka_client::ClaimedBatch) -> Result<(), libkafka_client::Error> {
    /// for record in &batch.records()? {
    ///     println!("{:?}", record?.value_text());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Batch`] if they cannot be decompressed.
    pub fn records(&self) -> Result<VisibleRecords<'_>, Error> {
        Ok(self.batch()?.records()?)
    }

    /// Like [`records`](Self::records), decompressed into the memory of `decoder`, which uses that
    /// memory again for the next batch.
    ///
    /// # Errors
    /// [`Error::Batch`] if they cannot be decompressed.
    pub fn records_with<'a>(
        &'a self,
        decoder: &'a mut Decoder,
    ) -> Result<VisibleRecords<'a>, Error> {
        Ok(self.batch()?.records_with(decoder)?)
    }

    /// The whole batch as it is in the log, including the records before the requested offset.
    pub fn raw(&self) -> &Bytes {
        &self.bytes
    }

    /// Marks the records as handled, so that the offset after them can be committed once everything
    /// before them is handled too. Does nothing if the claim has ended, or if the owner has moved
    /// it with [`seek`](crate::Consumer::seek) since.
    pub fn handled(&self) {
        self.handled_to(self.span.next_offset);
    }

    /// Marks the records before this offset as handled.
    pub fn handled_to(&self, offset: i64) {
        let end = offset.min(self.span.next_offset);
        self.marks.handled(self.run, self.span.first_offset..end);
    }

    fn batch(&self) -> Result<VisibleBatch<'_>, Error> {
        // Its checksum was checked when it was handed out.
        let set = RecordSet::unchecked(&self.bytes);
        let visible = VisibleBatches::new(set, self.span.first_offset).next();
        Ok(visible.expect("only visible batches are handed out")?)
    }
}

impl fmt::Debug for ClaimedBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClaimedBatch")
            .field("claim", self.claim())
            .field("span", &self.span)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}
