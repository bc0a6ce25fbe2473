//! `Core`: the parts of a consumer, and how they work together.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use libkafka_protocol::Versions;
use libkafka_protocol::messages::MetadataRequest;

use super::commit_rounds::CommitRounds;
use super::group_offsets::GroupOffsets;
use super::lanes::Lanes;
use super::lookups::Lookups;
use super::options::ConsumerOptions;
use super::policies::Commits;
use super::polled::Polled;
use super::readers::Readers;
use super::source::{Chosen, ConsumerSource, Source};
use super::starts::Starts;
use crate::cluster::{AnyBroker, BrokerCall, Client, RefreshPacing, Topology};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::fetch::{FetchBudget, FetchLaneOptions};
use crate::group::membership::{Claim, MemberIdentity, StopReason, Subscription};
use crate::group::{SharedMember, cannot_wait};
use crate::net::{Stop, Waitable, Waker, wait_for};

/// The parts of a consumer.
pub(super) struct Core {
    pub(super) client: Client,
    pub(super) options: ConsumerOptions,
    pub(super) source: Source,
    pub(super) topology: Topology,
    pub(super) pacing: RefreshPacing,
    pub(super) any_broker: AnyBroker,
    pub(super) metadata: Option<BrokerCall<MetadataRequest>>,
    pub(super) readers: Readers,
    pub(super) lanes: Lanes,
    pub(super) lookups: Lookups,
    pub(super) offsets: Option<GroupOffsets>,
    pub(super) rounds: CommitRounds,
    /// The round that the owner waits for.
    pub(super) by_hand: Option<u64>,
    /// The outcome of that round.
    pub(super) outcome: Option<super::commit_rounds::Outcome>,
    pub(super) next_commit: Option<Instant>,
    /// When to commit starts that have been looked up at the latest, if there are any.
    pub(super) starts_due: Option<Instant>,
    /// The identity with which a commit was last refused.
    pub(super) refused: Option<MemberIdentity>,
    pub(super) starts: Starts,
    /// What the owner has not been told yet.
    pub(super) events: VecDeque<Polled>,
    /// Claims that the owner knows are being revoked.
    pub(super) told: Vec<(Vec<Claim>, Instant)>,
    /// Claims that are given up once this round of commits is done, or at this time.
    pub(super) releasing: Vec<(Vec<Claim>, u64, Instant)>,
    pub(super) stop: Stop,
    pub(super) over: Option<StopReason>,
    pub(super) driven: Option<Instant>,
}

impl Core {
    pub(super) fn new(
        client: &Client,
        source: ConsumerSource,
        options: ConsumerOptions,
    ) -> Result<Self, Error> {
        let client = client.fork();
        let mut topology = Topology::default();
        let mut group_id = options.group_id.clone();
        let source = match source {
            ConsumerSource::Group(membership) => {
                group_id = Some(membership.group_id().to_owned());
                let member = client.group_member(*membership);
                Source::Group(SharedMember::new(member).map_err(cannot_wait)?)
            }
            ConsumerSource::Topics(subscription) => Source::Chosen(Chosen::topics(subscription)),
            ConsumerSource::Partitions(partitions) => {
                for at in &partitions {
                    topology.add(at.topic.clone());
                }
                Source::Chosen(Chosen::partitions(partitions))
            }
        };
        let mut starts = Starts::default();
        if let Some(Subscription::Topics(topics)) = source.subscription() {
            for topic in topics {
                starts.expect(topic.as_str().into());
                topology.add(topic);
            }
        }
        let budget = FetchBudget::new(options.memory);
        let lanes = FetchLaneOptions::new()
            .fetch(options.fetch.clone())
            .max_response_bytes(options.max_response_bytes);
        Ok(Self {
            client,
            source,
            topology,
            pacing: RefreshPacing::default(),
            any_broker: AnyBroker::default(),
            metadata: None,
            readers: Readers::default(),
            lanes: Lanes::new(lanes, budget),
            lookups: Lookups::default(),
            offsets: group_id.map(GroupOffsets::new),
            rounds: CommitRounds::default(),
            by_hand: None,
            outcome: None,
            next_commit: None,
            starts_due: None,
            refused: None,
            starts,
            events: VecDeque::new(),
            told: Vec::new(),
            releasing: Vec::new(),
            stop: Stop::new().map_err(cannot_wait)?,
            over: None,
            driven: None,
            options,
        })
    }

    /// Does everything that can be done without waiting.
    ///
    /// # Errors
    /// Errors that a retry does not fix, such as a refused password.
    pub(super) fn drive(&mut self, now: Instant) -> Result<(), Error> {
        self.driven = Some(now);
        let member = self.drive_source(now);
        self.hear();
        let metadata = self.drive_metadata(now);
        self.drive_commits(now);
        self.drive_lookups(now);
        self.drive_lanes(now);
        let mut any_examined = self.settle(now);
        self.make_room();
        // What has just been asked for leaves at once.
        self.drive_commits(now);
        self.drive_lookups(now);
        any_examined |= self.settle(now);
        if any_examined {
            self.drive_lanes(now);
            self.settle(now);
        }
        // Some of it may have ended claims, or begun some.
        self.hear();
        member.and(metadata)
    }

    /// How long nothing else is done while there are records to hand out.
    const BUSY: Duration = Duration::from_millis(1);

    /// Whether it is time to look after everything again.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.driven.is_none_or(|driven| now >= driven + Self::BUSY)
    }

    /// Waits until there is something to do, the deadline has passed, or `stop` is stopped.
    pub(super) fn wait(&self, deadline: Deadline, stop: Option<&Stop>) -> Result<(), Error> {
        self.wait_with(deadline, [stop, None], None)
    }

    /// Like [`wait`](Self::wait), and also for these.
    pub(super) fn wait_with(
        &self,
        deadline: Deadline,
        stops: [Option<&Stop>; 2],
        waker: Option<&Waker>,
    ) -> Result<(), Error> {
        let now = Instant::now();
        let is_asked = |offsets: &GroupOffsets| offsets.has_question(now);
        if self.lookups.have_question() || self.offsets.as_ref().is_some_and(is_asked) {
            return Ok(());
        }
        let mut until = deadline.instant().min(self.pacing_due(now));
        let due = [
            self.readers.due(now),
            self.offsets.as_ref().and_then(|offsets| offsets.due(now)),
            self.next_commit,
            self.starts_due,
            self.releasing.iter().map(|(_, _, by)| *by).min(),
        ];
        for due in due.into_iter().flatten() {
            until = until.min(due);
        }
        let parts = [
            self.metadata.as_ref().map(Waitable::interest),
            self.offsets.as_ref().map(GroupOffsets::interest),
            waker.map(Waitable::interest),
        ];
        let stops = stops.into_iter().map(|stop| stop.map(Waitable::interest));
        let parts = parts.into_iter().chain(stops).flatten();
        let parts = parts.chain(self.lookups.interests());
        let parts = parts.chain(self.lanes.interests());
        let until = Deadline::at(until);
        match &self.source {
            Source::Group(member) => {
                let member = member.lock();
                wait_for(parts.chain([member.interest()]), until)
            }
            Source::Chosen(_) => wait_for(parts, until),
        }
        .map_err(cannot_wait)?;
        Ok(())
    }

    /// Sends a metadata request if one is wanted, and handles the answer.
    fn drive_metadata(&mut self, now: Instant) -> Result<(), Error> {
        if self.metadata.is_none() {
            if self.pacing_due(now) > now {
                return Ok(());
            }
            self.pacing.begun(now);
        }
        let (source, topology) = (&self.source, &self.topology);
        let request = || {
            let chosen = match source {
                Source::Chosen(chosen) => chosen.metadata_request(),
                Source::Group(_) => None,
            };
            let request = chosen.unwrap_or_else(|| topology.request());
            // Before version 4 a broker may create the topics that it is asked for.
            (request, Versions::new(4, i16::MAX))
        };
        let call = &mut self.metadata;
        let answer = self.any_broker.exchange(&self.client, call, request);
        match answer.transpose() {
            None => Ok(()),
            Some(Err(error @ Error::NoBroker)) => Err(error),
            Some(answer) => self.metadata_answered(now, answer),
        }
    }

    /// When to request metadata.
    fn pacing_due(&self, now: Instant) -> Instant {
        if self.metadata.is_some() {
            return now + RefreshPacing::MAX_AGE;
        }
        self.pacing.due_within(now, self.options.metadata_interval)
    }

    /// Notes that no worker has any of the claims any more.
    pub(super) fn free_all(&mut self) {
        let numbers: Vec<u64> = self.readers.iter().map(|r| r.claim().number()).collect();
        for number in numbers {
            if let Some(reader) = self.readers.by_number(number) {
                reader.is_busy = false;
            }
            self.readers.queue(number);
        }
    }

    /// Whether the consumer commits by itself before it gives up partitions.
    pub(super) fn commits_before_release(&self) -> bool {
        self.offsets.is_some() && self.options.commits != Commits::ByHand
    }

    /// Sets when to commit by itself next, counted from now.
    pub(super) fn schedule_commit(&mut self, now: Instant) {
        self.next_commit = match self.options.commits {
            Commits::Every(time) if self.offsets.is_some() => {
                Some(now + time.min(Duration::from_secs(24 * 3600)))
            }
            _ => None,
        };
    }
}
