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
/// It is a slice of the response that brought it, whose memory is used again once all batches of
/// that response are dropped. It can go to any thread, and is to be [`handled`](Self::handled)
/// there. Clones are the same batch.
#[derive(Clone)]
pub struct ClaimedBatch {
    pub(super) bytes: Bytes,
    pub(super) header: BatchHeader,
    pub(super) span: Span,
    pub(super) marks: Arc<Marks>,
    pub(super) run: u64,
}

impl ClaimedBatch {
    /// The claim during which it was read. Once that [has ended](Claim::is_ended), the partition
    /// may be somebody else's.
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

    /// The offsets that it takes up, from the one that was asked for on.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The records, unpacked into fresh memory if they are compressed. Those before the offset that
    /// was asked for are left out.
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
    /// [`Error::Batch`] if they cannot be unpacked.
    pub fn records(&self) -> Result<VisibleRecords<'_>, Error> {
        Ok(self.batch()?.records()?)
    }

    /// Like [`records`](Self::records), unpacked into the memory of `decoder`, which other batches
    /// use again after this one.
    ///
    /// # Errors
    /// [`Error::Batch`] if they cannot be unpacked.
    pub fn records_with<'a>(
        &'a self,
        decoder: &'a mut Decoder,
    ) -> Result<VisibleRecords<'a>, Error> {
        Ok(self.batch()?.records_with(decoder)?)
    }

    /// The whole batch as the log has it, with the records before the offset that was asked for.
    pub fn raw(&self) -> &Bytes {
        &self.bytes
    }

    /// Says that the records are handled, so that the offset after them can be committed once all
    /// before them are handled too. Does nothing if the claim has ended, or if the owner has gone
    /// elsewhere by [`seek`](crate::Consumer::seek) since.
    pub fn handled(&self) {
        self.handled_to(self.span.next_offset);
    }

    /// Says that the records before this offset are handled.
    pub fn handled_to(&self, offset: i64) {
        let end = offset.min(self.span.next_offset);
        self.marks.handled(self.run, self.span.first_offset..end);
    }

    fn batch(&self) -> Result<VisibleBatch<'_>, Error> {
        // Its checksum was checked when it was handed out.
        let set = RecordSet::unchecked(&self.bytes);
        let visible = VisibleBatches::new(set, self.span.first_offset).next();
        Ok(visible.expect("a batch that is not to be seen is not handed out")?)
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
