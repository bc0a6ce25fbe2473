//! `PartitionProducer`: produces to one partition.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use libkafka_batch::ProducerInfo;
use libkafka_protocol::messages::{ProduceRequest, ProduceResponse};

use super::options::{Acks, Numbers, ProducerOptions};
use super::produced::Produced;
use super::request::{TOPIC_ID_VERSION, outcome, put, request};
use crate::call_time::CallTime;
use crate::cluster::{Client, Leader, LeaderHint, Partition, Route};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::{Answer, Exchange};
use crate::retryable::Retryable;
use crate::topic_partition::TopicPartition;
use crate::within::Within;

/// Produces batches to one partition, over its own connection to the partition's leader.
///
/// A batch is sent as it is: build it with [`batch::Builder`](crate::batch::Builder).
///
/// ```no_run
/// use libkafka_client::{Client, Config, batch::Builder};
///
/// let mut client = Client::new(Config::new("localhost:9092"))?;
/// let mut producer = client.producer("payments", 0)?;
///
/// let mut builder = Builder::new();
/// builder.add("key", "value")?;
/// let produced = producer.produce(builder.build_bytes()?)?;
/// println!("at offset {:?}", produced.base_offset);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// After an error, [`Error::possibly_written`] says whether the batch may be in the log all the
/// same, and [`Error::retry_method`] whether to send it again, either at once or after
/// [`refresh`](Self::refresh).
///
/// # Pipelines
///
/// [`produce`](Self::produce) waits for its response. To keep several batches in flight,
/// [`send`](Self::send) them and [`collect`](Self::collect) the responses, which arrive in the
/// order of the batches.
///
/// ```no_run
/// # use libkafka_client::{Client, Config, Error};
/// # use bytes::Bytes;
/// # fn run(client: &mut Client, batches: Vec<Bytes>) -> Result<(), Error> {
/// let mut producer = client.producer("payments", 0)?;
/// for batch in batches {
///     if producer.in_flight() == 5 {
///         producer.collect()?;
///     }
///     producer.send(batch)?;
/// }
/// while producer.collect()?.is_some() {}
/// # Ok(())
/// # }
/// ```
///
/// If the connection fails, so does the current call; [`in_flight`](Self::in_flight) is then 0, and
/// the outcome of all batches that were in flight is not known.
pub struct PartitionProducer {
    pub(super) partition: Partition,
    /// The next number of an idempotent producer.
    pub(super) producer_info: Option<ProducerInfo>,
    acks: Acks,
    /// The request, reused for each batch.
    request: ProduceRequest,
}

impl Client {
    /// Makes a producer for one partition, with the default options.
    ///
    /// # Errors
    /// The errors of [`leader`](Self::leader).
    pub fn producer(&mut self, topic: &str, partition: i32) -> Result<PartitionProducer, Error> {
        self.producer_with(topic, partition, ProducerOptions::new())
    }

    /// Makes a producer for one partition.
    ///
    /// # Errors
    /// The errors of [`leader`](Self::leader) and, for an idempotent producer, of
    /// [`PartitionProducer::renew`].
    pub fn producer_with(
        &mut self,
        topic: &str,
        partition: i32,
        options: ProducerOptions,
    ) -> Result<PartitionProducer, Error> {
        PartitionProducer::new(Partition::new(self, topic, partition)?, options)
    }

    /// Makes a producer for a partition whose leader is known, for example from a
    /// [`Topology`](crate::Topology). The only request that it sends is for the id of an idempotent
    /// producer.
    ///
    /// # Errors
    /// For an idempotent producer, the errors of [`PartitionProducer::renew`].
    pub fn producer_at(
        &self,
        partition: &TopicPartition,
        leader: Leader,
        options: ProducerOptions,
    ) -> Result<PartitionProducer, Error> {
        PartitionProducer::new(Partition::at(self, partition, leader), options)
    }
}

impl PartitionProducer {
    fn new(partition: Partition, options: ProducerOptions) -> Result<Self, Error> {
        let mut request = request(options.acks, Deadline::after(Duration::ZERO));
        let topic = &partition.topic;
        put(
            &mut request,
            topic,
            partition.leader.wire_topic_id(),
            partition.index,
            Bytes::new(),
        );
        let mut producer = Self {
            partition,
            producer_info: None,
            acks: options.acks,
            request,
        };
        match options.numbers {
            Numbers::None => {}
            Numbers::New => drop(producer.renew()?),
            Numbers::From(info) => producer.producer_info = Some(info),
        }
        Ok(producer)
    }

    /// Overrides [`Config::timeout`](crate::Config::timeout) for the calls on the returned value.
    pub fn within(&mut self, timeout: Duration) -> Within<'_, Self> {
        Within::new(self, timeout)
    }

    /// Produces a batch and waits for the broker's answer; with [`Acks::None`] there is none.
    ///
    /// # Errors
    /// [`Error::Uncollected`] if responses must be collected first; otherwise see the
    /// [type](Self)'s description.
    pub fn produce(&mut self, batch: impl Into<Bytes>) -> Result<Produced, Error> {
        match self.in_flight() {
            0 => {}
            in_flight => return Err(Error::Uncollected { in_flight }),
        }
        let deadline = self.partition.client.deadline();
        self.send_by(batch.into(), deadline)?;
        Ok(self.collect_by(deadline)?.unwrap_or_default())
    }

    /// Sends a batch without waiting for the broker's answer.
    ///
    /// # Errors
    /// [`Error::InFlight`] if the maximum number of batches is in flight
    /// ([`max_in_flight`](crate::Config::max_in_flight)); otherwise see the [type](Self)'s
    /// description.
    pub fn send(&mut self, batch: impl Into<Bytes>) -> Result<(), Error> {
        let deadline = self.partition.client.deadline();
        self.send_by(batch.into(), deadline)
    }

    /// Waits for the broker's answer to the earliest batch in flight. `None` if none is in flight.
    ///
    /// # Errors
    /// See the [type](Self)'s description. After an [`Error::Broker`] the answers to later batches
    /// can still be collected.
    pub fn collect(&mut self) -> Result<Option<Produced>, Error> {
        let deadline = self.partition.client.deadline();
        self.collect_by(deadline)
    }

    /// The number of batches that have been sent and not answered yet.
    pub fn in_flight(&self) -> usize {
        self.partition.in_flight()
    }

    /// Looks up the current leader of the partition.
    ///
    /// # Errors
    /// [`Error::Uncollected`] if responses must be collected first, and the errors of
    /// [`Client::leader`].
    pub fn refresh(&mut self) -> Result<Leader, Error> {
        self.partition.refresh()
    }

    /// The leader of the partition when it was last looked up.
    pub fn leader(&self) -> Leader {
        self.partition.leader
    }

    /// The last exchange with a broker that ended, successfully or not.
    pub fn last_exchange(&self) -> Option<&Exchange> {
        self.partition.client.last_exchange()
    }

    fn send_by(&mut self, batch: Bytes, deadline: Deadline) -> Result<(), Error> {
        let in_flight = self.in_flight();
        if in_flight >= self.partition.client.config.max_in_flight {
            return Err(Error::InFlight { in_flight });
        }
        self.request.timeout_ms = deadline.for_broker();
        let topic = &mut self.request.topic_data[0];
        topic.topic_id = self.partition.leader.wire_topic_id();
        topic.partition_data[0].records = Some(batch);
        let versions = self.partition.versions_with_id_from(TOPIC_ID_VERSION);
        let answered = self.acks != Acks::None;
        let leader = Route::Broker(self.partition.leader.id);
        let client = &mut self.partition.client;
        let result = client.send(leader, versions, &self.request, answered, deadline);
        // Dropped here, so that the builder can have its memory back.
        self.request.topic_data[0].partition_data[0].records = None;
        result
    }

    fn collect_by(&mut self, deadline: Deadline) -> Result<Option<Produced>, Error> {
        match self.partition.client.receive(deadline)? {
            Some(answer) => self.produced(answer).map(Some),
            None => Ok(None),
        }
    }

    fn produced(&mut self, answer: Answer<ProduceResponse>) -> Result<Produced, Error> {
        let Answer { response, exchange } = answer;
        let partition = &self.partition;
        let mut answer = exchange.partition(
            response.responses.into_iter().map(|topic| {
                let is_ours = partition.is_topic(&topic.name, topic.topic_id);
                (is_ours, topic.partition_responses)
            }),
            |answer| answer.index,
            &partition.topic,
            partition.index,
        )?;
        let leader = std::mem::take(&mut answer.current_leader);
        let result = outcome(answer, response.throttle_time_ms, &exchange);
        if result.is_err() {
            let nodes = response.node_endpoints.iter();
            self.partition.hint(LeaderHint::new(
                leader.leader_id,
                leader.leader_epoch,
                nodes.map(|node| (node.node_id, &*node.host, node.port, &node.rack)),
            ));
        }
        result
    }
}

impl Retryable for PartitionProducer {
    fn refresh(&mut self) -> Result<(), Error> {
        PartitionProducer::refresh(self).map(drop)
    }

    fn call_time(&mut self) -> &mut CallTime {
        self.partition.client.call_time()
    }
}

impl fmt::Debug for PartitionProducer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartitionProducer")
            .field("topic", &self.partition.topic)
            .field("partition", &self.partition.index)
            .field("in_flight", &self.in_flight())
            .field("producer_info", &self.producer_info)
            .finish_non_exhaustive()
    }
}
