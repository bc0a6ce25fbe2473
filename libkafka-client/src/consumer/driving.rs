//! Handles what arrives from brokers and from the group, for the claims of a `Core`.

use std::sync::Arc;
use std::time::Instant;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::MetadataResponse;

use super::claim_reader::{ClaimReader, Policies};
use super::core::Core;
use super::lookups::Found;
use super::policies::StartAt;
use super::polled::Polled;
use super::report::Report;
use super::source::Source;
use crate::error::{Error, RetryMethod};
use crate::exchange::Answer;
use crate::fetch::{FetchOutcome, LaneFetch, OffsetSpec};
use crate::group::membership::{Claim, Event};
use crate::topic_partition::TopicPartition;

impl Core {
    /// Advances the group.
    pub(super) fn drive_source(&mut self, now: Instant) -> Result<(), Error> {
        self.release(now);
        match &mut self.source {
            Source::Group(member) => {
                let mut member = member.lock();
                let result = member.advance();
                member.assign();
                result
            }
            Source::Chosen(_) => Ok(()),
        }
    }

    /// Takes an event of the group, if the owner has been told of the earlier ones.
    pub(super) fn hear(&mut self) {
        if !self.events.is_empty() {
            return;
        }
        let event = match &mut self.source {
            Source::Group(member) => member.lock().next_event(),
            Source::Chosen(chosen) => chosen.next_event(),
        };
        if let Some(event) = event {
            self.take_event(event);
        }
    }

    fn take_event(&mut self, event: Event) {
        let polled = match event {
            Event::Assigned { claims } => {
                let partitions = claims.iter().map(Claim::partition);
                self.starts.assigned(partitions);
                for claim in &claims {
                    if self.topology.add(claim.partition().topic.clone()) {
                        self.pacing.want();
                    }
                    let asks = self.offsets.is_some() && self.options.committed;
                    let reader = ClaimReader::new(claim.clone(), self.policies(), asks);
                    self.readers.insert(reader);
                }
                Polled::Assigned { claims }
            }
            Event::Revoking { claims, by } => {
                for claim in &claims {
                    if let Some(reader) = self.readers.get_mut(claim) {
                        reader.drop_buffers();
                    }
                    self.leave_lane(claim);
                }
                Polled::Revoking { claims, by }
            }
            Event::Lost { claims, why } => {
                self.forget(&claims);
                Polled::Lost { claims, why }
            }
            Event::Stopped { why } => {
                self.over = Some(why.clone());
                Polled::Stopped { why: Some(why) }
            }
        };
        self.events.push_back(polled);
    }

    fn policies(&self) -> Policies {
        Policies {
            start: match self.options.start {
                StartAt::Earliest => Some(OffsetSpec::Earliest),
                StartAt::Latest => Some(OffsetSpec::Latest),
                StartAt::Timestamp(time) => Some(OffsetSpec::Timestamp(time)),
                StartAt::Error => None,
            },
            out_of_range: self.options.out_of_range,
            truncation: self.options.truncation,
            corrupt: self.options.corrupt,
            commit_start: self.options.commit_start && self.offsets.is_some(),
        }
    }

    /// Forgets claims, which have ended.
    pub(super) fn forget(&mut self, claims: &[Claim]) {
        for claim in claims {
            self.leave_lane(claim);
            self.readers.remove(claim);
        }
    }

    /// Removes a claim from its lane.
    pub(super) fn leave_lane(&mut self, claim: &Claim) {
        let Some(reader) = self.readers.get_mut(claim) else {
            return;
        };
        let lane = reader.lane.take();
        reader.lane_waits = false;
        if let Some(lane) = self.lanes.get(lane) {
            lane.remove(claim.partition());
        }
    }

    pub(super) fn metadata_answered(
        &mut self,
        now: Instant,
        answer: Result<Answer<MetadataResponse>, Error>,
    ) -> Result<(), Error> {
        let checked = answer.and_then(|answer| {
            let code = answer.response.error_code;
            answer.exchange.check(code, None).map(|()| answer)
        });
        let answer = match checked {
            Ok(answer) => answer,
            Err(error) => {
                if error.code() == Some(ErrorCode::REBOOTSTRAP_REQUIRED) {
                    self.client.cluster.forget();
                }
                self.any_broker.pass_over();
                self.pacing.brought_nothing();
                self.pacing.want();
                return match error.retry_method() {
                    RetryMethod::GiveUp => Err(error),
                    RetryMethod::Retry | RetryMethod::Refresh => Ok(()),
                };
            }
        };
        self.client.cluster.update(&answer.response);
        self.lanes.set_brokers(&self.client);
        if let Source::Chosen(chosen) = &self.source
            && chosen.metadata_request().is_some()
        {
            for topic in &answer.response.topics {
                if let Some(name) = topic.name.as_deref().filter(|name| chosen.wants(name)) {
                    self.topology.add(name);
                }
            }
        }
        let changes = self.topology.update(&answer.response);
        match changes.is_empty() {
            true => self.pacing.brought_nothing(),
            false => self.pacing.brought_changes(),
        }
        for replaced in &changes.replaced {
            self.starts.topic_replaced(&replaced.topic);
            match &mut self.source {
                Source::Chosen(chosen) => chosen.topic_replaced(&replaced.topic, replaced.new_id),
                Source::Group(member) => {
                    let mut member = member.lock();
                    let membership = member.membership_mut();
                    membership.topic_replaced(now, &replaced.topic, replaced.new_id);
                }
            }
        }
        self.starts.topics_known(&self.topology);
        if let Source::Chosen(chosen) = &mut self.source {
            chosen.topics_known(&self.topology);
        }
        self.follow_leaders(now, &answer);
        Ok(())
    }

    /// Updates all claims from new metadata.
    fn follow_leaders(&mut self, now: Instant, answer: &Answer<MetadataResponse>) {
        let mut reports = Vec::new();
        let mut wanted = false;
        for reader in self.readers.iter_mut() {
            let at = reader.claim().partition();
            if self.topology.leader(&at.topic, at.partition).is_some() {
                continue;
            }
            wanted = true;
            let error = match self.topology.error(&at.topic) {
                Some(code) => answer.exchange.refusal(code, None),
                None if self.topology.partition(&at.topic, at.partition).is_some() => {
                    Error::NoLeader {
                        at: answer.exchange.place(),
                        topic: at.topic.as_ref().to_owned(),
                        partition: at.partition,
                    }
                }
                None => {
                    let code = ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
                    answer
                        .exchange
                        .refusal(code, Some(format!("partition {at}")))
                }
            };
            if reader.not_before(now).is_none() {
                let report = reader.failed(now, Arc::new(error));
                reports.extend(report.map(|report| (reader.claim().clone(), report)));
            }
        }
        if wanted {
            self.pacing.want();
        }
        for (claim, report) in reports {
            self.report(claim, report);
        }
    }

    /// Tells the owner of trouble.
    pub(super) fn report(&mut self, claim: Claim, report: Report) {
        self.events.push_back(report.of(claim));
    }

    pub(super) fn drive_lookups(&mut self, now: Instant) {
        let isolation = self.options.fetch.isolation;
        for (question, found) in self.lookups.advance(&mut self.client, isolation) {
            let Some(reader) = self.readers.answered(question) else {
                continue;
            };
            let failed = matches!(&found, Found::Offset(Err(_)) | Found::EpochEnd(Err(_)));
            let had_position = reader.position().is_some();
            let report = match found {
                Found::Offset(found) => reader.offset_found(now, found),
                Found::EpochEnd(found) => reader.epoch_end_found(now, found),
            };
            let claim = reader.claim().clone();
            if let Some(position) = reader.position().filter(|_| !had_position) {
                self.starts.resolve(claim.partition(), position.offset);
                self.want_start_committed(&claim, now);
            }
            if failed {
                self.pacing.want();
            }
            if let Some(report) = report {
                self.report(claim, report);
            }
        }
    }

    pub(super) fn drive_lanes(&mut self, now: Instant) {
        let readers = &self.readers;
        self.lanes
            .hold_off(|broker, bytes| readers.have_ready(broker, bytes));
        for broker in self.lanes.in_turn() {
            if let Err((error, partitions)) = self.lanes.advance(broker) {
                self.lane_lost(now, error, &partitions);
            }
            while let Some(fetch) = self.lanes.next_fetch(broker) {
                self.fetched(now, broker, fetch);
            }
        }
    }

    fn lane_lost(&mut self, now: Instant, error: Error, partitions: &[TopicPartition]) {
        let error = Arc::new(error);
        for at in partitions {
            let Some(reader) = self.readers.of(at) else {
                continue;
            };
            reader.lane = None;
            reader.lane_waits = false;
            reader.replica.clear();
            let report = reader.failed(now, Arc::clone(&error));
            let claim = reader.claim().clone();
            self.readers.unsettle(claim.number());
            if let Some(report) = report {
                self.report(claim, report);
            }
        }
        self.pacing.want();
    }

    fn fetched(&mut self, now: Instant, broker: i32, fetch: LaneFetch) {
        let LaneFetch {
            partition,
            position,
            result,
            leader,
            ..
        } = fetch;
        let Some(reader) = self.readers.of(&partition) else {
            return;
        };
        if reader.lane != Some(broker) || reader.fetch_position() != Some(position) {
            return;
        }
        let claim = reader.claim().clone();
        let number = claim.number();
        match result {
            Ok(FetchOutcome::Nothing(fetched)) => {
                reader.bounds(&fetched);
                reader.succeeded();
            }
            Ok(FetchOutcome::Records(fetched)) => {
                reader.fetched(fetched);
                reader.lane_waits = true;
                self.readers.queue(number);
                self.readers.unsettle(number);
            }
            Ok(FetchOutcome::PreferredReplica(replica)) => {
                reader.replica.prefer(replica, now);
                reader.has_moved = true;
                self.readers.unsettle(number);
            }
            Err(error) => {
                let refresh = error.retry_method() == RetryMethod::Refresh;
                let report = reader.fetch_failed(now, error);
                self.leave_lane(&claim);
                let hinted = leader.is_some_and(|hint| {
                    let topology = &mut self.topology;
                    self.client.apply_hint(topology, &partition, &hint)
                });
                if refresh && !hinted {
                    self.pacing.want();
                }
                if let Some(report) = report {
                    self.report(claim, report);
                }
            }
        }
    }
}
