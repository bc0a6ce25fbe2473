//! `Consumer`: reads partitions that a group assigns, or chosen ones.

use std::fmt;
use std::time::{Duration, Instant};

use libkafka_protocol::ApiKey;

use super::claim_status::ClaimStatus;
use super::core::Core;
use super::options::ConsumerOptions;
use super::polled::Polled;
use super::source::{ConsumerSource, Source};
use crate::cluster::Client;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::fetch::{FetchBudget, FetchPosition};
use crate::group::membership::{Claim, LeaveOptions};
use crate::group::{Keeper, LockedMember};
use crate::net::Stop;
use crate::partition_results::PartitionResults;
use crate::place::{Phase, Place};

/// Reads the partitions of topics: those that a group assigns to it, all of them, or chosen ones.
///
/// All work happens within its calls, in the caller's thread. [`poll`](Self::poll) returns what
/// happened next as a value. Meanwhile it fetches, follows leaders, sends heartbeats and
/// rebalances. Nothing is committed except what is [`handled`](crate::ClaimedBatch::handled).
///
/// ```no_run
/// use std::time::Duration;
/// use libkafka_client::assignor::CooperativeSticky;
/// use libkafka_client::membership::{ClassicOptions, Membership, Subscription};
/// use libkafka_client::{Client, Config, ConsumerOptions, Polled};
///
/// let client = Client::new(Config::new("localhost:9092"))?;
/// let group = ClassicOptions::default().assignor(CooperativeSticky);
/// let membership = Membership::classic("billing", Subscription::topics(["orders"]), group);
/// let mut consumer = client.consumer(membership, ConsumerOptions::new())?;
/// loop {
///     match consumer.poll(Duration::from_secs(1))? {
///         Polled::Records(batch) => {
///             for record in &batch.records()? {
///                 println!("{}: {:?}", batch.partition(), record?.value_text());
///             }
///             batch.handled();
///         }
///         Polled::Trouble { claim, error, .. } => eprintln!("{claim:?}: {error}"),
///         Polled::Stopped { .. } => break,
///         _ => {}
///     }
/// }
/// consumer.close(Duration::from_secs(10))?;
/// # Ok::<(), libkafka_client::Error>(())
/// ```
///
/// What is handled is committed before partitions are given up and on close. In addition, you can
/// commit at intervals or call [`commit`](Self::commit): see [`Commits`](crate::Commits). If you
/// take longer than the session timeout between two polls, give a thread to a
/// [`keeper`](Self::keeper).
pub struct Consumer {
    pub(super) core: Core,
}

impl Client {
    /// Makes a consumer, with its own connections: a member of a group for a
    /// [`Membership`](crate::membership::Membership), or one that reads
    /// [topics](ConsumerSource::Topics) or [partitions](ConsumerSource::Partitions) without a
    /// group. It connects when it is first polled.
    ///
    /// # Errors
    /// [`Error::Config`] with the error of the system, such as too many open files.
    pub fn consumer(
        &self,
        source: impl Into<ConsumerSource>,
        options: ConsumerOptions,
    ) -> Result<Consumer, Error> {
        let core = Core::new(self, source.into(), options)?;
        Ok(Consumer { core })
    }
}

impl Consumer {
    /// Returns the next thing that happened. Serves the group, fetches and commits while it waits.
    /// It never waits longer than `wait`, whatever any broker does.
    ///
    /// Calling it also says that you have dealt with what the last call returned: partitions that
    /// were [`Revoking`](Polled::Revoking) are given up, once what is handled of them is committed.
    ///
    /// # Errors
    /// Errors that a retry does not fix, such as a refused password. Errors of single partitions
    /// are [`Trouble`](Polled::Trouble), and temporary ones are not reported unless they last.
    pub fn poll(&mut self, wait: Duration) -> Result<Polled, Error> {
        let mut now = Instant::now();
        let deadline = Deadline::from(now, wait);
        let core = &mut self.core;
        core.dealt_with();
        let mut is_busy = core.readers.has_ready() && core.events.is_empty();
        is_busy &= !core.is_due(now);
        loop {
            if core.stop.is_stopped() {
                return Ok(Polled::Stopped { why: None });
            }
            if !is_busy && core.events.is_empty() {
                core.polled();
                core.drive(now)?;
            }
            if let Some(polled) = core.next(now) {
                return Ok(polled);
            }
            if let Some(why) = &core.over {
                let why = Some(why.clone());
                return Ok(Polled::Stopped { why });
            }
            if !is_busy {
                if deadline.is_past() {
                    return Ok(Polled::Idle);
                }
                core.wait(deadline, Some(&core.stop))?;
            }
            is_busy = false;
            now = Instant::now();
        }
    }

    /// Commits what is handled of all claims, and returns the result for each partition that had
    /// something to commit. Serves the group while it waits; what happens meanwhile is returned by
    /// the next [`poll`](Self::poll).
    ///
    /// # Errors
    /// [`Error::Timeout`] if it takes longer, or the error that prevented it; later calls continue
    /// with it. [`Error::Config`] for a consumer without a group. Refusals are in the results.
    pub fn commit(&mut self, wait: Duration) -> Result<PartitionResults<()>, Error> {
        let deadline = Deadline::after(wait);
        let core = &mut self.core;
        if core.offsets.is_none() {
            return Err(Error::Config {
                option: "offsets_of",
                reason: "a consumer of chosen partitions has no group to commit to".to_owned(),
            });
        }
        core.by_hand = Some(core.rounds.want());
        loop {
            let driven = core.drive(Instant::now());
            if let Some(outcome) = core.outcome.take() {
                return outcome;
            }
            if driven.is_err() || deadline.is_past() {
                core.by_hand = None;
                driven?;
                return Err(core.commit_timeout());
            }
            core.wait(deadline, None)?;
        }
    }

    /// Stops handing out records of a claim until [`resume`](Self::resume). What has been fetched
    /// is kept unless others need the memory. Returns false if the claim has ended.
    pub fn pause(&mut self, claim: &Claim) -> bool {
        let reader = self.core.readers.get_mut(claim);
        reader.map(|reader| reader.paused = true).is_some()
    }

    /// Ends a [`pause`](Self::pause). Returns false if the claim has ended.
    pub fn resume(&mut self, claim: &Claim) -> bool {
        let Some(reader) = self.core.readers.get_mut(claim) else {
            return false;
        };
        reader.paused = false;
        self.core.readers.queue(claim.number());
        true
    }

    /// Continues a claim at this position: an offset, or a [`FetchPosition`] with the epoch of the
    /// record before it. Everything before it counts as handled, and what was handed out before no
    /// longer counts. Returns false if the claim has ended.
    pub fn seek(&mut self, claim: &Claim, position: impl Into<FetchPosition>) -> bool {
        let reader = self.core.readers.get_mut(claim);
        reader
            .map(|reader| reader.restart(position.into()))
            .is_some()
    }

    /// The progress of each claim, in the order in which they began.
    pub fn claims(&self) -> impl ExactSizeIterator<Item = ClaimStatus> {
        self.core.readers.iter().map(ClaimStatus::of)
    }

    /// The progress of a claim; `None` if it has ended.
    pub fn claim(&self, claim: &Claim) -> Option<ClaimStatus> {
        self.core.readers.get(claim).map(ClaimStatus::of)
    }

    /// The memory of fetched records, and its limit.
    pub fn budget(&self) -> &FetchBudget {
        self.core.lanes.budget()
    }

    /// The member of the group, to look at its state or to subscribe to other topics. `None`
    /// without a group.
    pub fn member(&self) -> Option<LockedMember<'_>> {
        match &self.core.source {
            Source::Group(member) => Some(member.lock()),
            Source::Chosen(_) => None,
        }
    }

    /// Returns a keeper to [run](Keeper::run) on another thread, which keeps the member in its
    /// group between calls of [`poll`](Self::poll). The keeper returns when the consumer is closed
    /// or dropped, so if it runs in a [scope](std::thread::scope), do that before the scope ends.
    /// `None` without a group. [`Workers`](crate::Workers) have [`keep`](crate::Workers::keep)
    /// instead.
    pub fn keeper(&self) -> Option<Keeper> {
        match &self.core.source {
            Source::Group(member) => Some(member.keeper()),
            Source::Chosen(_) => None,
        }
    }

    /// Returns a `Stop` that ends [`poll`](Self::poll) for good, from another thread or from a
    /// signal handler.
    pub fn stopper(&self) -> Stop {
        self.core.stop.clone()
    }

    /// Commits what is handled, unless commits are [by hand](crate::Commits::ByHand), and leaves
    /// the group, whatever its state.
    ///
    /// # Errors
    /// The first error of the commit or of leaving. The consumer is closed all the same; if it
    /// could not leave, the coordinator waits for its session timeout.
    pub fn close(mut self, wait: Duration) -> Result<(), Error> {
        let deadline = Deadline::after(wait);
        let commits = self.core.commits_before_release();
        let committed = match commits && self.core.has_to_commit() {
            // Time is left to leave.
            true => self.commit(wait / 3 * 2),
            false => Ok(PartitionResults::new(Vec::new())),
        };
        let left = match self.member() {
            Some(mut member) => {
                let options = LeaveOptions::default().within(deadline.remaining());
                member.leave(options)
            }
            None => Ok(()),
        };
        let committed = committed.and_then(PartitionResults::into_result);
        committed.map(drop).and(left)
    }
}

impl Core {
    /// Notes that the owner makes progress.
    pub(super) fn polled(&self) {
        if let Source::Group(member) = &self.source {
            member.lock().polled();
        }
    }

    /// What to tell the owner next.
    fn next(&mut self, now: Instant) -> Option<Polled> {
        if let Some(event) = self.events.pop_front() {
            if let Polled::Revoking { claims, by } = &event {
                self.told.push((claims.clone(), *by));
            }
            return Some(event);
        }
        let (claim, next) = self.readers.next(now)?;
        match next {
            Ok(batch) => {
                self.readers.queue_again(claim.number());
                Some(Polled::Records(batch))
            }
            Err(report) => Some(report.of(claim)),
        }
    }

    fn commit_timeout(&mut self) -> Error {
        if let Some(error) = self.rounds.give_up() {
            return error;
        }
        match self.client.cluster.candidates(None).first() {
            Some(broker) => Error::Timeout {
                at: Box::new(Place::before(ApiKey::OFFSET_COMMIT, Phase::Read, broker)),
            },
            None => Error::NoBroker,
        }
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        if let Source::Group(member) = &self.core.source {
            member.stop_keepers();
        }
    }
}

impl fmt::Debug for Consumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let claims: Vec<_> = self.core.readers.iter().map(|r| r.claim()).collect();
        f.debug_struct("Consumer")
            .field("claims", &claims)
            .finish_non_exhaustive()
    }
}
