//! `Core`: the state that all threads using a producer share.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use libkafka_batch::Builder;
use smallvec::SmallVec;

use super::batch_queue::{BatchQueue, QueueOptions};
use super::deliveries::Deliveries;
use super::delivery::{Delivery, Ticket};
use super::inbox::Inbox;
use super::memory::{Memory, cost};
use super::producer_config::ProducerConfig;
use super::queued_batch::{Finished, Unbuilt};
use super::slot::{Slot, SlotList};
use super::topic::TopicTable;
use super::turn::Turn;
use crate::error::Error;
use crate::net::Stop;

/// Memory that is not worth a copy of what is in it, in bytes.
const LITTLE: usize = 1024;

/// The state that all threads using a producer share.
///
/// Locks are taken in this order: the driver, which is not part of it, the queue of a slot, and
/// then one of the others at a time.
pub(super) struct Core {
    pub(super) config: ProducerConfig,
    pub(super) queue_options: Arc<QueueOptions>,
    pub(super) topics: TopicTable,
    /// The slots of all topics, by their ids.
    pub(super) slots: SlotList,
    pub(super) memory: Mutex<Memory>,
    pub(super) deliveries: Mutex<Deliveries>,
    pub(super) inbox: Inbox,
    pub(super) turn: Turn,
    /// The number of threads that were given to the producer.
    pub(super) workers: AtomicUsize,
    /// What tells these threads to return. The thread that drives waits for all of them, on behalf
    /// of the threads that wait for it.
    stops: Mutex<Vec<Stop>>,
    pub(super) is_closed: AtomicBool,
    /// Why topics are not known.
    pub(super) topic_errors: Mutex<HashMap<Arc<str>, Arc<Error>>>,
    /// Slots with batches to build, for any thread that has time.
    to_build: Mutex<VecDeque<u32>>,
    /// Builders for what others hold, with compressors if there are any: as many as there are
    /// threads that build at the same time.
    building: Mutex<Vec<Builder>>,
}

/// Locks a mutex, even if a thread panicked while holding it: its content is consistent between any
/// two calls.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Core {
    pub(super) fn new(config: ProducerConfig, inbox: Inbox) -> Self {
        let queue_options = QueueOptions {
            batch_bytes: config.batch_bytes,
            max_in_flight: config.in_flight(),
            delivery_time: config.delivery_time,
            idempotent: config.is_idempotent(),
            at_least_once: config.at_least_once,
            retry: config.retry,
        };
        Self {
            queue_options: Arc::new(queue_options),
            topics: TopicTable::new(),
            slots: SlotList::new(),
            memory: Mutex::new(Memory::new(config.memory, config.share())),
            deliveries: Mutex::new(Deliveries::new(config.kept_deliveries)),
            inbox,
            turn: Turn::default(),
            workers: AtomicUsize::new(0),
            stops: Mutex::default(),
            is_closed: AtomicBool::new(false),
            topic_errors: Mutex::default(),
            to_build: Mutex::default(),
            building: Mutex::default(),
            config,
        }
    }

    /// Whether the outcome of the batch of a ticket is known.
    pub(super) fn is_decided(&self, ticket: &Ticket) -> bool {
        let slot = self.slots.get(ticket.slot);
        slot.is_none_or(|slot| ticket.batch < lock(&slot.queue).first_undecided())
    }

    pub(super) fn is_shut(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    /// Makes the driving thread wait for `stop` too.
    pub(super) fn heed(&self, stop: &Stop) {
        lock(&self.stops).push(stop.clone());
        self.inbox.wake();
    }

    /// Undoes one [`heed`](Self::heed).
    pub(super) fn heed_no_more(&self, stop: &Stop) {
        let mut stops = lock(&self.stops);
        if let Some(i) = stops.iter().position(|other| other.is_same(stop)) {
            stops.swap_remove(i);
        }
    }

    /// The stops that the driving thread must wait for. Returns `None` if one of them has been
    /// stopped, once for each: other threads must be told before the driving thread sleeps.
    pub(super) fn stops_to_heed(&self) -> Option<SmallVec<[Stop; 2]>> {
        let mut stops = lock(&self.stops);
        let before = stops.len();
        stops.retain(|stop| !stop.is_stopped());
        (stops.len() == before).then(|| stops.iter().cloned().collect())
    }

    /// Has the closed batches of a slot built and sent.
    pub(super) fn hand_over(&self, slot: &Slot) {
        // Threads that send compress what they have filled, unless others were given for that.
        if self.compresses() && self.workers.load(Ordering::Relaxed) == 0 {
            self.build_all(slot);
        }
        self.list(slot);
    }

    fn list(&self, slot: &Slot) {
        if !slot.is_listed.swap(true, Ordering::AcqRel) {
            self.inbox.ready(slot.id);
        }
    }

    pub(super) fn compresses(&self) -> bool {
        self.config.compressing.is_some()
    }

    /// Leaves the batches of a slot to be built by waiting threads, if there are any.
    pub(super) fn leave_to_others(&self, slot: &Slot) -> bool {
        if !self.compresses() || !self.turn.has_waiting() {
            return false;
        }
        lock(&self.to_build).push_back(slot.id);
        self.turn.call();
        true
    }

    /// Builds what others left. Returns false if there is nothing.
    pub(super) fn help(&self) -> bool {
        let next = lock(&self.to_build).pop_front();
        let Some(slot) = next.and_then(|id| self.slots.get(id)) else {
            return false;
        };
        self.build_all(slot);
        self.list(slot);
        true
    }

    pub(super) fn build_all(&self, slot: &Slot) {
        loop {
            let unbuilt = lock(&slot.queue).begin_build();
            let Some(unbuilt) = unbuilt else { return };
            let queue = self.build(slot, unbuilt);
            self.publish(slot, queue, None);
        }
    }

    /// Builds a batch, without holding a lock meanwhile.
    pub(super) fn build<'a>(
        &self,
        slot: &'a Slot,
        mut unbuilt: Unbuilt,
    ) -> MutexGuard<'a, BatchQueue> {
        if !self.compresses() {
            self.shrink(slot, &mut unbuilt);
            let built = unbuilt.build();
            let Unbuilt {
                id, builder, held, ..
            } = unbuilt;
            let mut queue = lock(&slot.queue);
            queue.end_build(id, built, Some(builder), held, Duration::ZERO);
            return queue;
        }
        let begun = Instant::now();
        let kept = lock(&self.building).pop();
        let mut other = kept.unwrap_or_else(|| match &self.config.compressing {
            Some(new) => new(),
            None => Builder::new(),
        });
        let built = unbuilt.build_by(&mut other);
        lock(&self.building).push(other);
        let held = cost(built.as_ref().map_or(0, bytes::Bytes::len));
        let Unbuilt {
            id,
            builder,
            held: before,
            ..
        } = unbuilt;
        let mut queue = lock(&slot.queue);
        queue.end_build(id, built, None, held, begun.elapsed());
        let mut memory = lock(&self.memory);
        memory.give_back(slot.id, before, builder);
        memory.charge(slot.id, held);
        drop(memory);
        queue
    }

    /// Moves a small batch to less memory if memory is scarce, which leaves the rest for others.
    fn shrink(&self, slot: &Slot, unbuilt: &mut Unbuilt) {
        let size = unbuilt.builder.size();
        let capacity = unbuilt.builder.capacity();
        if capacity <= LITTLE || 2 * size >= capacity {
            return;
        }
        let mut memory = lock(&self.memory);
        if !memory.is_scarce() {
            return;
        }
        let bytes = self.queue_options.memory_for(size);
        let Ok((mut builder, held)) = memory.exchange_buffer(slot.id, unbuilt.held, bytes) else {
            return;
        };
        drop(memory);
        builder.take_records(&mut unbuilt.builder);
        std::mem::swap(&mut unbuilt.builder, &mut builder);
        unbuilt.held = held;
        lock(&self.memory).keep(builder);
    }

    /// Publishes the state of a queue: how much waits, and what was given up. The queue stays
    /// locked until that is done, so that a thread which sees there that the outcome of a batch is
    /// known finds its delivery.
    pub(super) fn publish(
        &self,
        slot: &Slot,
        mut queue: MutexGuard<'_, BatchQueue>,
        now: Option<Instant>,
    ) -> bool {
        let waiting = u32::try_from(queue.waiting()).unwrap_or(u32::MAX);
        slot.waiting.store(waiting, Ordering::Relaxed);
        if !queue.has_failed() {
            return false;
        }
        let now = now.unwrap_or_else(Instant::now);
        while let Some(failed) = queue.next_failed() {
            self.deliver(slot, failed, now);
        }
        drop(queue);
        self.drop_taken(false);
        true
    }

    /// Publishes the outcome of a batch, whose queue must be locked until that is done. The memory
    /// of one that was stored is free. Returns whether there are failures, some of which may have
    /// to be [dropped](Self::drop_taken).
    pub(super) fn deliver(&self, slot: &Slot, mut finished: Finished, now: Instant) -> bool {
        let mut held = finished.held;
        if finished.outcome.is_ok() {
            let mut memory = lock(&self.memory);
            match finished.spent.take() {
                Some(buffer) => memory.give_back(slot.id, held, buffer),
                None => memory.release(slot.id, held),
            }
            held = 0;
        }
        let delivery = delivery(slot, finished, now);
        lock(&self.deliveries).push(delivery, held)
    }

    /// Drops failures that were taken: those beyond the number to keep, or all. Returns whether
    /// that freed memory.
    pub(super) fn drop_taken(&self, all: bool) -> bool {
        let freed = lock(&self.deliveries).drop_taken(all);
        if freed.is_empty() {
            return false;
        }
        let mut memory = lock(&self.memory);
        for (account, held) in &freed {
            memory.release(*account, *held);
        }
        true
    }
}

fn delivery(slot: &Slot, finished: Finished, now: Instant) -> Delivery {
    Delivery {
        partition: slot.partition.clone(),
        batch: finished.id,
        records: finished.records,
        bytes: finished.bytes,
        uncompressed_bytes: finished.uncompressed_bytes,
        opened: finished.opened,
        finished: now.max(finished.opened),
        closed: finished.closed,
        build_time: finished.build_time,
        tries: finished.tries,
        outcome: finished.outcome,
        slot: slot.id,
    }
}
