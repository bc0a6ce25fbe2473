//! `ProducerConfig` and `Partitioner`: the configuration of a producer.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use libkafka_batch::{Builder, BuilderOptions, Compressor};

use super::memory::memory_of;
use super::options::Acks;
use super::producer_record::ProducerRecord;
use crate::cluster::RefreshPacing;
use crate::error::Error;
use crate::retry::RetryPolicy;

/// The configuration of a [`Producer`](crate::Producer), which
/// [`Producer::new`](crate::Producer::new) takes.
///
/// ```
/// use std::time::Duration;
/// use libkafka_client::ProducerConfig;
/// use libkafka_client::batch::Lz4;
///
/// let config = ProducerConfig::new()
///     .linger(Duration::from_millis(20))
///     .compressor(|| Lz4::new());
/// ```
#[derive(Clone)]
#[must_use]
pub struct ProducerConfig {
    pub(super) linger: Duration,
    pub(super) batch_bytes: usize,
    pub(super) max_request_bytes: usize,
    pub(super) memory: usize,
    pub(super) partition_memory: Option<usize>,
    pub(super) acks: Acks,
    pub(super) idempotent: Option<bool>,
    pub(super) at_least_once: bool,
    pub(super) max_in_flight: Option<usize>,
    pub(super) delivery_time: Duration,
    pub(super) retry: RetryPolicy,
    pub(super) partitioner: Partitioner,
    pub(super) compressing: Option<NewBuilder>,
    pub(super) kept_deliveries: usize,
    pub(super) metadata_interval: Duration,
}

/// Makes builders that compress.
pub(super) type NewBuilder = Arc<dyn Fn() -> Builder + Send + Sync>;

/// Chooses the partition of records that do not name one.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Partitioner {
    /// As Kafka's Java producer does: by the hash of the key if there is one
    /// ([`partition_for_key`](crate::batch::partition_for_key)), otherwise with the
    /// [`StickyPartitioner`](crate::StickyPartitioner).
    #[default]
    Java,
    /// With a function of the record and the number of partitions; `None` leaves the choice to the
    /// [`StickyPartitioner`](crate::StickyPartitioner). See [`Partitioner::by`].
    Function(Arc<PartitionFunction>),
}

/// The function of a [`Partitioner::Function`].
pub type PartitionFunction = dyn Fn(&ProducerRecord<'_>, i32) -> Option<i32> + Send + Sync;

impl Partitioner {
    /// Chooses with a function of the record and the number of partitions of its topic, which may
    /// grow. A record for which it returns `None` goes to any partition.
    ///
    /// ```
    /// use libkafka_client::{Partitioner, ProducerConfig};
    ///
    /// // By the length of the key.
    /// let by_length = Partitioner::by(|record, partitions| {
    ///     Some(record.key?.len() as i32 % partitions)
    /// });
    /// let config = ProducerConfig::new().partitioner(by_length);
    /// ```
    pub fn by(
        choose: impl Fn(&ProducerRecord<'_>, i32) -> Option<i32> + Send + Sync + 'static,
    ) -> Self {
        Self::Function(Arc::new(choose))
    }
}

impl fmt::Debug for Partitioner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Java => "Java",
            Self::Function(_) => "Function",
        })
    }
}

impl Default for ProducerConfig {
    fn default() -> Self {
        Self {
            linger: Duration::from_millis(5),
            batch_bytes: 64 << 10,
            max_request_bytes: 1 << 20,
            memory: 32 << 20,
            partition_memory: None,
            acks: Acks::All,
            idempotent: None,
            at_least_once: false,
            max_in_flight: None,
            delivery_time: Duration::from_secs(120),
            retry: RetryPolicy::default(),
            partitioner: Partitioner::Java,
            compressing: None,
            kept_deliveries: 1024,
            metadata_interval: RefreshPacing::MAX_AGE,
        }
    }
}

impl ProducerConfig {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how long a batch waits for more records, from its first record on. Default: 5 ms.
    ///
    /// A batch that cannot leave yet, because its broker has not answered enough of what it was
    /// sent, continues to accept records. While more than half of the memory is in use, only a
    /// quarter of a broker's open batches leave with each request, those that have been open for
    /// longest: the others become larger while they wait. The thread that works keeps the time:
    /// [`Producer::work`](crate::Producer::work).
    pub fn linger(mut self, linger: Duration) -> Self {
        self.linger = linger;
        self
    }

    /// Sets the size, before compression, at which a batch is closed, in bytes. Default: 64 KiB. A
    /// single record that is larger has a batch of its own.
    pub fn batch_bytes(mut self, bytes: usize) -> Self {
        self.batch_bytes = bytes;
        self
    }

    /// Sets the maximum size of the batches in a request, in bytes. It is also the maximum size of
    /// a record, before compression, with the header of its batch. Default: 1 MiB, a little less
    /// than a broker accepts by default (`message.max.bytes`).
    pub fn max_request_bytes(mut self, bytes: usize) -> Self {
        self.max_request_bytes = bytes;
        self
    }

    /// Sets the memory for batches, in bytes: those that are open, waiting or in flight, and failed
    /// ones whose [`Delivery`](crate::Delivery) has not been taken. Default: 32 MiB. When it is
    /// used up, sending waits. About a kilobyte for each batch counts besides its records.
    ///
    /// The partitions of one broker get no more of it than is left for the others, so that a broker
    /// that stands still does not stop the others.
    pub fn memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// Sets the share of the memory that a partition may have, in bytes. Default: a quarter, and at
    /// least enough for two batches.
    pub fn partition_memory(mut self, bytes: usize) -> Self {
        self.partition_memory = Some(bytes);
        self
    }

    /// Sets when brokers answer. Default: [`Acks::All`]. With any other value, batches are numbered
    /// only if [`idempotent`](Self::idempotent) says so, which brokers then refuse.
    pub fn acks(mut self, acks: Acks) -> Self {
        self.acks = acks;
        self
    }

    /// Sets whether batches are numbered, so that brokers store each once and in order whatever
    /// fails (KIP-98). Default: true with [`Acks::All`], which it requires.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = Some(idempotent);
        self
    }

    /// Sets whether a batch is sent again when it may have been stored and no numbers prevent it
    /// from being stored twice, because there are none or because the broker lost them. Default:
    /// false, with which it is reported as in doubt.
    pub fn at_least_once(mut self, at_least_once: bool) -> Self {
        self.at_least_once = at_least_once;
        self
    }

    /// Sets the maximum number of batches of a partition, and of requests to a broker, that are in
    /// flight at the same time, from 1 to 5. Default: 5 with numbers, 1 without, since a batch that
    /// fails would then be stored after the one that follows it.
    pub fn max_in_flight(mut self, batches: usize) -> Self {
        self.max_in_flight = Some(batches);
        self
    }

    /// Sets the time from the first record of a batch until its outcome is known. Default: 120 s. A
    /// batch that is in flight at the end of that time fails and is in doubt.
    pub fn delivery_time(mut self, time: Duration) -> Self {
        self.delivery_time = time;
        self
    }

    /// Sets how long a partition pauses after a failure. Default: that of [`RetryPolicy`], from 100
    /// ms to 1 s. The policy does not decide what is retried and how often;
    /// [`delivery_time`](Self::delivery_time) does.
    pub fn retry_pauses(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets what chooses the partition of records that do not name one. Default:
    /// [`Partitioner::Java`].
    pub fn partitioner(mut self, partitioner: Partitioner) -> Self {
        self.partitioner = partitioner;
        self
    }

    /// Compresses batches. Each thread that compresses at the same time as others makes a
    /// compressor of its own. Default: no compression.
    pub fn compressor<C: Compressor + Send + 'static>(
        mut self,
        new: impl Fn() -> C + Send + Sync + 'static,
    ) -> Self {
        self.compressing = Some(Arc::new(move || {
            Builder::with_options(BuilderOptions::new().compressor(new()))
        }));
        self
    }

    /// Sets how many deliveries of stored batches are kept until they are taken
    /// ([`Producer::take_delivery`](crate::Producer::take_delivery)). Older ones are counted and
    /// dropped. Default: 1,024. Failures are always kept.
    pub fn kept_deliveries(mut self, deliveries: usize) -> Self {
        self.kept_deliveries = deliveries;
        self
    }

    /// Sets how often to look for partitions that were added to topics, like Kafka's
    /// `metadata.max.age.ms`. Default: 5 minutes.
    ///
    /// If a leader fails, metadata is requested sooner.
    pub fn metadata_interval(mut self, interval: Duration) -> Self {
        self.metadata_interval = interval;
        self
    }

    pub(super) fn is_idempotent(&self) -> bool {
        self.idempotent.unwrap_or(self.acks == Acks::All)
    }

    pub(super) fn in_flight(&self) -> usize {
        let usual = if self.is_idempotent() { 5 } else { 1 };
        self.max_in_flight.unwrap_or(usual)
    }

    /// # Errors
    /// [`Error::Config`] if a value makes no sense.
    pub(super) fn check(&self) -> Result<(), Error> {
        let wrong = |option, reason: &str| {
            let reason = reason.to_owned();
            Err(Error::Config { option, reason })
        };
        match self {
            _ if self.is_idempotent() && self.acks != Acks::All => wrong(
                "idempotent",
                "takes acknowledgements of all replicas (Acks::All)",
            ),
            _ if !(1..=5).contains(&self.in_flight()) => {
                wrong("max_in_flight", "must be from 1 to 5")
            }
            _ if self.batch_bytes == 0 => wrong("batch_bytes", "must be more than zero"),
            _ if self.max_request_bytes < self.batch_bytes => {
                wrong("max_request_bytes", "must be no less than batch_bytes")
            }
            _ if self.memory < 2 * memory_of(self.batch_bytes) => {
                wrong("memory", "must be enough for two batches of batch_bytes")
            }
            _ if self.delivery_time < self.linger => {
                wrong("delivery_time", "must be more than linger")
            }
            _ => Ok(()),
        }
    }

    /// The size of the largest batch that there is memory for, in bytes.
    pub(super) fn largest_batch(&self) -> usize {
        let most = self.share().saturating_sub(memory_of(0));
        self.max_request_bytes.min(most)
    }

    /// The memory that a partition may have.
    pub(super) fn share(&self) -> usize {
        let two_batches = 2 * (self.batch_bytes + (8 << 10));
        let share = self.partition_memory.unwrap_or(self.memory / 4);
        share.max(two_batches).min(self.memory)
    }
}

impl fmt::Debug for ProducerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProducerConfig")
            .field("linger", &self.linger)
            .field("batch_bytes", &self.batch_bytes)
            .field("max_request_bytes", &self.max_request_bytes)
            .field("memory", &self.memory)
            .field("partition_memory", &self.partition_memory)
            .field("acks", &self.acks)
            .field("idempotent", &self.is_idempotent())
            .field("at_least_once", &self.at_least_once)
            .field("max_in_flight", &self.in_flight())
            .field("delivery_time", &self.delivery_time)
            .field("retry_pauses", &self.retry)
            .field("partitioner", &self.partitioner)
            .field("compresses", &self.compressing.is_some())
            .field("kept_deliveries", &self.kept_deliveries)
            .field("metadata_interval", &self.metadata_interval)
            .finish()
    }
}
