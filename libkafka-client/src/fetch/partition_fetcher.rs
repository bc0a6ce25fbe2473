//! `PartitionFetcher`: fetches from one partition.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, Instant};

use libkafka_protocol::messages::fetch::{FetchTopic, PartitionData};
use libkafka_protocol::messages::{FetchRequest, FetchResponse};

use super::fetched::Fetched;
use super::offset_spec::{EpochEndOffset, OffsetAndTimestamp, OffsetSpec};
use super::options::FetchOptions;
use super::position::{FetchPosition, ReadReplica};
use super::request::{
    FetchContext, FetchCursor, LAST_FETCHED_EPOCH_VERSION, Outcome, TOPIC_ID_VERSION, outcome,
};
use crate::call_time::CallTime;
use crate::cluster::{Client, Leader, LeaderHint, Partition, Route};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::{Answer, Exchange};
use crate::retryable::Retryable;
use crate::topic_partition::TopicPartition;
use crate::within::Within;

/// The most brokers that one fetch asks: a replica that fails, the leader, and the replica that the
/// leader names.
const MOST_BROKERS: usize = 3;

/// Fetches record batches from one partition, over its own connection to the partition's leader.
///
/// It starts at offset 0 and never moves by itself: read the batches, then [`seek`](Self::seek) to
/// where the next fetch should begin.
///
/// ```no_run
/// use libkafka_client::{Client, Config, OffsetSpec};
///
/// let mut client = Client::new(Config::new("localhost:9092"))?;
/// let mut fetcher = client.fetcher("payments", 0)?;
/// fetcher.seek_to(OffsetSpec::Earliest)?;
/// loop {
///     let fetched = fetcher.fetch()?;
///     let mut batches = fetched.visible_batches();
///     for batch in &mut batches {
///         for record in &batch?.records()? {
///             println!("{:?}", record?.value_text());
///         }
///     }
///     fetcher.seek(batches.next_offset());
/// }
/// # #[allow(unreachable_code)]
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// After an error, [`Error::retry_method`] says whether to fetch again, either at once or after
/// [`refresh`](Self::refresh).
pub struct PartitionFetcher {
    partition: Partition,
    position: FetchPosition,
    replica: ReadReplica,
    options: FetchOptions,
    /// The request, reused for each fetch.
    request: FetchRequest,
}

impl Client {
    /// Makes a fetcher for one partition, with the default options.
    ///
    /// # Errors
    /// The errors of [`leader`](Self::leader).
    pub fn fetcher(&mut self, topic: &str, partition: i32) -> Result<PartitionFetcher, Error> {
        self.fetcher_with(topic, partition, FetchOptions::new())
    }

    /// Makes a fetcher for one partition.
    ///
    /// # Errors
    /// The errors of [`leader`](Self::leader).
    pub fn fetcher_with(
        &mut self,
        topic: &str,
        partition: i32,
        options: FetchOptions,
    ) -> Result<PartitionFetcher, Error> {
        let partition = Partition::new(self, topic, partition)?;
        Ok(PartitionFetcher::new(partition, options))
    }

    /// Makes a fetcher for a partition whose leader is known, for example from a
    /// [`Topology`](crate::Topology). It sends no request.
    pub fn fetcher_at(
        &self,
        partition: &TopicPartition,
        leader: Leader,
        options: FetchOptions,
    ) -> PartitionFetcher {
        PartitionFetcher::new(Partition::at(self, partition, leader), options)
    }
}

impl PartitionFetcher {
    fn new(partition: Partition, options: FetchOptions) -> Self {
        Self {
            request: request(&partition, &options),
            partition,
            position: FetchPosition::default(),
            replica: ReadReplica::default(),
            options,
        }
    }

    /// The options of the fetcher.
    pub fn options(&self) -> &FetchOptions {
        &self.options
    }

    /// Changes the options, from the next fetch on.
    pub fn configure(&mut self, options: FetchOptions) {
        if options.rack != self.options.rack {
            self.replica.clear();
        }
        self.request = request(&self.partition, &options);
        self.options = options;
    }

    /// Overrides [`Config::timeout`](crate::Config::timeout) for the calls on the returned value.
    pub fn within(&mut self, timeout: Duration) -> Within<'_, Self> {
        Within::new(self, timeout)
    }

    /// The offset at which the next fetch begins.
    pub fn offset(&self) -> i64 {
        self.position.offset
    }

    /// The position at which the next fetch begins.
    pub fn position(&self) -> FetchPosition {
        self.position
    }

    /// Sets the position at which the next fetch begins: an offset, or a [`FetchPosition`] that
    /// also has the epoch of the leader that wrote the record before it.
    ///
    /// With the epoch, the fetch returns [`Error::Diverged`] if the log has lost that record in a
    /// change of leaders, which would otherwise go unnoticed (KIP-320; Kafka 2.7). With older
    /// brokers, look up [`end_of_epoch`](Self::end_of_epoch).
    pub fn seek(&mut self, position: impl Into<FetchPosition>) {
        self.position = position.into();
    }

    /// Looks up a place, sets its offset as the one at which the next fetch begins, and returns it.
    ///
    /// If there is no record, as with an [`OffsetSpec::Timestamp`] later than every record, it is
    /// the offset of [`OffsetSpec::Latest`].
    ///
    /// # Errors
    /// The errors of [`offset_of`](Self::offset_of).
    pub fn seek_to(&mut self, spec: OffsetSpec) -> Result<i64, Error> {
        let deadline = self.partition.client.deadline();
        let isolation = self.options.isolation;
        let (found, _) = self.partition.offset_of(spec, isolation, deadline)?;
        let offset = match found {
            Some(found) => found.offset,
            None => self.bound(OffsetSpec::Latest, deadline)?,
        };
        self.seek(offset);
        Ok(offset)
    }

    /// Looks up a place. `None` if there is no record.
    ///
    /// # Errors
    /// [`Error::Version`] if the broker is too old for the place, [`Error::Broker`] with the error
    /// code that the broker returned, and I/O errors.
    pub fn offset_of(&mut self, spec: OffsetSpec) -> Result<Option<OffsetAndTimestamp>, Error> {
        let deadline = self.partition.client.deadline();
        let isolation = self.options.isolation;
        let (found, _) = self.partition.offset_of(spec, isolation, deadline)?;
        Ok(found)
    }

    /// Looks up where a leader epoch ends in the log (OffsetForLeaderEpoch, KIP-101).
    ///
    /// # Errors
    /// [`Error::Version`] if the broker is older than 2.1, [`Error::Broker`] with the error code
    /// that the broker returned, and I/O errors.
    pub fn end_of_epoch(&mut self, leader_epoch: i32) -> Result<EpochEndOffset, Error> {
        let deadline = self.partition.client.deadline();
        self.partition.end_of_epoch(leader_epoch, deadline)
    }

    /// Fetches from the current position. Returns no records if none arrive within
    /// [`max_wait`](FetchOptions::max_wait).
    ///
    /// # Errors
    /// - [`Error::OffsetOutOfRange`] if the log does not contain the offset. The error contains the
    ///   bounds of the log.
    /// - [`Error::Diverged`] after [`seek`](Self::seek) to a position with an epoch.
    /// - [`Error::BatchTooLarge`] if not even one batch arrived whole, so fetching again would not
    ///   make progress.
    /// - [`Error::UnknownBroker`] if the leader names a replica to read from that is not in the
    ///   cluster's metadata.
    /// - [`Error::Broker`] with the error code that the broker returned, and I/O errors.
    pub fn fetch(&mut self) -> Result<Fetched, Error> {
        let client = &mut self.partition.client;
        let deadline = client.deadline_and(self.options.max_wait);
        // What a replica answered that is not to be read from, it seems.
        let mut refused = None;
        let mut last = None;
        for _ in 0..MOST_BROKERS {
            let replica = self.replica.preferred(Instant::now());
            let broker = replica.unwrap_or(self.partition.leader.id);
            let (cursor, answer) = match self.fetch_from(broker, deadline) {
                Ok(asked) => asked,
                Err(error) => {
                    self.replica.clear();
                    return Err(error);
                }
            };
            let Answer { response, exchange } = answer;
            let throttle = response.throttle_time_ms;
            let data = self.data(response, &exchange)?;
            let context = FetchContext {
                broker,
                isolation: self.options.isolation,
                throttle_time_ms: throttle,
                exchange: &exchange,
            };
            match outcome(data, &cursor, &context) {
                Ok(Outcome::Fetched(fetched)) => return Ok(fetched),
                Ok(Outcome::PreferredReplica(next)) => {
                    if let Some(error) = refused {
                        return Err(error);
                    }
                    self.read_from(next, deadline)?;
                    last = Some(exchange);
                }
                // Whatever is wrong with a replica, the leader is there.
                Err(error) if replica.is_some() && refused.is_none() => {
                    self.replica.clear();
                    refused = Some(error);
                }
                Err(Error::OffsetOutOfRange { at, offset, .. }) => {
                    return Err(Error::OffsetOutOfRange {
                        at,
                        offset,
                        log_start_offset: Some(self.bound(OffsetSpec::Earliest, deadline)?),
                        end_offset: Some(self.bound(OffsetSpec::Latest, deadline)?),
                    });
                }
                Err(error) => return Err(error),
            }
        }
        self.replica.clear();
        Err(match (refused, last) {
            (Some(error), _) => error,
            (None, Some(exchange)) => exchange.missing("records: each replica names another"),
            (None, None) => Error::UnknownBroker {
                id: self.partition.leader.id,
            },
        })
    }

    /// Looks up the current leader of the partition.
    ///
    /// # Errors
    /// The errors of [`Client::leader`].
    pub fn refresh(&mut self) -> Result<Leader, Error> {
        self.replica.clear();
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

    fn fetch_from(
        &mut self,
        broker: i32,
        deadline: Deadline,
    ) -> Result<(FetchCursor, Answer<FetchResponse>), Error> {
        let leader = &self.partition.leader;
        let cursor = FetchCursor::new(
            self.position,
            leader.topic_id,
            leader.epoch,
            self.options.partition_max_bytes(),
            i16::MAX,
        );
        let topic = &mut self.request.topics[0];
        topic.topic_id = cursor.topic_id;
        topic.partitions[0] = cursor.partition(self.partition.index);
        let versions = self.partition.versions_with_id_from(TOPIC_ID_VERSION);
        let request = &self.request;
        let build = |version| {
            if version >= LAST_FETCHED_EPOCH_VERSION || cursor.last_fetched_epoch < 0 {
                return Cow::Borrowed(request);
            }
            let mut request = request.clone();
            request.topics[0].partitions[0].last_fetched_epoch = -1;
            Cow::Owned(request)
        };
        let client = &mut self.partition.client;
        let answer =
            client.exchange::<FetchRequest, _>(Route::Broker(broker), versions, deadline, build)?;
        Ok((cursor, answer))
    }

    /// What a response says about the partition.
    fn data(
        &mut self,
        response: FetchResponse,
        exchange: &Exchange,
    ) -> Result<PartitionData, Error> {
        exchange.check(response.error_code, None)?;
        let partition = &self.partition;
        let data = exchange.partition(
            response.responses.into_iter().map(|topic| {
                let is_ours = partition.is_topic(&topic.topic, topic.topic_id);
                (is_ours, topic.partitions)
            }),
            |data| data.partition_index,
            &partition.topic,
            partition.index,
        )?;
        if !data.error_code.is_ok() {
            let leader = &data.current_leader;
            let nodes = response.node_endpoints.iter();
            self.partition.hint(LeaderHint::new(
                leader.leader_id,
                leader.leader_epoch,
                nodes.map(|node| (node.node_id, &*node.host, node.port, &node.rack)),
            ));
        }
        Ok(data)
    }

    /// Reads from this replica from now on. Its address comes from metadata if it is not known.
    fn read_from(&mut self, replica: i32, deadline: Deadline) -> Result<(), Error> {
        let client = &mut self.partition.client;
        if client.cluster.broker(replica).is_none() {
            client.metadata_by(Some(&[]), deadline)?;
            if client.cluster.broker(replica).is_none() {
                return Err(Error::UnknownBroker { id: replica });
            }
        }
        self.replica.prefer(replica, Instant::now());
        Ok(())
    }

    /// The offset of an end of the log, which even an empty log has.
    fn bound(&mut self, spec: OffsetSpec, deadline: Deadline) -> Result<i64, Error> {
        let isolation = self.options.isolation;
        let (found, exchange) = self.partition.offset_of(spec, isolation, deadline)?;
        match found {
            Some(found) => Ok(found.offset),
            None => Err(exchange.missing(format!("{spec:?}"))),
        }
    }
}

/// A request for one partition.
fn request(partition: &Partition, options: &FetchOptions) -> FetchRequest {
    FetchRequest {
        max_bytes: options.partition_max_bytes(),
        topics: vec![FetchTopic {
            topic: partition.topic.clone(),
            partitions: vec![Default::default()],
            ..Default::default()
        }],
        ..options.request()
    }
}

impl Retryable for PartitionFetcher {
    fn refresh(&mut self) -> Result<(), Error> {
        PartitionFetcher::refresh(self).map(drop)
    }

    fn call_time(&mut self) -> &mut CallTime {
        self.partition.client.call_time()
    }
}

impl fmt::Debug for PartitionFetcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartitionFetcher")
            .field("topic", &self.partition.topic)
            .field("partition", &self.partition.index)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
