//! `BuilderOptions`: how a builder compresses, and what it writes to the headers of its batches.

use std::fmt;

use crate::codec::compressor::Compressor;
use crate::header::ProducerInfo;

/// How a [`Builder`](crate::Builder) compresses, and what it writes to the headers of its batches.
///
/// A producer needs only the compressor. The rest is for brokers, mirrors and their tests.
///
/// ```
/// # #[cfg(feature = "lz4")] {
/// use libkafka_batch::{Builder, BuilderOptions, Lz4};
///
/// let builder = Builder::with_options(BuilderOptions::new().compressor(Lz4::new()));
/// # }
/// ```
#[derive(Default)]
pub struct BuilderOptions {
    pub(crate) compressor: Option<Box<dyn Compressor + Send>>,
    pub(crate) only_when_smaller: bool,
    pub(crate) base_offset: i64,
    pub(crate) partition_leader_epoch: Option<i32>,
    pub(crate) producer: Option<ProducerInfo>,
    pub(crate) control: bool,
    pub(crate) log_append_time: Option<i64>,
}

impl BuilderOptions {
    /// The defaults, which suit a producer that does not compress.
    pub fn new() -> Self {
        Self::default()
    }

    /// Compresses batches with `compressor`. Default: no compression.
    #[must_use]
    pub fn compressor(mut self, compressor: impl Compressor + Send + 'static) -> Self {
        self.compressor = Some(Box::new(compressor));
        self
    }

    /// Leaves the records uncompressed if compression does not make them smaller. Default: false.
    #[must_use]
    pub fn only_when_smaller(mut self, only: bool) -> Self {
        self.only_when_smaller = only;
        self
    }

    /// The offset of the first record. Default: 0. Producers leave it alone, since the broker
    /// assigns offsets.
    #[must_use]
    pub fn base_offset(mut self, offset: i64) -> Self {
        self.base_offset = offset;
        self
    }

    /// The epoch of the partition's leader (KIP-101). Default: none. Producers leave it alone,
    /// since the broker sets it.
    #[must_use]
    pub fn partition_leader_epoch(mut self, epoch: i32) -> Self {
        self.partition_leader_epoch = Some(epoch);
        self
    }

    /// The producer, with the same sequence number in every batch (KIP-98). Default: none.
    ///
    /// To number one batch after the other, use
    /// [`Builder::build_numbered`](crate::Builder::build_numbered) instead.
    #[must_use]
    pub fn producer(mut self, producer: ProducerInfo) -> Self {
        self.producer = Some(producer);
        self
    }

    /// Whether the records are control records. Default: false.
    ///
    /// [`Builder::add_end_transaction`](crate::Builder::add_end_transaction) makes a batch a
    /// control batch even if this is false.
    #[must_use]
    pub fn control(mut self, control: bool) -> Self {
        self.control = control;
        self
    }

    /// The time at which the batch is appended, in milliseconds since 1970. It replaces the
    /// timestamp of every record (`message.timestamp.type=LogAppendTime`). Default: none. Producers
    /// leave it alone.
    #[must_use]
    pub fn log_append_time(mut self, time: i64) -> Self {
        self.log_append_time = Some(time);
        self
    }
}

impl fmt::Debug for BuilderOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let compression = self.compressor.as_ref().map(|c| c.compression());
        f.debug_struct("BuilderOptions")
            .field("compressor", &compression)
            .field("only_when_smaller", &self.only_when_smaller)
            .field("base_offset", &self.base_offset)
            .field("partition_leader_epoch", &self.partition_leader_epoch)
            .field("producer", &self.producer)
            .field("control", &self.control)
            .field("log_append_time", &self.log_append_time)
            .finish()
    }
}
