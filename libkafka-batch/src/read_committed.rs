//! `ReadCommitted`: which batches a reader of committed transactions may see.

use std::collections::HashSet;

use crate::batch::Batch;
use crate::control_type::ControlRecordType;
use crate::decoder::Decoder;
use crate::error::Result;

/// A transaction that was aborted, as a fetch response lists it for each partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AbortedTransaction {
    /// The id of the transaction's producer.
    pub producer_id: i64,
    /// The offset of the transaction's first record in the partition.
    pub first_offset: i64,
}

/// Distinguishes the batches of a fetch response that a reader with the isolation level
/// `read_committed` may see from those of aborted transactions (KIP-98).
///
/// It does no I/O: the same batches and transactions give the same answers. Ask it about every
/// batch of the response, in order; if a batch is not admitted, still read on from its
/// `next_offset`. [`VisibleBatches`](crate::VisibleBatches) does both for you.
///
/// ```
/// # let mut builder = libkafka_batch::Builder::new();
/// # builder.add("key", "value")?;
/// # let bytes = builder.build()?;
/// # let aborted = [];
/// let mut committed = libkafka_batch::ReadCommitted::new(aborted);
/// for batch in libkafka_batch::RecordSet::new(bytes) {
///     let batch = batch?;
///     if committed.admits(&batch)? {
///         println!("{} records", batch.records()?.len());
///     }
/// }
/// # Ok::<(), libkafka_batch::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct ReadCommitted {
    /// Transactions that start at a later offset; the last to start comes first.
    ahead: Vec<AbortedTransaction>,
    /// Producers whose records at this offset belong to an aborted transaction.
    aborted: HashSet<i64>,
    /// For compressed control batches, which Kafka never writes; it allocates nothing until there
    /// is one.
    decoder: Decoder,
}

impl ReadCommitted {
    /// Starts at the beginning of a fetch response that lists these aborted transactions, in any
    /// order.
    pub fn new(aborted: impl IntoIterator<Item = AbortedTransaction>) -> Self {
        let mut ahead = Vec::from_iter(aborted);
        ahead.sort_by_key(|transaction| std::cmp::Reverse(transaction.first_offset));
        Self {
            ahead,
            aborted: HashSet::new(),
            decoder: Decoder::new(),
        }
    }

    /// Whether an application may see the records of `batch`: false if they belong to an aborted
    /// transaction, and false for control records, which no application sees.
    ///
    /// Only the key of a transaction marker is read, not its value.
    ///
    /// # Errors
    /// If the key of a marker cannot be read: then nothing can be said about the batches after it.
    pub fn admits(&mut self, batch: &Batch<'_>) -> Result<bool> {
        let header = &batch.header;
        while let Some(next) = self
            .ahead
            .pop_if(|next| next.first_offset <= header.last_offset())
        {
            self.aborted.insert(next.producer_id);
        }
        if header.is_control() {
            if self.aborted.contains(&header.producer_id) && self.is_abort(batch)? {
                self.aborted.remove(&header.producer_id);
            }
            return Ok(false);
        }
        Ok(!(header.is_transactional() && self.aborted.contains(&header.producer_id)))
    }

    fn is_abort(&mut self, batch: &Batch<'_>) -> Result<bool> {
        let records = batch.records_with(&mut self.decoder)?;
        // Compaction may have left the batch without its marker.
        let Some(first) = records.iter().next() else {
            return Ok(false);
        };
        Ok(ControlRecordType::parse(&first?)? == ControlRecordType::ABORT)
    }
}

/// The clone has a decoder of its own, without memory.
impl Clone for ReadCommitted {
    fn clone(&self) -> Self {
        Self {
            ahead: self.ahead.clone(),
            aborted: self.aborted.clone(),
            decoder: Decoder::new(),
        }
    }
}
