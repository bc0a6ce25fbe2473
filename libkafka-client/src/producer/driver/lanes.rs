//! Lanes of a `Driver`: sends batches on them, and handles the outcomes.

use std::sync::Arc;
use std::time::Instant;

use smallvec::SmallVec;

use super::Driver;
use crate::deadline::Deadline;
use crate::error::RetryMethod;
use crate::producer::carrier::Carrier;
use crate::producer::core::{Core, lock};
use crate::producer::delivery::Try;
use crate::producer::lane_batch::{LaneBatch, LaneOutcome};
use crate::producer::queued_batch::Outgoing;
use crate::topic_partition::TopicPartition;

/// While memory is scarce, one part of so many of the open batches leaves with a request.
const PARTS: usize = 4;

impl Driver {
    /// Sends what can be sent, and receives answers.
    pub(super) fn run_lanes(&mut self, core: &Core, now: Instant) -> bool {
        let mut progress = false;
        let brokers: SmallVec<[i32; 8]> = self.carriers.keys().copied().collect();
        for broker in brokers {
            loop {
                let mut goes_on = self.advance(core, broker, now);
                goes_on |= self.fill(core, broker, now);
                progress |= goes_on;
                if !goes_on {
                    break;
                }
            }
        }
        progress
    }

    /// Advances a lane, and handles the outcomes.
    fn advance(&mut self, core: &Core, broker: i32, now: Instant) -> bool {
        let Some(carrier) = self.carriers.get_mut(&broker) else {
            return false;
        };
        let mut progress = false;
        if let Err(error) = carrier.lane.advance() {
            // What could not be sent is tried again, like anything that failed.
            let error = Arc::new(error);
            for batch in carrier.lane.take_waiting() {
                progress = true;
                let outcome = LaneOutcome {
                    batch,
                    exchange: None,
                    result: Err(Arc::clone(&error)),
                    possibly_written: false,
                    leader: None,
                };
                self.answered(core, outcome, now);
            }
        }
        let mut now = now;
        while let Some(outcome) = self.next_outcome(broker) {
            if !progress {
                now = Instant::now();
            }
            progress = true;
            if outcome.result.is_err() {
                self.take_back(core, broker, &outcome.batch.partition);
            }
            self.answered(core, outcome, now);
        }
        progress
    }

    fn next_outcome(&mut self, broker: i32) -> Option<LaneOutcome> {
        self.carriers.get_mut(&broker)?.lane.next_outcome()
    }

    /// Takes back what waits on a lane after a batch that failed, since it must leave after that
    /// batch.
    fn take_back(&mut self, core: &Core, broker: i32, partition: &TopicPartition) {
        let Some(carrier) = self.carriers.get_mut(&broker) else {
            return;
        };
        let batches = carrier.lane.take_partition(partition);
        self.put_back(core, batches);
    }

    /// Takes back everything that waits on lanes, so that it does not count as sent.
    pub(in super::super) fn take_back_all(&mut self, core: &Core) {
        let carriers = self.carriers.values_mut();
        let batches = carriers.flat_map(|carrier| carrier.lane.take_waiting());
        let batches = batches.collect();
        self.put_back(core, batches);
    }

    /// Returns batches that a lane has not sent to their queues.
    fn put_back(&mut self, core: &Core, batches: Vec<LaneBatch>) {
        for batch in batches {
            if let Some((id, batch)) = self.sent.take(batch.tag)
                && let Some(slot) = core.slots.get(id)
            {
                lock(&slot.queue).put_back(batch);
            }
        }
    }

    fn answered(&mut self, core: &Core, outcome: LaneOutcome, now: Instant) {
        let Some((id, batch)) = self.sent.take(outcome.batch.tag) else {
            return;
        };
        let Some(slot) = core.slots.get(id) else {
            return;
        };
        if let Some(hint) = &outcome.leader {
            let partition = &outcome.batch.partition;
            if self.client.apply_hint(&mut self.topology, partition, hint) {
                self.set_leader(core, id, Some(hint.leader_id));
            }
        }
        // The bytes may be needed again, and are to be nobody else's then.
        drop(outcome.batch);
        let mut tried = Try {
            exchange: outcome.exchange,
            error: None,
            possibly_written: outcome.possibly_written,
        };
        let mut queue = lock(&slot.queue);
        let mut has_failures = false;
        match outcome.result {
            Ok(produced) => {
                if let Some(finished) = queue.stored(batch, tried, produced) {
                    has_failures = core.deliver(slot, finished, now);
                }
            }
            Err(error) => {
                if error.retry_method() == RetryMethod::Refresh {
                    self.control.want_refresh();
                }
                tried.error = Some(error);
                queue.not_stored(batch, now, tried);
            }
        }
        self.settle(core, slot, queue, now);
        if has_failures {
            core.drop_taken(false);
        }
    }

    /// Gives a lane as many batches as it can send.
    pub(super) fn fill(&mut self, core: &Core, broker: i32, now: Instant) -> bool {
        let mut filled = false;
        loop {
            let ends = self.end_lingering(core, broker, now);
            while let Some(id) = self.next_turn(broker) {
                self.states[id as usize].is_enlisted = false;
                if self.states[id as usize].leader == Some(broker) {
                    filled |= self.take_batch(core, broker, id, now);
                } else {
                    self.enlist(id);
                }
            }
            if filled || !ends {
                return filled;
            }
        }
    }

    /// Has open batches of a broker leave once one of them has been open for its linger time, all
    /// together: one request for all costs less than one for each. Returns whether there were any.
    ///
    /// While memory is scarce it is the brokers that are slow, and whatever leaves waits for them.
    /// Then only some leave, those that have been open for longest, and the others become larger
    /// meanwhile: fewer batches are less work for everybody.
    fn end_lingering(&mut self, core: &Core, broker: i32, now: Instant) -> bool {
        let Some(carrier) = self.carriers.get_mut(&broker) else {
            return false;
        };
        let states = &mut self.states;
        let opened = |id: u32| {
            let opened = core
                .slots
                .get(id)
                .and_then(|slot| lock(&slot.queue).opened());
            states[id as usize].is_lingering = opened.is_some();
            opened
        };
        if !carrier.has_room() || !carrier.is_due(now, core.config.linger, opened) {
            return false;
        }
        let all = carrier.lingering.len();
        let leave = match lock(&core.memory).is_scarce() {
            true => all.div_ceil(PARTS),
            false => all,
        };
        carrier.hurries &= leave < all;
        let due: Vec<u32> = carrier.lingering.drain(..leave).map(|(_, id)| id).collect();
        for id in &due {
            let state = &mut self.states[*id as usize];
            state.is_lingering = false;
            state.is_due = true;
            self.enlist(*id);
        }
        !due.is_empty()
    }

    fn next_turn(&mut self, broker: i32) -> Option<u32> {
        let carrier = self.carriers.get_mut(&broker)?;
        match carrier.has_room() {
            true => carrier.queue.pop_front(),
            false => None,
        }
    }

    /// Gives a lane the next batch of a slot, if it has one that may be sent.
    fn take_batch(&mut self, core: &Core, broker: i32, id: u32, now: Instant) -> bool {
        let Some(slot) = core.slots.get(id) else {
            return false;
        };
        let mut queue = lock(&slot.queue);
        if self.states[id as usize].is_due {
            queue.close_to_send(now);
            self.states[id as usize].is_due = queue.opened().is_some();
        }
        let next = loop {
            if let Some(next) = queue.next(now) {
                break Some(next);
            }
            if !queue.may_send(true, now) || core.leave_to_others(slot) {
                break None;
            }
            let Some(unbuilt) = queue.begin_build() else {
                break None;
            };
            drop(queue);
            queue = core.build(slot, unbuilt);
        };
        let is_sent = next.is_some();
        if let Some(Outgoing {
            id: batch,
            bytes,
            expires,
        }) = next
        {
            let batch = LaneBatch {
                partition: slot.partition.clone(),
                topic_id: self.states[id as usize].topic_id,
                bytes,
                deadline: Deadline::at(expires),
                tag: self.sent.put(id, batch),
            };
            if let Some(carrier) = self.carriers.get_mut(&broker) {
                carrier.hurries = false;
                carrier.lane.push(batch);
            }
        }
        self.settle(core, slot, queue, now);
        is_sent
    }

    /// Sets the leader of a slot.
    pub(super) fn set_leader(&mut self, core: &Core, id: u32, leader: Option<i32>) {
        let leader = leader.filter(|leader| self.has_carrier(core, *leader));
        let state = &mut self.states[id as usize];
        let before = std::mem::replace(&mut state.leader, leader);
        if before == leader {
            return;
        }
        lock(&core.memory).set_leader(id, leader);
        if let (Some(before), Some(slot)) = (before, core.slots.get(id)) {
            self.take_back(core, before, &slot.partition);
            self.linger_no_more(before, id);
        }
        if self.homeless.remove(&id) || before.is_some() {
            self.enlist(id);
        }
    }

    /// Takes a slot out of the list of a broker that leads it no longer. Its open batch leaves with
    /// the next request to the new leader.
    fn linger_no_more(&mut self, broker: i32, id: u32) {
        let state = &mut self.states[id as usize];
        if !std::mem::take(&mut state.is_lingering) {
            return;
        }
        state.is_due = true;
        if let Some(carrier) = self.carriers.get_mut(&broker) {
            carrier.lingering.retain(|(_, other)| *other != id);
        }
    }

    /// Whether there is a lane to a broker. Makes one if the address is known.
    fn has_carrier(&mut self, core: &Core, broker: i32) -> bool {
        if self.carriers.contains_key(&broker) {
            return true;
        }
        match self.client.produce_lane(broker, self.lane_options) {
            Ok(lane) => {
                let carrier = Carrier::new(lane, core.config.max_request_bytes);
                self.carriers.insert(broker, carrier);
                true
            }
            Err(_) => false,
        }
    }
}
