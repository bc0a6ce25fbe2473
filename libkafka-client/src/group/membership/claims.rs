//! `Claims`: what a member owns, and the events that its owner has not taken yet.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use libkafka_protocol::Uuid;

use super::{Claim, Event, LostReason};
use crate::topic_partition::TopicPartition;

/// What a member should own: each partition, with the id of its topic if that is known.
pub(crate) type Assignment = BTreeMap<TopicPartition, Option<Uuid>>;

/// The live claims, and the events about them that have not been taken yet.
///
/// A claim whose `Assigned` has not been taken ends without an event. A `Lost` replaces a
/// `Revoking` that has not been taken.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    live: BTreeMap<TopicPartition, Live>,
    events: VecDeque<Event>,
    begun: u64,
    changes: u64,
}

#[derive(Debug)]
struct Live {
    claim: Claim,
    /// Whether the owner has been told that it is assigned.
    heard: bool,
}

impl Claims {
    /// The next event.
    pub(crate) fn next_event(&mut self) -> Option<Event> {
        let event = self.events.pop_front()?;
        if let Event::Assigned { claims } = &event {
            for claim in claims {
                if let Some(live) = self.live.get_mut(claim.partition()) {
                    live.heard = true;
                }
            }
        }
        Some(event)
    }

    pub(crate) fn push(&mut self, event: Event) {
        self.events.push_back(event);
    }

    /// The live claims, in order of their partitions, including those being revoked.
    pub(crate) fn live(&self) -> impl Iterator<Item = &Claim> {
        self.live.values().map(|live| &live.claim)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.live.is_empty()
    }

    /// How often the live claims may have changed. While this stays the same, so do they.
    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    /// Whether any claim is being revoked and not yet released.
    pub(crate) fn are_wanted_back(&self) -> bool {
        self.live().any(Claim::is_wanted_back)
    }

    /// Moves the claims towards what should be owned: revokes what is not in `wanted`, and claims
    /// what is new. A partition that is being revoked is claimed again only after its former claim
    /// has ended.
    pub(crate) fn reconcile(&mut self, wanted: &Assignment, by: Instant) {
        self.changes += 1;
        let is_wanted = |claim: &Claim| match wanted.get(claim.partition()) {
            Some(Some(id)) => claim.topic_id().is_none_or(|claimed| claimed == *id),
            found => found.is_some(),
        };
        let mut revoking = Vec::new();
        self.live.retain(|_, live| {
            if is_wanted(&live.claim) || live.claim.is_wanted_back() {
                return true;
            }
            if !live.heard {
                live.claim.end();
                return false;
            }
            live.claim.want_back();
            revoking.push(live.claim.clone());
            true
        });
        self.forget_ended();
        if !revoking.is_empty() {
            let claims = revoking;
            self.events.push_back(Event::Revoking { claims, by });
        }
        let mut claims = Vec::new();
        for (partition, topic_id) in wanted {
            if !self.live.contains_key(partition) {
                self.begun += 1;
                let claim = Claim::new(partition.clone(), *topic_id, self.begun);
                claims.push(claim.clone());
                let heard = false;
                self.live.insert(partition.clone(), Live { claim, heard });
            }
        }
        if !claims.is_empty() {
            self.events.push_back(Event::Assigned { claims });
        }
    }

    /// Ends those of the claims that are live and being revoked. Returns whether there were any.
    pub(crate) fn release<'a>(&mut self, claims: impl IntoIterator<Item = &'a Claim>) -> bool {
        self.changes += 1;
        let mut released = false;
        for claim in claims {
            let live = self.live.get(claim.partition());
            if claim.is_wanted_back() && live.is_some_and(|live| live.claim == *claim) {
                claim.end();
                self.live.remove(claim.partition());
                released = true;
            }
        }
        self.forget_ended();
        released
    }

    /// Ends the claims that `is_lost` selects. The owner is told about those that it knows of.
    pub(crate) fn lose(&mut self, why: LostReason, is_lost: impl Fn(&Claim) -> bool) {
        self.changes += 1;
        let mut claims = Vec::new();
        self.live.retain(|_, live| {
            if !is_lost(&live.claim) {
                return true;
            }
            live.claim.end();
            if live.heard {
                claims.push(live.claim.clone());
            }
            false
        });
        self.forget_ended();
        if !claims.is_empty() {
            self.events.push_back(Event::Lost { claims, why });
        }
    }

    /// Drops pending events about claims that have ended.
    fn forget_ended(&mut self) {
        self.events.retain_mut(|event| match event {
            Event::Assigned { claims } | Event::Revoking { claims, .. } => {
                claims.retain(|claim| !claim.is_ended());
                !claims.is_empty()
            }
            Event::Lost { .. } | Event::Stopped { .. } => true,
        });
    }
}
