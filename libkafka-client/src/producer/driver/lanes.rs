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
                self.take_back(broker, &outcome.batch.partition);
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
    fn take_back(&mut self, broker: i32, partition: &TopicPartition) {
        let Some(carrier) = self.carriers.get_mut(&broker) else {
            return;
        };
        let batches = carrier.lane.take_partition(partition);
        self.put_back(batches);
    }

    /// Takes back everything that waits on lanes, so that it does not count as sent.
    pub(in super::super) fn take_back_all(&mut self) {
        let carriers = self.carriers.values_mut();
        let batches = carriers.flat_map(|carrier| carrier.lane.take_waiting());
        let batches = batches.collect();
        self.put_back(batches);
    }

    /// Returns batches that a lane has not sent to their queues.
    fn put_back(&mut self, batches: Vec<LaneBatch>) {
        for batch in batches {
            if let Some((id, batch)) = self.sent.take(batch.tag) {
                lock(&self.slots[id as usize].queue).put_back(batch);
            }
        }
    }

    fn answered(&mut self, core: &Core, outcome: LaneOutcome, now: Instant) {
        let Some((id, batch)) = self.sent.take(outcome.batch.tag) else {
            return;
        };
        if let Some(hint) = &outcome.leader {
            let partition = &outcome.batch.partition;
            if self.client.apply_hint(&mut self.topology, partition, hint) {
                self.set_leader(core, id, Some(hint.leader_id));
            }
        }
        let (produced, error) = match outcome.result {
            Ok(produced) => (Some(produced), None),
            Err(error) => (None, Some(error)),
        };
        let refreshes = |method| method == RetryMethod::Refresh;
        if error
            .as_ref()
            .is_some_and(|error| refreshes(error.retry_method()))
        {
            self.control.want_refresh();
        }
        let tried = Try {
            exchange: outcome.exchange,
            error,
            possibly_written: outcome.possibly_written,
        };
        // The bytes may be needed again, and are to be nobody else's then.
        drop(outcome.batch);
        let slot = Arc::clone(&self.slots[id as usize]);
        let mut queue = lock(&slot.queue);
        queue.answer(batch, now, tried, produced);
        self.settle(core, &slot, queue, now);
    }

    /// Gives a lane as many batches as it can send.
    fn fill(&mut self, core: &Core, broker: i32, now: Instant) -> bool {
        let mut filled = false;
        while let Some(id) = self.next_turn(core, broker) {
            self.states[id as usize].is_enlisted = false;
            if self.states[id as usize].leader == Some(broker) {
                filled |= self.take_batch(core, broker, id, now);
            } else {
                self.enlist(id);
            }
        }
        filled
    }

    fn next_turn(&mut self, core: &Core, broker: i32) -> Option<u32> {
        let Carrier { lane, queue, .. } = self.carriers.get_mut(&broker)?;
        let has_room = lane.in_flight() < core.config.in_flight()
            && lane.waiting_bytes() < core.config.max_request_bytes;
        if has_room { queue.pop_front() } else { None }
    }

    /// Gives a lane the next batch of a slot, if it has one that may be sent.
    fn take_batch(&mut self, core: &Core, broker: i32, id: u32, now: Instant) -> bool {
        let slot = Arc::clone(&self.slots[id as usize]);
        let mut queue = lock(&slot.queue);
        if self.states[id as usize].is_due {
            queue.close_to_send(now);
            self.states[id as usize].is_due = queue.open_batch().is_some();
        }
        let next = loop {
            if let Some(next) = queue.next(now) {
                break Some(next);
            }
            if !queue.may_send(true, now) || core.leave_to_others(&slot) {
                break None;
            }
            let Some(unbuilt) = queue.begin_build() else {
                break None;
            };
            drop(queue);
            queue = core.build(&slot, unbuilt);
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
                carrier.lane.push(batch);
            }
        }
        self.settle(core, &slot, queue, now);
        is_sent
    }

    /// Sets the leader of a slot.
    pub(super) fn set_leader(&mut self, core: &Core, id: u32, leader: Option<i32>) {
        let leader = leader.filter(|leader| self.has_carrier(*leader));
        let state = &mut self.states[id as usize];
        let before = std::mem::replace(&mut state.leader, leader);
        if before == leader {
            return;
        }
        lock(&core.memory).set_leader(id, leader);
        let slot = Arc::clone(&self.slots[id as usize]);
        if let Some(before) = before {
            self.take_back(before, &slot.partition);
        }
        if self.homeless.remove(&id) || before.is_some() {
            self.enlist(id);
        }
    }

    /// Whether there is a lane to a broker. Makes one if the address is known.
    fn has_carrier(&mut self, broker: i32) -> bool {
        if self.carriers.contains_key(&broker) {
            return true;
        }
        match self.client.produce_lane(broker, self.lane_options) {
            Ok(lane) => {
                self.carriers.insert(broker, Carrier::new(lane));
                true
            }
            Err(_) => false,
        }
    }
}
