//! `FetchLane`: fetches from many partitions of one broker.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_protocol::ApiKey;
use libkafka_protocol::messages::{FetchRequest, FetchResponse};

use super::budget::{FetchBudget, Reservation, hold};
use super::lane_fetch::{FetchOutcome, LaneFetch};
use super::lane_options::FetchLaneOptions;
use super::lane_partitions::LanePartitions;
use super::position::FetchPosition;
use crate::broker::Broker;
use crate::cluster::{Client, Leader};
use crate::connection::Link;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::net::{Interest, Waitable};
use crate::topic_partition::TopicPartition;

/// How often to check a budget without room, as other threads may release room.
const BUDGET_PAUSE: Duration = Duration::from_millis(5);

/// How many results there is always memory for.
const KEPT_FETCHES: usize = 32;

/// Fetches from many partitions of one broker over one connection, with one request at a time for
/// all of them.
///
/// No call waits. [`advance`](Self::advance) does what can be done at once, and
/// [`wait`](crate::wait) waits for several lanes:
///
/// ```no_run
/// use std::time::Duration;
/// use libkafka_client::{
///     Client, Config, Deadline, FetchLaneOptions, FetchOutcome, TopicPartition, wait,
/// };
///
/// let mut client = Client::new(Config::new("localhost:9092"))?;
/// let partition = TopicPartition::new("payments", 0);
/// let leader = client.leader(&partition.topic, partition.partition)?;
/// let mut lane = client.fetch_lane(leader.id, FetchLaneOptions::new())?;
/// lane.set(partition, 0, leader);
/// loop {
///     lane.advance()?;
///     while let Some(fetch) = lane.next_fetch() {
///         if let FetchOutcome::Records(fetched) = fetch.result? {
///             let mut batches = fetched.visible_batches();
///             for batch in &mut batches {
///                 for record in &batch?.records()? {
///                     println!("{}: {:?}", fetch.partition, record?.value_text());
///                 }
///             }
///             lane.seek(&fetch.partition, batches.next_offset());
///         }
///     }
///     wait(&[&lane], Deadline::after(Duration::from_secs(1)))?;
/// }
/// # #[allow(unreachable_code)]
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A partition never moves by itself. Once the lane has returned something for it (batches, an
/// error or the name of another replica), the lane does not request the partition again until
/// [`seek`](Self::seek), [`set`](Self::set) or [`remove`](Self::remove) says how to continue. So a
/// partition that is in trouble, or whose records nobody reads, takes nothing away from the others.
///
/// When the connection is lost, `advance` returns the error once, and the lane reconnects by
/// itself, after a pause that grows with every failure.
pub struct FetchLane {
    link: Link,
    options: FetchLaneOptions,
    /// The time limit of a request, without the time that the broker is asked to wait.
    timeout: Duration,
    broker: i32,
    partitions: LanePartitions,
    fetches: VecDeque<(u64, LaneFetch)>,
    /// The room for the answer to the current request.
    reservation: Option<Reservation>,
    /// Whether a request could be sent at the last check.
    ready: bool,
    /// Whether nothing more is requested for now.
    held_off: bool,
}

impl Client {
    /// Makes a lane to a broker, for partitions that are read from it. It connects when it is first
    /// used.
    ///
    /// # Errors
    /// [`Error::UnknownBroker`] if no metadata has named the broker yet.
    pub fn fetch_lane(&self, broker: i32, options: FetchLaneOptions) -> Result<FetchLane, Error> {
        Ok(FetchLane {
            link: self.link(broker, ApiKey::FETCH)?,
            options,
            timeout: self.config.timeout,
            broker,
            partitions: LanePartitions::default(),
            fetches: VecDeque::new(),
            reservation: None,
            ready: false,
            held_off: false,
        })
    }
}

impl FetchLane {
    /// The broker of the lane.
    pub fn broker(&self) -> &Arc<Broker> {
        self.link.broker()
    }

    /// Updates what is known of the broker: call it after metadata was refreshed, with a broker
    /// from [`Client::brokers`]. If the address has changed, the lane connects to the new one.
    pub fn set_broker(&mut self, broker: Arc<Broker>) {
        let moved = broker.address != self.link.broker().address;
        self.link.set_broker(broker);
        if moved {
            self.lose_request();
        }
    }

    /// The options of the lane.
    pub fn options(&self) -> &FetchLaneOptions {
        &self.options
    }

    /// Changes the maximum size of batches in the next responses, in bytes.
    pub(crate) fn set_max_response_bytes(&mut self, bytes: u32) {
        self.options.max_response_bytes = bytes;
    }

    /// Stops it from requesting more until it is told otherwise.
    pub(crate) fn hold_off(&mut self, held_off: bool) {
        self.held_off = held_off;
    }

    /// Whether there is something to request but no room in the budget.
    pub(crate) fn lacks_room(&self) -> bool {
        self.is_asking() && !self.has_room()
    }

    /// Adds a partition to read from this broker, or changes its position and leader. Anything in
    /// flight for it is dropped.
    pub fn set(
        &mut self,
        partition: TopicPartition,
        position: impl Into<FetchPosition>,
        leader: Leader,
    ) {
        self.partitions.set(partition, position.into(), &leader);
        self.open();
    }

    /// Continues a partition at this position: an offset, or a [`FetchPosition`] with the epoch of
    /// the record before it. Anything in flight for it is dropped. Returns false if the lane does
    /// not have the partition.
    pub fn seek(&mut self, partition: &TopicPartition, position: impl Into<FetchPosition>) -> bool {
        let known = self.partitions.seek(partition, position.into());
        self.open();
        known
    }

    /// Removes a partition. Anything in flight for it is dropped. Returns false if the lane does
    /// not have the partition.
    pub fn remove(&mut self, partition: &TopicPartition) -> bool {
        self.partitions.remove(partition)
    }

    /// Stops requesting a partition. Anything in flight for it is still returned. Returns false if
    /// the lane does not have the partition.
    pub fn pause(&mut self, partition: &TopicPartition) -> bool {
        self.partitions.pause(partition, true)
    }

    /// Ends a [`pause`](Self::pause). Returns false if the lane does not have the partition.
    pub fn resume(&mut self, partition: &TopicPartition) -> bool {
        let known = self.partitions.pause(partition, false);
        self.open();
        known
    }

    /// Continues a partition at a position, if there is one, and pauses or resumes it: as
    /// [`seek`](Self::seek) and [`pause`](Self::pause) or [`resume`](Self::resume) do.
    pub(crate) fn proceed(
        &mut self,
        partition: &TopicPartition,
        position: Option<FetchPosition>,
        paused: bool,
    ) {
        self.partitions.proceed(partition, position, paused);
        self.open();
    }

    /// The position of a partition: that of the next fetch, or of the last one that was returned.
    pub fn position(&self, partition: &TopicPartition) -> Option<FetchPosition> {
        self.partitions.position(partition)
    }

    /// The partitions of the lane, in order.
    pub fn partitions(&self) -> impl ExactSizeIterator<Item = &TopicPartition> {
        self.partitions.iter()
    }

    /// Whether a request is in flight.
    pub fn is_fetching(&self) -> bool {
        self.link.in_flight() > 0
    }

    /// Does what can be done without waiting: connects, receives a response, sends the next
    /// request. [`next_fetch`](Self::next_fetch) then returns the results of the partitions.
    ///
    /// # Errors
    /// Any error that ends the connection or prevents it; the lane reconnects by itself.
    /// [`Error::Version`] and [`Error::Encode`] if the broker is too old for what is requested.
    pub fn advance(&mut self) -> Result<(), Error> {
        let result = self.steps();
        if result.is_err() {
            if self.link.in_flight() == 0 {
                self.lose_request();
            }
            self.ready = false;
        }
        result
    }

    /// The next result of a partition, in the order of arrival; `None` if there is nothing more
    /// until the next [`advance`](Self::advance).
    pub fn next_fetch(&mut self) -> Option<LaneFetch> {
        loop {
            let Some((delivery, fetch)) = self.fetches.pop_front() else {
                // The answer to a first request, which all partitions are in, takes more than what
                // follows.
                self.fetches.shrink_to(KEPT_FETCHES);
                return None;
            };
            if self.partitions.is_current(&fetch.partition, delivery) {
                return Some(fetch);
            }
        }
    }

    fn steps(&mut self) -> Result<(), Error> {
        self.open();
        self.ready = self.link.advance()?;
        while let Some(answer) = self.link.receive::<FetchResponse>()? {
            self.take(answer);
        }
        if !self.ready || !self.can_send() {
            return Ok(());
        }
        let versions = self.partitions.versions();
        let Some(version) = self.link.version::<FetchRequest>(versions)? else {
            return Ok(());
        };
        let bytes = self.options.response_bytes();
        if let Some(budget) = &self.options.budget {
            match budget.reserve(bytes) {
                Some(reservation) => self.reservation = Some(reservation),
                None => return Ok(()),
            }
        }
        let request = self.partitions.request(&self.options, version);
        let wait = self.timeout.saturating_add(self.options.fetch.max_wait);
        let due = Deadline::after(wait);
        if !self.link.send(&request, version, true, due)? {
            self.partitions.lost();
            self.reservation = None;
        }
        Ok(())
    }

    /// Handles the loss of the request in flight, if there was one, with its connection.
    fn lose_request(&mut self) {
        self.ready = false;
        self.reservation = None;
        self.partitions.lost();
        self.open();
    }

    fn take(&mut self, answer: Answer<FetchResponse>) {
        let bytes = answer.exchange.response_bytes;
        let reservation = self.reservation.take().map(|mut reservation| {
            reservation.resize(bytes);
            Arc::new(reservation)
        });
        let fetches = &mut self.fetches;
        self.partitions
            .answer(answer, &self.options, self.broker, |delivery, mut fetch| {
                if let (Some(reservation), Ok(FetchOutcome::Records(fetched))) =
                    (&reservation, &mut fetch.result)
                {
                    fetched.records = hold(std::mem::take(&mut fetched.records), reservation);
                }
                fetches.push_back((delivery, fetch));
            });
    }

    /// Requests a connection if there is something to fetch.
    fn open(&mut self) {
        if self.link.in_flight() == 0 && self.partitions.is_wanting() {
            self.link.open();
        }
    }

    /// Whether there is something to request, and nothing in flight.
    fn is_asking(&self) -> bool {
        !self.held_off && self.link.in_flight() == 0 && self.partitions.is_wanting()
    }

    fn can_send(&self) -> bool {
        self.is_asking() && self.has_room()
    }

    fn has_room(&self) -> bool {
        let bytes = self.options.response_bytes();
        let budget = self.options.budget.as_ref();
        budget.is_none_or(|budget: &FetchBudget| budget.has_room(bytes))
    }
}

impl Waitable for FetchLane {
    fn interest(&self) -> Interest<'_> {
        if !self.fetches.is_empty() || (self.ready && self.can_send()) {
            return Interest::now();
        }
        let interest = self.link.interest();
        if self.lacks_room() {
            return interest.or_at(Instant::now() + BUDGET_PAUSE);
        }
        interest
    }
}

impl fmt::Debug for FetchLane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchLane")
            .field("broker", self.broker())
            .field("partitions", &self.partitions.iter().len())
            .field("is_fetching", &self.is_fetching())
            .finish_non_exhaustive()
    }
}
