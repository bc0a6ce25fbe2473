//! `Driver`: what one thread at a time does for all: requests, answers, timers and metadata.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};
use std::time::{Duration, Instant};

use libkafka_protocol::Uuid;

use super::batch_queue::BatchQueue;
use super::carrier::Carrier;
use super::control::Control;
use super::core::{Core, lock};
use super::inbox::Notes;
use super::lane_options::ProduceLaneOptions;
use super::memory::Shortage;
use super::sent::Sent;
use super::slot::Slot;
use super::topic::Topic;
use crate::cluster::{Client, Topology};
use crate::deadline::Deadline;
use crate::net::{Waitable, wait_for};

mod lanes;
mod requests;
#[cfg(test)]
mod tests;

/// The shortest time after which a slot is examined again.
const MOMENT: Duration = Duration::from_millis(1);

/// How often partitioners are told the load.
const LOAD_PAUSE: Duration = Duration::from_millis(5);

/// What one thread at a time does for all.
pub(super) struct Driver {
    client: Client,
    topology: Topology,
    control: Control,
    /// By slot.
    states: Vec<State>,
    /// By broker.
    carriers: BTreeMap<i32, Carrier>,
    lane_options: ProduceLaneOptions,
    sent: Sent,
    /// When to examine which slot.
    timers: BTreeSet<(Instant, u32)>,
    /// Slots with batches to send whose leader is not known.
    homeless: BTreeSet<u32>,
    notes: Notes,
    topics: Vec<Arc<Topic>>,
    load_told: Instant,
}

/// What the driver knows of a slot.
#[derive(Default)]
struct State {
    leader: Option<i32>,
    topic_id: Option<Uuid>,
    /// Whether it is in the queue of its leader's carrier.
    is_enlisted: bool,
    /// Whether its open batch should leave with the next request.
    is_due: bool,
    /// Whether it is in the list of its carrier for the end of its linger time.
    is_lingering: bool,
    timer: Option<Instant>,
    /// Whether it has had a producer id: another one is then for this slot alone.
    had_producer: bool,
    wants_producer: bool,
}

impl Driver {
    pub(super) fn new(
        client: Client,
        lane_options: ProduceLaneOptions,
        metadata_interval: Duration,
    ) -> Self {
        Self {
            client,
            topology: Topology::default(),
            control: Control::new(metadata_interval),
            states: Vec::new(),
            carriers: BTreeMap::new(),
            lane_options,
            sent: Sent::default(),
            timers: BTreeSet::new(),
            homeless: BTreeSet::new(),
            notes: Notes::default(),
            topics: Vec::new(),
            load_told: Instant::now(),
        }
    }

    /// Does everything that can be done without waiting. Returns whether it did anything.
    pub(super) fn run(&mut self, core: &Core) -> bool {
        let now = Instant::now();
        let mut progress = self.read_notes(core, now);
        progress |= self.run_timers(core, now);
        progress |= self.run_control(core, now);
        progress |= self.run_lanes(core, now);
        self.tell_load(now);
        core.inbox.set_due(self.next_due(now));
        progress
    }

    /// Tells the partitioners at intervals how much is waiting for each partition.
    fn tell_load(&mut self, now: Instant) {
        if now >= self.load_told + LOAD_PAUSE {
            self.load_told = now;
            for topic in &self.topics {
                topic.tell_load();
            }
        }
    }

    /// Waits until there is something to do or the deadline has passed.
    pub(super) fn wait(&mut self, core: &Core, deadline: Deadline) {
        let now = Instant::now();
        let due = self.next_due(now);
        let until = due.map_or(deadline, |due| deadline.min(Deadline::at(due)));
        if !core.inbox.sleep(until.instant()) {
            return;
        }
        // After that, since adding a stop wakes only a driver that sleeps.
        let Some(stops) = core.stops_to_heed() else {
            core.inbox.awake();
            return;
        };
        let lanes = self
            .carriers
            .values()
            .map(|carrier| carrier.lane.interest());
        let others = [core.inbox.waker.interest(), self.control.interest()];
        let stops = stops.iter().map(Waitable::interest);
        let ready = wait_for(others.into_iter().chain(stops).chain(lanes), until);
        core.inbox.awake();
        if ready.is_ok_and(|ready| ready.contains(0)) {
            core.inbox.waker.take();
        }
    }

    /// When there is something to do that no lane waits for.
    fn next_due(&self, now: Instant) -> Option<Instant> {
        let timer = self.timers.first().map(|(at, _)| *at);
        let carriers = self.carriers.values();
        let lingering = carriers.filter_map(Carrier::linger_ends).min();
        // Without a topic there is nothing to request.
        let has_topics = self.topology.topics().next().is_some();
        let control = self.control.due(now).filter(|_| has_topics);
        [timer, lingering, control].into_iter().flatten().min()
    }

    fn read_notes(&mut self, core: &Core, now: Instant) -> bool {
        let mut notes = std::mem::take(&mut self.notes);
        core.inbox.take(&mut notes);
        let progress =
            !(notes.ready.is_empty() && notes.topics.is_empty() && notes.short.is_empty());
        for topic in notes.topics.drain(..) {
            if core.topics.get(&topic).is_none() && self.topology.add(topic) {
                self.control.refresh_at_once();
            }
        }
        for topic in notes.forgotten.drain(..) {
            if core.topics.get(&topic).is_none() {
                self.topology.remove(&topic);
                lock(&core.topic_errors).remove(&topic);
            }
        }
        for (id, opened) in notes.opened.drain(..) {
            self.linger(id, opened + core.config.linger);
            self.set_timer(id, opened + core.config.delivery_time);
        }
        for (id, shortage) in notes.short.drain(..) {
            self.let_leave(id, shortage);
        }
        for id in notes.ready.drain(..) {
            let Some(slot) = core.slots.get(id) else {
                continue;
            };
            slot.is_listed.store(false, Ordering::Release);
            self.settle(core, slot, lock(&slot.queue), now);
        }
        self.notes = notes;
        progress
    }

    fn run_timers(&mut self, core: &Core, now: Instant) -> bool {
        let mut progress = false;
        while let Some((at, id)) = self.timers.first().copied().filter(|(at, _)| *at <= now) {
            self.timers.remove(&(at, id));
            self.states[id as usize].timer = None;
            let Some(slot) = core.slots.get(id) else {
                continue;
            };
            let mut queue = lock(&slot.queue);
            queue.tick(now);
            progress |= self.settle(core, slot, queue, now);
        }
        progress
    }

    /// Lets open batches leave before their linger time is over, because a slot needs their memory.
    fn let_leave(&mut self, id: u32, shortage: Shortage) {
        for (broker, carrier) in &mut self.carriers {
            carrier.hurries |= match shortage {
                Shortage::Partition => false,
                Shortage::Leader(leader) => leader == *broker,
                Shortage::All => true,
            };
        }
        self.states[id as usize].is_due = true;
        self.enlist(id);
    }

    /// Notes when the linger time of the open batch of a slot ends.
    fn linger(&mut self, id: u32, ends: Instant) {
        let state = &mut self.states[id as usize];
        match state
            .leader
            .and_then(|leader| self.carriers.get_mut(&leader))
        {
            Some(_) if state.is_lingering => {}
            Some(carrier) => {
                state.is_lingering = true;
                carrier.lingering.push_back((ends, id));
            }
            None => {
                state.is_due = true;
                self.enlist(id);
            }
        }
    }

    /// Acts on what happened to the queue of a slot. Returns whether outcomes of batches became
    /// known.
    fn settle(
        &mut self,
        core: &Core,
        slot: &Slot,
        queue: MutexGuard<'_, BatchQueue>,
        now: Instant,
    ) -> bool {
        let state = &self.states[slot.id as usize];
        let sends = queue.may_send(!state.is_due, now);
        let wants_producer = queue.wants_producer();
        let due = queue.due(now);
        let finished = core.publish(slot, queue, Some(now));
        if wants_producer {
            self.want_producer(core, slot.id, now);
        } else if sends {
            self.enlist(slot.id);
        }
        if let Some(due) = due {
            // What is being built when its time is over is looked at again a moment later.
            self.set_timer(slot.id, due.max(now + MOMENT));
        }
        finished
    }

    /// Examines a slot at this time or earlier.
    fn set_timer(&mut self, id: u32, at: Instant) {
        let timer = &mut self.states[id as usize].timer;
        match *timer {
            Some(sooner) if sooner <= at => return,
            Some(later) => drop(self.timers.remove(&(later, id))),
            None => {}
        }
        *timer = Some(at);
        self.timers.insert((at, id));
    }

    /// Has the carrier of its leader take batches of a slot.
    fn enlist(&mut self, id: u32) {
        let state = &mut self.states[id as usize];
        if state.is_enlisted {
            return;
        }
        match state
            .leader
            .and_then(|leader| self.carriers.get_mut(&leader))
        {
            Some(carrier) => {
                state.is_enlisted = true;
                carrier.queue.push_back(id);
            }
            None => {
                self.homeless.insert(id);
                self.control.want_refresh();
            }
        }
    }
}
