//! `Control`: requests to any broker, for metadata and for the ids of idempotent producers.

use std::time::{Duration, Instant};

use libkafka_protocol::messages::{InitProducerIdRequest, MetadataRequest};

use crate::cluster::{AnyBroker, BrokerCall, RefreshPacing};
use crate::net::{Interest, Waitable};

/// Requests to any broker, one at a time.
pub(super) struct Control {
    pub(super) broker: AnyBroker,
    pub(super) asked: Option<Asked>,
    pub(super) pacing: RefreshPacing,
    /// The age at which metadata is requested again when nothing is wrong.
    max_age: Duration,
    /// Whether a thread waits for a topic that has not been requested yet.
    at_once: bool,
    /// The producer id that slots begin with.
    pub(super) producer: Option<(i64, i16)>,
    /// Slots that wait for that id.
    pub(super) beginning: Vec<u32>,
    /// Slots that wait for an id of their own, because they lost the previous one.
    pub(super) lost: Vec<u32>,
    pub(super) not_before: Option<Instant>,
}

/// What is requested, and the call for it, if there is one yet.
pub(super) enum Asked {
    Metadata(Option<BrokerCall<MetadataRequest>>),
    /// A producer id for these slots.
    ProducerId(Vec<u32>, Option<BrokerCall<InitProducerIdRequest>>),
}

impl Control {
    pub(super) fn new(max_age: Duration) -> Self {
        Self {
            broker: AnyBroker::default(),
            asked: None,
            pacing: RefreshPacing::default(),
            max_age,
            at_once: false,
            producer: None,
            beginning: Vec::new(),
            lost: Vec::new(),
            not_before: None,
        }
    }

    pub(super) fn want_refresh(&mut self) {
        self.pacing.want();
    }

    pub(super) fn refresh_at_once(&mut self) {
        self.at_once = true;
    }

    pub(super) fn interest(&self) -> Interest<'_> {
        match &self.asked {
            Some(Asked::Metadata(Some(call))) => call.interest(),
            Some(Asked::ProducerId(_, Some(call))) => call.interest(),
            _ => Interest::nothing(),
        }
    }

    /// When there is something to request.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        if self.asked.is_some() {
            return None;
        }
        let metadata = match self.at_once {
            true => now,
            false => self.pacing.due_within(now, self.max_age),
        };
        if self.beginning.is_empty() && self.lost.is_empty() {
            return Some(metadata);
        }
        Some(self.not_before.map_or(now, |at| at.min(metadata)))
    }

    /// The next request.
    pub(super) fn next(&mut self, now: Instant) -> Option<Asked> {
        if self.at_once || self.pacing.due_within(now, self.max_age) <= now {
            self.pacing.begun(now);
            self.at_once = false;
            return Some(Asked::Metadata(None));
        }
        if self.not_before.is_some_and(|at| now < at) {
            return None;
        }
        if !self.beginning.is_empty() {
            let beginning = std::mem::take(&mut self.beginning);
            return Some(Asked::ProducerId(beginning, None));
        }
        // One for each: its numbers say nothing of those of others.
        let lost = self.lost.pop()?;
        Some(Asked::ProducerId(vec![lost], None))
    }
}
