//! `Builder::build_from`: finishes the batch that another builder holds.

use std::mem;

use bytes::Bytes;

use super::Builder;
use crate::error::Result;
use crate::header::ProducerInfo;

impl Builder {
    /// Finishes the batch that `other` holds, with the options of this builder and, if `producer`
    /// is given, its next sequence number. Returns the batch in memory of its own, which is exactly
    /// as large as the batch. Afterwards `other` is empty and keeps its memory.
    ///
    /// This way one compressor serves any number of open batches, and compressed batches take no
    /// more memory than they need.
    ///
    /// ```
    /// # #[cfg(feature = "lz4")] {
    /// use libkafka_batch::{Batch, Builder, BuilderOptions, Compression, Lz4};
    ///
    /// let mut open = Builder::new();
    /// let mut compressing = Builder::with_options(BuilderOptions::new().compressor(Lz4::new()));
    /// open.add("key", "value")?;
    /// let batch = compressing.build_from(&mut open, None)?;
    /// assert_eq!(Batch::parse(&batch)?.header.attributes.compression(), Ok(Compression::Lz4));
    /// assert!(open.is_empty());
    /// # }
    /// # Ok::<(), libkafka_batch::Error>(())
    /// ```
    ///
    /// # Errors
    /// The errors of [`build`](Self::build). `other` still has its records then, and no sequence
    /// number is used up.
    pub fn build_from(
        &mut self,
        other: &mut Self,
        producer: Option<&mut ProducerInfo>,
    ) -> Result<Bytes> {
        if other.built.is_some() {
            other.clear();
        }
        let as_before = (self.has_marker, self.built.take());
        mem::swap(&mut self.records, &mut other.records);
        self.has_marker = other.has_marker;
        let info = producer.as_deref().copied().or(self.options.producer);
        let built = self.finish(info);
        let built = built.map(|()| Bytes::copy_from_slice(self.records.batch()));
        let header = self.built.take();
        mem::swap(&mut self.records, &mut other.records);
        (self.has_marker, self.built) = as_before;
        let batch = built?;
        other.clear();
        if let Some(producer) = producer {
            producer.base_sequence = header.and_then(|header| header.next_sequence());
        }
        Ok(batch)
    }
}
