//! Fetches from one partition.

use std::fmt;
use std::time::{Duration, Instant};

use libkafka_batch::RecordSet;
use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::fetch::{FetchPartition, FetchTopic, PartitionData};
use libkafka_protocol::messages::{FetchRequest, FetchResponse};

use super::fetched::{Fetched, Isolation};
use super::offsets::{EpochEnd, FoundOffset, Position};
use crate::call_time::CallTime;
use crate::cluster::{Client, Leader, Partition, Route};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::{Answer, Exchange};
use crate::retryable::Retryable;
use crate::within::Within;

/// How long a replica is read from before the leader is asked again which is best.
const REPLICA_TIME: Duration = Duration::from_secs(5 * 60);

/// Fetches record batches from one partition, over a connection of its own to the partition's
/// leader.
///
/// It starts at offset 0 and never moves by itself: read the batches, then
/// [`seek`](Self::seek) to where the next fetch is to begin.
///
/// ```no_run
/// use libkafka_client::{Client, Config, Position};
///
/// let mut client = Client::new(Config::new("localhost:9092"))?;
/// let mut fetcher = client.fetcher("payments", 0)?;
/// fetcher.seek_to(Position::Earliest)?;
/// loop {
///     let fetched = fetcher.fetch()?;
///     let mut next = fetcher.offset();
///     for batch in fetched.batches() {
///         let batch = batch?;
///         // A batch comes whole, with records before the offset that was asked for.
///         for record in batch.records()?.from_offset(fetcher.offset()) {
///             println!("{:?}", record?.value);
///         }
///         next = batch.next_offset();
///     }
///     fetcher.seek(next);
/// }
/// # #[allow(unreachable_code)]
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// After an error, [`Error::retry_method`] says whether to fetch again, at once or after
/// [`refresh`](Self::refresh).
pub struct PartitionFetcher {
    pub(crate) partition: Partition,
    offset: i64,
    /// Epoch of the record before the offset, or -1.
    last_epoch: i32,
    /// The replica to read from rather than the leader, and until when (KIP-392).
    replica: Option<(i32, Instant)>,
    isolation: Isolation,
    max_wait: Duration,
    /// Used again for each fetch.
    request: FetchRequest,
}

impl Client {
    /// A fetcher for one partition.
    ///
    /// # Errors
    /// As [`leader`](Self::leader).
    pub fn fetcher(&mut self, topic: &str, partition: i32) -> Result<PartitionFetcher, Error> {
        Ok(PartitionFetcher::new(Partition::new(
            self, topic, partition,
        )?))
    }
}

impl PartitionFetcher {
    fn new(partition: Partition) -> Self {
        let request = FetchRequest {
            min_bytes: 1,
            session_epoch: -1,
            topics: vec![FetchTopic {
                topic: partition.topic.clone(),
                partitions: vec![FetchPartition {
                    partition: partition.index,
                    partition_max_bytes: 1024 * 1024,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        };
        Self {
            partition,
            offset: 0,
            last_epoch: -1,
            replica: None,
            isolation: Isolation::default(),
            max_wait: Duration::from_millis(500),
            request,
        }
    }

    /// Which records of transactions to see; all unless told.
    #[must_use]
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.isolation = isolation;
        self
    }

    /// How many bytes the broker is to wait for; 1 unless told. With 0 it never waits.
    #[must_use]
    pub fn min_bytes(mut self, bytes: u32) -> Self {
        self.request.min_bytes = i32::try_from(bytes).unwrap_or(i32::MAX);
        self
    }

    /// How many bytes of batches to bring at most; 1 MiB unless told. The first batch comes
    /// whole even if it is larger.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u32) -> Self {
        let bytes = i32::try_from(bytes).unwrap_or(i32::MAX);
        self.request.topics[0].partitions[0].partition_max_bytes = bytes;
        self
    }

    /// How long the broker is to wait for the least number of bytes; 500 ms unless told. It
    /// comes on top of the call's own time.
    #[must_use]
    pub fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// The rack to read in (`client.rack`): where a broker has a replica there and is set up for
    /// it (`replica.selector.class`), that one is read from rather than the leader (KIP-392).
    #[must_use]
    pub fn rack(mut self, rack: impl Into<String>) -> Self {
        self.request.rack_id = rack.into();
        self
    }

    /// Overrides [`Config::timeout`](crate::Config::timeout) for the calls on the value that this returns.
    pub fn within(&mut self, timeout: Duration) -> Within<'_, Self> {
        Within::new(self, timeout)
    }

    /// The offset that the next fetch begins at.
    pub fn offset(&self) -> i64 {
        self.offset
    }

    /// Sets the offset that the next fetch begins at.
    pub fn seek(&mut self, offset: i64) {
        self.seek_behind(offset, -1);
    }

    /// Sets the offset that the next fetch begins at, and the epoch of the leader that wrote the
    /// record before it: [`partition_leader_epoch`] of its batch. A log that has lost that record
    /// to a change of leaders then shows as [`Error::Diverged`] rather than not at all (KIP-320;
    /// brokers from 2.7 on; with older ones, ask for the
    /// [`end_of_epoch`](Self::end_of_epoch)).
    ///
    /// [`partition_leader_epoch`]: crate::batch::BatchHeader::partition_leader_epoch
    pub fn seek_behind(&mut self, offset: i64, leader_epoch: i32) {
        self.offset = offset;
        self.last_epoch = leader_epoch;
    }

    /// Looks a position up, sets it as the offset that the next fetch begins at, and returns it.
    ///
    /// For a [`Position::Timestamp`] after that of every record, and any other position that no
    /// record is at, it is that of [`Position::Latest`].
    ///
    /// # Errors
    /// As [`offset_of`](Self::offset_of).
    pub fn seek_to(&mut self, position: Position) -> Result<i64, Error> {
        let deadline = self.partition.client.deadline();
        let (found, _) = self
            .partition
            .offset_of(position, self.isolation, deadline)?;
        let offset = match found {
            Some(found) => found.offset,
            None => self.bound(Position::Latest, deadline)?,
        };
        self.seek(offset);
        Ok(offset)
    }

    /// Looks a position up; none if no record is there.
    ///
    /// # Errors
    /// [`Error::Version`] if the broker is too old to know the position; an [`Error::Broker`]
    /// as the broker has it; and what a network brings.
    pub fn offset_of(&mut self, position: Position) -> Result<Option<FoundOffset>, Error> {
        let deadline = self.partition.client.deadline();
        let (found, _) = self
            .partition
            .offset_of(position, self.isolation, deadline)?;
        Ok(found)
    }

    /// Looks up where a leader's epoch ends in the log (OffsetForLeaderEpoch, KIP-101).
    ///
    /// # Errors
    /// [`Error::Version`] with a broker before 2.1; an [`Error::Broker`] as the broker has it;
    /// and what a network brings.
    pub fn end_of_epoch(&mut self, epoch: i32) -> Result<EpochEnd, Error> {
        let deadline = self.partition.client.deadline();
        self.partition.end_of_epoch(epoch, deadline)
    }

    /// Fetches from the offset on. No records may come: when the broker has waited long enough.
    ///
    /// # Errors
    /// - [`Error::OffsetOutOfRange`], which carries the bounds of the log.
    /// - [`Error::Diverged`] after [`seek_behind`](Self::seek_behind).
    /// - [`Error::BatchTooLarge`] if not even one batch came whole, so that fetching again would
    ///   not get further.
    /// - An [`Error::Broker`] as the broker has it; and what a network brings.
    pub fn fetch(&mut self) -> Result<Fetched, Error> {
        let deadline = self.partition.client.deadline_and(self.max_wait);
        let mut sent_on = false;
        loop {
            let replica = self.replica.filter(|(_, until)| *until > Instant::now());
            let broker = replica.map_or(self.partition.leader.id, |(id, _)| id);
            let Answer { response, exchange } = match self.fetch_from(broker, deadline) {
                Ok(answer) => answer,
                Err(error) => {
                    // Whatever is wrong with a replica, the leader is there.
                    self.replica = None;
                    return Err(error);
                }
            };
            let throttle = response.throttle_time_ms;
            let data = self.data(response, &exchange)?;
            if !sent_on && replica.is_some() && !data.error_code.is_ok() {
                self.replica = None;
                sent_on = true;
            } else if !sent_on && self.sends_on(&data, broker) {
                sent_on = true;
            } else {
                return self.fetched(data, throttle, &exchange, deadline);
            }
        }
    }

    /// Finds out who leads the partition now.
    ///
    /// # Errors
    /// As [`Client::leader`].
    pub fn refresh(&mut self) -> Result<Leader, Error> {
        self.replica = None;
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

    fn fetch_from(
        &mut self,
        broker: i32,
        deadline: Deadline,
    ) -> Result<Answer<FetchResponse>, Error> {
        self.request.isolation_level = self.isolation.level();
        let max_wait = self.max_wait.as_millis();
        self.request.max_wait_ms = i32::try_from(max_wait).unwrap_or(i32::MAX);
        let topic = &mut self.request.topics[0];
        topic.topic_id = self.partition.leader.wire_topic_id();
        let partition = &mut topic.partitions[0];
        partition.fetch_offset = self.offset;
        partition.current_leader_epoch = self.partition.leader.wire_epoch();
        self.request.max_bytes = partition.partition_max_bytes;
        let versions = self.partition.versions_with_id_from(13);
        let client = &mut self.partition.client;
        let route = Route::Broker(broker);
        if self.last_epoch >= 0 {
            // Before version 12 there is no place for it.
            let version = client.version::<FetchRequest>(route, versions, deadline)?;
            partition.last_fetched_epoch = if version < 12 { -1 } else { self.last_epoch };
        } else {
            partition.last_fetched_epoch = -1;
        }
        client.exchange::<FetchRequest, _>(route, versions, deadline, |_| &self.request)
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
            let nodes = response.node_endpoints.into_iter();
            self.partition.hint(
                leader.leader_id,
                leader.leader_epoch,
                nodes.map(|node| (node.node_id, node.host, node.port, node.rack)),
            );
        }
        Ok(data)
    }

    /// Does the leader send this fetcher on to a replica in its rack?
    fn sends_on(&mut self, data: &PartitionData, asked: i32) -> bool {
        let replica = data.preferred_read_replica;
        let known = self.partition.client.cluster.broker(replica).is_some();
        if !data.error_code.is_ok() || replica < 0 || replica == asked || !known {
            return false;
        }
        self.replica = Some((replica, Instant::now() + REPLICA_TIME));
        true
    }

    fn fetched(
        &mut self,
        data: PartitionData,
        throttle_time_ms: i32,
        exchange: &Exchange,
        deadline: Deadline,
    ) -> Result<Fetched, Error> {
        match data.error_code {
            ErrorCode::NONE => {}
            ErrorCode::OFFSET_OUT_OF_RANGE => return Err(self.out_of_range(exchange, deadline)?),
            code => return Err(exchange.refusal(code, None)),
        }
        let diverging = &data.diverging_epoch;
        if diverging.end_offset >= 0 {
            return Err(Error::Diverged {
                at: exchange.place(),
                epoch: diverging.epoch,
                end_offset: diverging.end_offset,
            });
        }
        let fetched = Fetched::new(data, throttle_time_ms);
        // The first batch tells; one that is bad otherwise is for the reader to find.
        if !fetched.records.is_empty() && RecordSet::unchecked(&fetched.records).next().is_none() {
            return Err(Error::BatchTooLarge {
                at: exchange.place(),
                offset: self.offset,
                size: fetched.batches().cut_off_size(),
                max_bytes: self.request.max_bytes,
            });
        }
        Ok(fetched)
    }

    fn out_of_range(&mut self, exchange: &Exchange, deadline: Deadline) -> Result<Error, Error> {
        Ok(Error::OffsetOutOfRange {
            at: exchange.place(),
            offset: self.offset,
            log_start_offset: self.bound(Position::Earliest, deadline)?,
            end_offset: self.bound(Position::Latest, deadline)?,
        })
    }

    /// The offset of an end of the log, which even an empty log has.
    fn bound(&mut self, position: Position, deadline: Deadline) -> Result<i64, Error> {
        let (found, exchange) = self
            .partition
            .offset_of(position, self.isolation, deadline)?;
        match found {
            Some(found) => Ok(found.offset),
            None => Err(exchange.missing(format!("{position:?}"))),
        }
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
            .field("offset", &self.offset)
            .finish_non_exhaustive()
    }
}
