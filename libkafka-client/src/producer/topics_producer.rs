//! `Producer`: produces to all partitions of any topics.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::core::{Core, lock};
use super::deliveries::DeliveryCounts;
use super::delivery::{Delivery, Ticket};
use super::driver::Driver;
use super::engine::Engine;
use super::inbox::Inbox;
use super::lane_options::ProduceLaneOptions;
use super::producer_config::ProducerConfig;
use super::producer_record::ProducerRecord;
use crate::cluster::Client;
use crate::config::Config;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::net::Stop;

/// Produces records to all partitions of any topics, in batches, over one connection to each
/// broker.
///
/// Every method takes `&self`, so any number of threads may use one producer: those that send, and
/// those that are given to it by [`work`](Self::work). Nothing happens between calls. Whoever
/// waits, works: a thread that waits for room, for a delivery or for [`flush`](Self::flush)
/// meanwhile sends what is to be sent and takes answers, for all. A thread that only sends sends
/// batches on as they become full. Without a thread in [`work`](Self::work), a batch whose linger
/// time is over leaves with the next call.
///
/// ```no_run
/// use std::time::Duration;
/// use libkafka_client::{Config, Producer, ProducerConfig, ProducerRecord};
///
/// let config = Config::new("localhost:9092");
/// let producer = Producer::new(config, ProducerConfig::new())?;
/// let wait = Duration::from_secs(10);
/// for n in 0..1_000_000 {
///     let key = format!("order-{n}");
///     producer.send(&ProducerRecord::new("orders", &key, "paid"), wait)?;
/// }
/// for lost in producer.close(Duration::from_secs(60)) {
///     eprintln!("{lost}");
/// }
/// # Ok::<(), libkafka_client::Error>(())
/// ```
///
/// # Order
///
/// The batches of a partition are stored in the order of their records. By default they are
/// numbered ([`ProducerConfig::idempotent`]), and each is stored once, whatever becomes of
/// connections and brokers. When one fails, the partition sends nothing new until all that is in
/// flight has been answered, and then goes on from the first that failed. If the broker has lost
/// count, the partition goes on with another producer id, for itself alone, and what may have been
/// stored under the one before is reported as in doubt.
///
/// # Deliveries
///
/// What became of each batch is told by a [`Delivery`]: the next one by
/// [`take_delivery`](Self::take_delivery), that of a record by [`delivery_of`](Self::delivery_of).
/// Take at least the failures: they are kept until somebody does, in the memory of the producer,
/// with the batches themselves.
///
/// # Memory
///
/// Batches take no more than [`ProducerConfig::memory`]. When that is used up, [`send`](Self::send)
/// waits, and in the end returns [`Error::BufferFull`], which says what is in the way. A partition
/// has a share, and so has a broker, so that one that is stuck leaves room for the others; a thread
/// that is not to wait for it sends with `Duration::ZERO`.
pub struct Producer {
    engine: Engine,
}

impl Producer {
    /// A producer for a cluster. It sends nothing until it is used.
    ///
    /// # Errors
    /// [`Error::Bootstrap`] and [`Error::Config`] for configurations that make no sense, or if the
    /// system has no socket for threads to wake each other.
    pub fn new(config: Config, producer: ProducerConfig) -> Result<Self, Error> {
        producer.check()?;
        let client = Client::new(config)?;
        let inbox = Inbox::new().map_err(|error| Error::Config {
            option: "producer",
            reason: format!("no sockets to wake its threads by: {error}"),
        })?;
        let lane_options = ProduceLaneOptions::new()
            .acks(producer.acks)
            .max_in_flight(producer.in_flight())
            .max_request_bytes(producer.max_request_bytes);
        let driver = Driver::new(client, lane_options);
        Ok(Self {
            engine: Engine::new(Core::new(producer, inbox), driver),
        })
    }

    /// Puts a record into the open batch of its partition, for the producer to send. Returns a
    /// ticket for its [`Delivery`].
    ///
    /// Waits for no longer than `wait`: for the partitions of a topic, with the first record for
    /// it, and for memory. Works meanwhile.
    ///
    /// # Errors
    /// [`Error::BufferFull`], [`Error::UnknownTopic`], [`Error::UnknownPartition`],
    /// [`Error::RecordTooLarge`], [`Error::ProducerClosed`], and [`Error::Batch`] for a timestamp
    /// too far from those of the other records. The record was not taken then.
    #[inline]
    pub fn send(&self, record: &ProducerRecord<'_>, wait: Duration) -> Result<Ticket, Error> {
        self.engine.send(record, wait)
    }

    /// Sends a batch as it is, after all records that were sent to the partition before: one that
    /// was fetched from another cluster, say. What its header says of offsets, of a producer and of
    /// the log's time is replaced. Otherwise as [`send`](Self::send).
    ///
    /// # Errors
    /// The errors of [`send`](Self::send); [`Error::Batch`] if it is not one whole batch of magic
    /// 2.
    pub fn send_batch(
        &self,
        topic: &str,
        partition: i32,
        batch: Bytes,
        wait: Duration,
    ) -> Result<Ticket, Error> {
        self.engine.send_batch(topic, partition, batch, wait)
    }

    /// Takes the next delivery that nobody has taken, in the order in which batches met their fate.
    /// `None` if there is none within `wait`. Works meanwhile.
    ///
    /// Of stored batches, so many are kept ([`ProducerConfig::kept_deliveries`]); older ones are
    /// only [counted](Self::counts).
    pub fn take_delivery(&self, wait: Duration) -> Option<Arc<Delivery>> {
        let take = |core: &Core| lock(&core.deliveries).take_next();
        let taken = take(&self.engine.core);
        taken.or_else(|| self.engine.work_until(Deadline::after(wait), None, take))
    }

    /// The delivery of the batch of a record, which counts as taken then. `None` if its fate is not
    /// known within `wait`, or the delivery is not kept any more. Works meanwhile.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use libkafka_client::{Config, Producer, ProducerConfig, ProducerRecord};
    /// # let producer = Producer::new(Config::new("localhost:9092"), ProducerConfig::new())?;
    /// let wait = Duration::from_secs(10);
    /// let ticket = producer.send(&ProducerRecord::new("orders", "order-1", "paid"), wait)?;
    /// if let Some(delivery) = producer.delivery_of(&ticket, wait) {
    ///     println!("{:?}", delivery.offset_of(&ticket));
    /// }
    /// # Ok::<(), libkafka_client::Error>(())
    /// ```
    pub fn delivery_of(&self, ticket: &Ticket, wait: Duration) -> Option<Arc<Delivery>> {
        let mut from = 0;
        let find = |core: &Core| {
            let found = lock(&core.deliveries).find(ticket, &mut from);
            match found {
                Some(delivery) => Some(Some(delivery)),
                // It was kept no longer.
                None if core.is_decided(ticket) => {
                    Some(lock(&core.deliveries).find(ticket, &mut from))
                }
                None => None,
            }
        };
        self.engine.work_until(Deadline::after(wait), None, find)?
    }

    /// How many batches and records met which fate so far.
    pub fn counts(&self) -> DeliveryCounts {
        lock(&self.engine.core.deliveries).counts()
    }

    /// Bytes of memory that batches take now.
    pub fn memory_used(&self) -> usize {
        lock(&self.engine.core.memory).used()
    }

    /// Gives the thread to the producer until `stop` is stopped, or the producer closed: it sends
    /// batches when their linger time is over, compresses them, and takes answers.
    ///
    /// One thread is enough to drive all connections. Further ones help to compress.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use libkafka_client::{Config, Producer, ProducerConfig, ProducerRecord, Stop};
    /// # let producer = Producer::new(Config::new("localhost:9092"), ProducerConfig::new())?;
    /// let stop = Stop::new()?;
    /// std::thread::scope(|scope| {
    ///     scope.spawn(|| producer.work(&stop));
    ///     let wait = Duration::from_secs(10);
    ///     let sent = producer.send(&ProducerRecord::new("orders", "order-1", "paid"), wait);
    ///     let flushed = producer.flush(wait);
    ///     stop.stop();
    ///     sent.and(flushed)
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn work(&self, stop: &Stop) {
        self.engine.work(stop);
    }

    /// Sends everything that was sent before the call, without waiting for linger times, and waits
    /// until the fate of all of it is known: stored, or failed, which is for
    /// [deliveries](Self::take_delivery) to tell. Works meanwhile.
    ///
    /// # Errors
    /// [`Error::Unfinished`] if that takes longer than `wait`. Nothing is lost then: the producer
    /// goes on with it.
    pub fn flush(&self, wait: Duration) -> Result<(), Error> {
        self.engine.flush(Deadline::after(wait))
    }

    /// Takes no more records, [flushes](Self::flush), and gives up what is not done within `wait`.
    /// Returns what did not get through: every failure that nobody has taken, with its batch.
    ///
    /// What was in flight may have been stored: see
    /// [`possibly_written`](crate::delivery::Failure::possibly_written).
    pub fn close(&self, wait: Duration) -> Vec<Arc<Delivery>> {
        self.engine.close(Deadline::after(wait))
    }
}

impl fmt::Debug for Producer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Producer")
            .field("config", &self.engine.core.config)
            .field("memory_used", &self.memory_used())
            .field("counts", &self.counts())
            .finish_non_exhaustive()
    }
}
