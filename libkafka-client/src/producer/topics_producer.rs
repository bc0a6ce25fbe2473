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
/// those that are given to it with [`work`](Self::work). Nothing happens between calls. A thread
/// that waits does the work: while it waits for room, for a delivery or for [`flush`](Self::flush),
/// it sends batches and receives answers on behalf of all threads. A thread that only sends passes
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
/// numbered ([`ProducerConfig::idempotent`]), and each is stored once, whatever happens to
/// connections and brokers. When one fails, the partition sends nothing new until everything in
/// flight has been answered, and then continues with the first that failed. If the broker has lost
/// track of the numbers, the partition continues with another producer id, which only this
/// partition uses, and batches that may have been stored under the previous id are reported as in
/// doubt.
///
/// # Deliveries
///
/// A [`Delivery`] reports the outcome of each batch: [`take_delivery`](Self::take_delivery) returns
/// the next one, [`delivery_of`](Self::delivery_of) that of a record. Take at least the failures:
/// they are kept until you do, together with the batches themselves, in the memory of the producer.
///
/// # Memory
///
/// Batches take no more than [`ProducerConfig::memory`]. When that is used up, [`send`](Self::send)
/// waits, and finally returns [`Error::BufferFull`], which says what is in the way. A partition has
/// a share of the memory, and so has a broker, so one that is stuck leaves room for the others. To
/// avoid waiting for it, send with `Duration::ZERO`.
pub struct Producer {
    engine: Engine,
}

impl Producer {
    /// Makes a producer for a cluster. It sends nothing until it is used.
    ///
    /// # Errors
    /// [`Error::Bootstrap`] and [`Error::Config`] if a configuration makes no sense, or if the
    /// system has no sockets for threads to wake each other with.
    pub fn new(config: Config, producer: ProducerConfig) -> Result<Self, Error> {
        producer.check()?;
        let client = Client::new(config)?;
        let inbox = Inbox::new().map_err(|error| Error::Config {
            option: "producer",
            reason: format!("no sockets to wake its threads with: {error}"),
        })?;
        let lane_options = ProduceLaneOptions::new()
            .acks(producer.acks)
            .max_in_flight(producer.in_flight())
            .max_request_bytes(producer.max_request_bytes);
        let driver = Driver::new(client, lane_options, producer.metadata_interval);
        Ok(Self {
            engine: Engine::new(Core::new(producer, inbox), driver),
        })
    }

    /// Puts a record into the open batch of its partition, for the producer to send. Returns a
    /// ticket for its [`Delivery`].
    ///
    /// Waits no longer than `wait`: for the partitions of a topic, with the first record for it,
    /// and for memory. Works meanwhile.
    ///
    /// # Errors
    /// [`Error::BufferFull`], [`Error::UnknownTopic`], [`Error::UnknownPartition`],
    /// [`Error::RecordTooLarge`], [`Error::ProducerClosed`], and [`Error::Batch`] if the timestamp
    /// is too far from those of the other records. The record was not accepted then.
    #[inline]
    pub fn send(&self, record: &ProducerRecord<'_>, wait: Duration) -> Result<Ticket, Error> {
        self.engine.send(record, wait)
    }

    /// Sends a batch as it is, after all records that were sent to the partition before: for
    /// example one that was fetched from another cluster. Its offsets, its producer and the log's
    /// timestamp are replaced in its header. Otherwise like [`send`](Self::send).
    ///
    /// # Errors
    /// The errors of [`send`](Self::send), and [`Error::Batch`] if it is not one whole batch of
    /// magic 2.
    pub fn send_batch(
        &self,
        topic: &str,
        partition: i32,
        batch: Bytes,
        wait: Duration,
    ) -> Result<Ticket, Error> {
        self.engine.send_batch(topic, partition, batch, wait)
    }

    /// Takes the next delivery that has not been taken, in the order in which the outcomes became
    /// known. `None` if there is none within `wait`. Works meanwhile.
    ///
    /// A limited number of deliveries of stored batches is kept
    /// ([`ProducerConfig::kept_deliveries`]); older ones are only [counted](Self::counts).
    pub fn take_delivery(&self, wait: Duration) -> Option<Arc<Delivery>> {
        let take = |core: &Core| lock(&core.deliveries).take_next();
        let taken = take(&self.engine.core);
        taken.or_else(|| self.engine.work_until(Deadline::after(wait), take))
    }

    /// The delivery of the batch of a record, which then counts as taken. `None` if the outcome is
    /// not known within `wait`, or the delivery is no longer kept. Works meanwhile.
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
        self.engine.work_until(Deadline::after(wait), find)?
    }

    /// The number of batches and records with each outcome so far.
    pub fn counts(&self) -> DeliveryCounts {
        lock(&self.engine.core.deliveries).counts()
    }

    /// The memory that batches take now, in bytes.
    pub fn memory_used(&self) -> usize {
        lock(&self.engine.core.memory).used()
    }

    /// Gives the thread to the producer until `stop` is stopped or the producer is closed: it sends
    /// batches when their linger time is over, compresses them, and receives answers.
    ///
    /// One thread is enough to drive all connections. Further threads help to compress.
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
    /// until the outcome of all of it is known: stored or failed, as the
    /// [deliveries](Self::take_delivery) say. Works meanwhile.
    ///
    /// # Errors
    /// [`Error::Unfinished`] if that takes longer than `wait`. Nothing is lost then: the producer
    /// continues with it.
    pub fn flush(&self, wait: Duration) -> Result<(), Error> {
        self.engine.flush(Deadline::after(wait))
    }

    /// Accepts no more records, [flushes](Self::flush), and gives up what is not done within
    /// `wait`. Returns what was not stored: every failure that has not been taken, with its batch.
    ///
    /// Batches that were in flight may have been stored: see
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
