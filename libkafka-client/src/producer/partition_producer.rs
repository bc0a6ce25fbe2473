//! Produces to one partition.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::produce::{PartitionProduceData, TopicProduceData};
use libkafka_protocol::messages::{ProduceRequest, ProduceResponse};

use super::sequence::Sequence;
use crate::call_time::CallTime;
use crate::cluster::{Client, Leader, Partition, Route};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::{Answer, Exchange};
use crate::retryable::Retryable;
use crate::within::Within;

/// When the broker answers a produce request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Acks {
    /// Never: what becomes of the records is not known.
    None,
    /// Once the leader has them; they are lost if it is before others copied them.
    Leader,
    /// Once all replicas in sync have them (`min.insync.replicas`).
    #[default]
    All,
}

/// Produces batches to one partition, over a connection of its own to the partition's leader.
///
/// A batch is sent as it is: build it with [`batch::Builder`](crate::batch::Builder).
///
/// ```no_run
/// use libkafka_client::{Acks, Client, Config, batch::Builder};
///
/// let mut client = Client::new(Config::new("localhost:9092"))?;
/// let mut producer = client.producer("payments", 0)?.acks(Acks::All);
///
/// let mut builder = Builder::new();
/// builder.add("key", "value")?;
/// let produced = producer.produce(builder.build_bytes()?)?;
/// println!("at offset {:?}", produced.base_offset);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// After an error, [`Error::possibly_written`] says whether the batch may be in the log all the
/// same, and [`Error::retry_method`] whether it is worth sending again, at once or after
/// [`refresh`](Self::refresh).
///
/// # Pipelines
///
/// [`produce`](Self::produce) waits for its response. To keep several batches on the way,
/// [`send`](Self::send) them and [`collect`](Self::collect) the responses, which come in the
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
/// When the connection fails, so does the call at hand, [`in_flight`](Self::in_flight) is 0
/// again, and what became of all the batches that were in flight is not known.
pub struct PartitionProducer {
    pub(crate) partition: Partition,
    /// Of one that is idempotent.
    pub(crate) sequence: Option<Sequence>,
    acks: Acks,
    /// Used again for each batch.
    request: ProduceRequest,
}

/// A batch that was produced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Produced {
    /// The offset of its first record; none with [`Acks::None`], and of a duplicate that the
    /// broker remembers nothing more of.
    pub base_offset: Option<i64>,
    /// The broker had it already, from an earlier try of an idempotent producer.
    pub duplicate: bool,
    /// When the broker appended it, in milliseconds since 1970, for a topic whose records carry
    /// that time (`message.timestamp.type=LogAppendTime`).
    pub log_append_time: Option<i64>,
    /// The first offset of the partition's log, where the broker says it.
    pub log_start_offset: Option<i64>,
    /// How long the broker asks the client to hold back, or held it back.
    pub throttle: Duration,
}

impl Client {
    /// A producer for one partition.
    ///
    /// # Errors
    /// As [`leader`](Self::leader).
    pub fn producer(&mut self, topic: &str, partition: i32) -> Result<PartitionProducer, Error> {
        Ok(PartitionProducer::new(Partition::new(
            self, topic, partition,
        )?))
    }
}

impl PartitionProducer {
    fn new(partition: Partition) -> Self {
        let request = ProduceRequest {
            topic_data: vec![TopicProduceData {
                name: partition.topic.clone(),
                partition_data: vec![PartitionProduceData {
                    index: partition.index,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        };
        Self {
            partition,
            sequence: None,
            acks: Acks::default(),
            request,
        }
    }

    /// When the broker is to answer; [`Acks::All`] unless told.
    #[must_use]
    pub fn acks(mut self, acks: Acks) -> Self {
        self.acks = acks;
        self
    }

    /// Overrides [`Config::timeout`](crate::Config::timeout) for the calls on the value that this returns.
    pub fn within(&mut self, timeout: Duration) -> Within<'_, Self> {
        Within::new(self, timeout)
    }

    /// Produces a batch and waits for the broker's answer; with [`Acks::None`], there is none.
    ///
    /// # Errors
    /// [`Error::InFlight`] if responses are to be collected first; else see the
    /// [type](Self)'s description.
    pub fn produce(&mut self, batch: impl Into<Bytes>) -> Result<Produced, Error> {
        match self.in_flight() {
            0 => {}
            in_flight => return Err(Error::InFlight { in_flight }),
        }
        let deadline = self.partition.client.deadline();
        self.send_by(batch.into(), deadline)?;
        match self.collect_by(deadline)? {
            Some(produced) => Ok(produced),
            None => Ok(Produced::UNANSWERED),
        }
    }

    /// Sends a batch and does not wait for the broker's answer.
    ///
    /// # Errors
    /// [`Error::InFlight`] if as many as may be are in flight
    /// ([`max_in_flight`](crate::Config::max_in_flight)); else see the [type](Self)'s
    /// description.
    pub fn send(&mut self, batch: impl Into<Bytes>) -> Result<(), Error> {
        let deadline = self.partition.client.deadline();
        self.send_by(batch.into(), deadline)
    }

    /// Waits for the broker's answer to the batch that was sent first; none if none is in
    /// flight.
    ///
    /// # Errors
    /// See the [type](Self)'s description. After an [`Error::Broker`] the answers to the
    /// batches behind are still to be collected.
    pub fn collect(&mut self) -> Result<Option<Produced>, Error> {
        let deadline = self.partition.client.deadline();
        self.collect_by(deadline)
    }

    /// How many batches have been sent and not been answered yet.
    pub fn in_flight(&self) -> usize {
        self.partition.in_flight()
    }

    /// Finds out who leads the partition now.
    ///
    /// # Errors
    /// [`Error::InFlight`] if responses are to be collected first; else as [`Client::leader`].
    pub fn refresh(&mut self) -> Result<Leader, Error> {
        self.partition.refresh()
    }

    /// Who led the partition when last asked.
    pub fn leader(&self) -> Leader {
        self.partition.leader
    }

    /// The exchange with a broker that came to its end last.
    pub fn last_exchange(&self) -> Option<&Exchange> {
        self.partition.client.last_exchange()
    }

    fn send_by(&mut self, batch: Bytes, deadline: Deadline) -> Result<(), Error> {
        let in_flight = self.in_flight();
        if in_flight >= self.partition.client.config.max_in_flight {
            return Err(Error::InFlight { in_flight });
        }
        self.request.acks = match self.acks {
            Acks::None => 0,
            Acks::Leader => 1,
            Acks::All => -1,
        };
        self.request.timeout_ms = deadline.for_broker();
        let topic = &mut self.request.topic_data[0];
        topic.topic_id = self.partition.leader.wire_topic_id();
        topic.partition_data[0].records = Some(batch);
        let versions = self.partition.versions_with_id_from(13);
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
        let answer = exchange.partition(
            response.responses.into_iter().map(|topic| {
                let is_ours = partition.is_topic(&topic.name, topic.topic_id);
                (is_ours, topic.partition_responses)
            }),
            |answer| answer.index,
            &partition.topic,
            partition.index,
        )?;
        let duplicate = answer.error_code == ErrorCode::DUPLICATE_SEQUENCE_NUMBER;
        if !answer.error_code.is_ok() && !duplicate {
            let leader = answer.current_leader;
            let nodes = response.node_endpoints.into_iter();
            self.partition.hint(
                leader.leader_id,
                leader.leader_epoch,
                nodes.map(|node| (node.node_id, node.host, node.port, node.rack)),
            );
            let mut error = exchange.refusal(answer.error_code, answer.error_message);
            if let Error::Broker { code, in_doubt, .. } = &mut error {
                // With an offset, the leader had appended the batch, and lost the partition while
                // it waited for other replicas. A disk may fail behind the append.
                *in_doubt |= answer.base_offset >= 0 || *code == ErrorCode::KAFKA_STORAGE_ERROR;
            }
            return Err(error);
        }
        let known = |n: i64| (n >= 0).then_some(n);
        Ok(Produced {
            base_offset: known(answer.base_offset),
            duplicate,
            log_append_time: known(answer.log_append_time_ms),
            log_start_offset: known(answer.log_start_offset),
            throttle: Duration::from_millis(response.throttle_time_ms.max(0) as u64),
        })
    }
}

impl Produced {
    const UNANSWERED: Self = Self {
        base_offset: None,
        duplicate: false,
        log_append_time: None,
        log_start_offset: None,
        throttle: Duration::ZERO,
    };
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
            .field("sequence", &self.sequence)
            .finish_non_exhaustive()
    }
}
