//! `ProduceLane`: produces to many partitions of one broker.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_protocol::messages::{ProduceRequest, ProduceResponse};
use libkafka_protocol::{ApiKey, ErrorCode, Versions};

use super::in_flight::InFlight;
use super::lane_batch::{LaneBatch, LaneOutcome};
use super::lane_options::ProduceLaneOptions;
use super::lane_response::{Outcomes, is_all_stored};
use super::options::Acks;
use super::outcome_queue::OutcomeQueue;
use super::produced::Produced;
use super::request;
use super::request_packer::RequestPacker;
use crate::broker::Broker;
use crate::cluster::Client;
use crate::connection::Link;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::net::{Interest, Waitable};
use crate::place::Phase;
use crate::topic_partition::TopicPartition;

/// Produces batches of many partitions over one connection to the broker that leads them.
///
/// A lane packs the batches that it is given into requests: one batch of each partition, up to
/// [`max_request_bytes`](ProduceLaneOptions::max_request_bytes). The batches of a partition leave
/// in the order in which they were pushed. A partition that delays a request (the request timed
/// out, or too few replicas were in sync) is sent alone until it has succeeded, so that it delays
/// no other.
///
/// No call waits. [`advance`](Self::advance) does what can be done at once, and
/// [`wait`](crate::wait) waits for several lanes:
///
/// ```no_run
/// use std::time::Duration;
/// use libkafka_client::{Client, Config, Deadline, LaneBatch, ProduceLaneOptions, wait};
///
/// # type Outcome = Result<(), Box<dyn std::error::Error>>;
/// # fn run(client: &mut Client, batches: Vec<LaneBatch>) -> Outcome {
/// let mut lane = client.produce_lane(1, ProduceLaneOptions::new())?;
/// for batch in batches {
///     lane.push(batch);
/// }
/// while !lane.is_idle() {
///     lane.advance();
///     while let Some(outcome) = lane.next_outcome() {
///         println!("{}: {:?}", outcome.batch.partition, outcome.result);
///     }
///     wait(&[&lane], Deadline::after(Duration::from_secs(1)))?;
/// }
/// # Ok(())
/// # }
/// ```
///
/// With [`Acks::None`], a batch is done once it is completely written and the connection is still
/// open. If the connection ends before that, the batch is in doubt. A broker can refuse a batch
/// only by closing the connection, which the next `advance` returns as [`Error::Closed`]: keep
/// calling it after the last outcome, or the loss goes unnoticed.
///
/// A request may take as long as any call ([`Config::timeout`](crate::Config::timeout)); one that
/// takes longer ends the connection. The [deadline](LaneBatch::deadline) of a batch is another
/// matter: a batch whose deadline passes is given up, and the request that contains it goes on for
/// the batches beside it.
///
/// A lane never sends a batch twice. When the connection fails, the batches that were on it are
/// returned with the error, and [`LaneOutcome::possibly_written`] says which of them may be in the
/// log; those that were not on it wait for the next connection, each until its deadline.
pub struct ProduceLane {
    link: Link,
    options: ProduceLaneOptions,
    /// The time that a request may take.
    timeout: Duration,
    packer: RequestPacker,
    in_flight: InFlight,
    outcomes: OutcomeQueue,
}

impl Client {
    /// Makes a lane to a broker, for the partitions that it leads. It connects when it is first
    /// used.
    ///
    /// # Errors
    /// [`Error::UnknownBroker`] if no metadata has named the broker yet.
    pub fn produce_lane(
        &self,
        broker: i32,
        options: ProduceLaneOptions,
    ) -> Result<ProduceLane, Error> {
        let link = self.link(broker, ApiKey::PRODUCE)?;
        Ok(ProduceLane {
            link,
            options,
            timeout: self.config.timeout,
            packer: RequestPacker::default(),
            in_flight: InFlight::default(),
            outcomes: OutcomeQueue::default(),
        })
    }
}

impl ProduceLane {
    /// Adds a batch after those of its partition that are already waiting.
    pub fn push(&mut self, batch: LaneBatch) {
        self.packer.push(batch);
    }

    /// Does what can be done without waiting: connects, sends requests, receives responses, and
    /// gives up batches whose deadline has passed. [`next_outcome`](Self::next_outcome) then
    /// returns the outcomes of batches.
    ///
    /// Errors are in the outcomes of the batches that they affect. An error that affects no batch
    /// without an outcome is returned. The lane reconnects by itself, after a pause.
    ///
    /// # Errors
    /// The errors of connecting. With [`Acks::None`], also the errors of a connection that ends
    /// after batches whose outcomes were already returned, especially [`Error::Closed`]: some of
    /// those batches may be lost.
    pub fn advance(&mut self) -> Result<(), Error> {
        let result = self.steps();
        self.expire(Instant::now());
        let result = result.or_else(|error| self.lost(error));
        if self.packer.len() > 0 {
            // Otherwise nobody would wait for the next connection.
            self.link.open();
        }
        result
    }

    fn expire(&mut self, now: Instant) {
        for batch in self.packer.expire(now) {
            let at = self.link.place();
            self.give_up(batch, Arc::new(Error::Timeout { at }), false);
        }
        for batch in self.in_flight.expire(now) {
            let mut at = self.link.place();
            at.phase = Phase::Read;
            at.written = batch.bytes.len();
            self.give_up(batch, Arc::new(Error::Timeout { at }), true);
        }
    }

    fn steps(&mut self) -> Result<(), Error> {
        if self.packer.len() > 0 {
            self.link.open();
        }
        let ready = self.link.advance()?;
        while let Some(answer) = self.link.receive::<ProduceResponse>()? {
            self.answered(answer);
        }
        if self.options.acks == Acks::None && !self.in_flight.is_empty() && self.link.has_taken()? {
            for batch in self.in_flight.take_all().into_iter().flatten() {
                self.finish(batch, Ok(Produced::default()), false);
            }
        }
        while ready && self.packer.len() > 0 && self.has_room() {
            if !self.send()? {
                break;
            }
        }
        Ok(())
    }

    /// Whether another request may be in flight.
    pub(super) fn has_room(&self) -> bool {
        self.in_flight.len() < self.options.max_in_flight && self.link.has_room()
    }

    /// Sends one request. Returns false if the link does not accept one now.
    fn send(&mut self) -> Result<bool, Error> {
        let batches = self.packer.pack(self.options.max_request_bytes);
        let by_id = batches.iter().all(|batch| batch.topic_id.is_some());
        let versions = match by_id {
            true => Versions::ALL,
            false => Versions::new(0, request::TOPIC_ID_VERSION - 1),
        };
        let version = match self.link.version::<ProduceRequest>(versions) {
            Ok(Some(version)) => version,
            Ok(None) => {
                self.packer.put_back(batches);
                return Ok(false);
            }
            Err(error) => {
                self.refuse(batches, error);
                return Ok(true);
            }
        };
        let deadline = Deadline::after(self.timeout);
        let mut message = request::request(self.options.acks, deadline);
        for batch in &batches {
            let TopicPartition { topic, partition } = &batch.partition;
            let topic_id = batch.topic_id.unwrap_or_default();
            request::put(
                &mut message,
                topic,
                topic_id,
                *partition,
                batch.bytes.clone(),
            );
        }
        let answered = self.options.acks != Acks::None;
        match self.link.send(&message, version, answered, deadline) {
            Ok(false) => {
                self.packer.put_back(batches);
                Ok(false)
            }
            Ok(true) => {
                self.in_flight.push(batches);
                Ok(true)
            }
            Err(error @ (Error::Encode { .. } | Error::Version { .. })) => {
                self.refuse(batches, error);
                Ok(true)
            }
            Err(error) if error.possibly_written() => {
                self.in_flight.push(batches);
                Err(error)
            }
            Err(error) => {
                self.packer.put_back(batches);
                Err(error)
            }
        }
    }

    /// Handles a request that cannot be encoded. One of its batches is the cause; sending each
    /// alone shows which one.
    fn refuse(&mut self, batches: Vec<LaneBatch>, error: Error) {
        if batches.len() > 1 {
            for batch in &batches {
                self.packer.set_trouble(&batch.partition, true);
            }
            self.packer.put_back(batches);
            return;
        }
        let error = Arc::new(error);
        for batch in batches {
            self.give_up(batch, Arc::clone(&error), false);
        }
    }

    fn answered(&mut self, answer: Answer<ProduceResponse>) {
        let Some(batches) = self.in_flight.pop() else {
            return;
        };
        let changes_nothing = is_all_stored(&answer.response) && !self.packer.has_trouble();
        let outcomes = Outcomes::new(batches, answer);
        if changes_nothing {
            self.outcomes.push_all(outcomes);
            return;
        }
        for outcome in outcomes {
            let in_trouble = match &outcome.result {
                Ok(_) => false,
                Err(error) => error.code().is_some_and(keeps_others_waiting),
            };
            self.packer
                .set_trouble(&outcome.batch.partition, in_trouble);
            self.outcomes.push(outcome);
        }
    }

    /// Handles the loss of the connection, and of everything on it.
    fn lost(&mut self, error: Error) -> Result<(), Error> {
        let requests = self.in_flight.take_all();
        if requests.iter().all(Vec::is_empty) {
            return Err(error);
        }
        let timed_out = matches!(error, Error::Timeout { .. });
        let error = Arc::new(error);
        for (i, batches) in requests.into_iter().enumerate() {
            // Those after the first had to wait for it.
            let in_trouble = timed_out && i == 0;
            for batch in batches {
                if in_trouble {
                    self.packer.set_trouble(&batch.partition, true);
                }
                self.give_up(batch, Arc::clone(&error), true);
            }
        }
        Ok(())
    }

    fn give_up(&mut self, batch: LaneBatch, error: Arc<Error>, possibly_written: bool) {
        self.finish(batch, Err(error), possibly_written);
    }

    fn finish(
        &mut self,
        batch: LaneBatch,
        result: Result<Produced, Arc<Error>>,
        possibly_written: bool,
    ) {
        self.outcomes.push(LaneOutcome {
            batch,
            exchange: None,
            result,
            possibly_written,
            leader: None,
        });
    }

    /// The next outcome of a batch; `None` if there is none yet.
    pub fn next_outcome(&mut self) -> Option<LaneOutcome> {
        self.outcomes.pop()
    }

    /// Takes back the batches of a partition that have not been sent: use it when the partition has
    /// another leader.
    pub fn take_partition(&mut self, partition: &TopicPartition) -> Vec<LaneBatch> {
        self.packer.take_partition(partition)
    }

    /// Takes back all batches that have not been sent.
    pub fn take_waiting(&mut self) -> Vec<LaneBatch> {
        self.packer.take_all()
    }

    /// Whether nothing waits, nothing is in flight and every outcome has been taken.
    pub fn is_idle(&self) -> bool {
        self.packer.len() == 0 && self.in_flight.is_empty() && self.outcomes.is_empty()
    }

    /// The number of batches waiting to be sent.
    pub fn waiting(&self) -> usize {
        self.packer.len()
    }

    /// The size of the batches waiting to be sent, in bytes.
    pub fn waiting_bytes(&self) -> usize {
        self.packer.bytes()
    }

    /// The number of requests that have been sent and not answered. With [`Acks::None`], of
    /// requests that may not be completely written.
    pub fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// The partitions that are sent alone because they delayed a request.
    pub fn in_trouble(&self) -> impl Iterator<Item = &TopicPartition> {
        self.packer.in_trouble()
    }

    /// The broker of the lane.
    pub fn broker(&self) -> &Arc<Broker> {
        self.link.broker()
    }

    /// Updates what is known of the broker. If the address has changed, the connection is closed,
    /// and what was in flight on it is in doubt.
    pub fn set_broker(&mut self, broker: Arc<Broker>) {
        if broker.address != self.link.broker().address && !self.in_flight.is_empty() {
            let at = self.link.place();
            let _ = self.lost(Error::Closed { at });
        }
        self.link.set_broker(broker);
    }
}

/// Whether a broker returns this code only after having waited, which delays everything in the same
/// request.
fn keeps_others_waiting(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::REQUEST_TIMED_OUT
            | ErrorCode::NOT_ENOUGH_REPLICAS
            | ErrorCode::NOT_ENOUGH_REPLICAS_AFTER_APPEND
    )
}

impl Waitable for ProduceLane {
    fn interest(&self) -> Interest<'_> {
        let is_taken = self.options.acks == Acks::None && self.link.is_written();
        if !self.outcomes.is_empty() || is_taken && !self.in_flight.is_empty() {
            return Interest::now();
        }
        let expiries = [self.packer.next_expiry(), self.in_flight.next_expiry()];
        let expiries = expiries.into_iter().flatten();
        expiries.fold(self.link.interest(), Interest::or_at)
    }
}

impl fmt::Debug for ProduceLane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProduceLane")
            .field("broker", self.broker())
            .field("waiting", &self.waiting())
            .field("in_flight", &self.in_flight())
            .finish_non_exhaustive()
    }
}
