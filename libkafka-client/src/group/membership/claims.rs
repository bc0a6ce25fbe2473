//! `Claims`: what a member owns, and the events that its owner has not heard yet.

use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

use libkafka_protocol::Uuid;

use super::{Claim, Event, LostReason};
use crate::topic_partition::TopicPartition;

/// What a member is to own, each partition with the id of its topic if that is known.
pub(crate) type Assignment = BTreeMap<TopicPartition, Option<Uuid>>;

/// The claims that live, and the events about them that nobody has heard yet.
///
/// A claim whose `Assigned` is still unheard ends without a word. A `Lost` takes the place of an
/// unheard `Revoking`.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    live: BTreeMap<TopicPartition, Live>,
    events: VecDeque<Event>,
    begun: u64,
}

#[derive(Debug)]
struct Live {
    claim: Claim,
    /// The owner has been told that it is assigned.
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

    /// The claims that live, in order of their partitions; those that are wanted back among them.
    pub(crate) fn live(&self) -> impl Iterator<Item = &Claim> {
        self.live.values().map(|live| &live.claim)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.live.is_empty()
    }

    /// Whether any claim is wanted back and not yet released.
    pub(crate) fn are_wanted_back(&self) -> bool {
        self.live().any(Claim::is_wanted_back)
    }

    /// Brings the claims nearer to what is to be owned: wants back what is not in `wanted`, and
    /// claims what is new. A partition that is wanted back is claimed again only after its former
    /// claim has ended.
    pub(crate) fn reconcile(&mut self, wanted: &Assignment, by: Instant) {
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

    /// Ends those of the claims that live and are wanted back; says whether there were any.
    pub(crate) fn release<'a>(&mut self, claims: impl IntoIterator<Item = &'a Claim>) -> bool {
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

    /// Ends the claims that `is_lost` picks. The owner hears of those that it has heard of before.
    pub(crate) fn lose(&mut self, why: LostReason, is_lost: impl Fn(&Claim) -> bool) {
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

    /// What is still to be heard of claims that have ended does not matter any more.
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
