//! Working: a thread that waits does the work.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::core::{Core, lock};
use super::delivery::{Closed, Delivery};
use super::engine::Engine;
use super::slot::Slot;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::net::Stop;

/// The longest sleep of a thread that waits for another.
const SLICE: Duration = Duration::from_secs(3600);

impl Engine {
    /// Works until `done` returns something, or the deadline has passed.
    pub(super) fn work_until<T>(
        &self,
        deadline: Deadline,
        mut done: impl FnMut(&Core) -> Option<T>,
    ) -> Option<T> {
        loop {
            let rounds = self.core.turn.rounds();
            if let Some(found) = done(&self.core) {
                return Some(found);
            }
            if let Some(mut driver) = self.try_drive() {
                let mut found = None;
                if !driver.run(&self.core) {
                    found = done(&self.core);
                    if found.is_none() && !deadline.is_past() {
                        driver.wait(&self.core, deadline);
                        driver.run(&self.core);
                    }
                }
                drop(driver);
                self.core.turn.pass();
                if found.is_some() {
                    return found;
                }
            } else if !self.core.help() {
                let wait = deadline.remaining().min(SLICE);
                let is_driven = || self.try_drive().is_none();
                self.core.turn.follow(rounds, wait, is_driven);
                self.core.help();
            }
            if deadline.is_past() {
                return done(&self.core);
            }
        }
    }

    pub(super) fn work(&self, stop: &Stop) {
        self.core.workers.fetch_add(1, Ordering::Relaxed);
        self.core.heed(stop);
        let is_over = |core: &Core| (stop.is_stopped() || core.is_shut()).then_some(());
        while self.work_until(Deadline::after(SLICE), is_over).is_none() {}
        self.core.heed_no_more(stop);
        self.core.workers.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn flush(&self, deadline: Deadline) -> Result<(), Error> {
        let mut pending: Vec<(&Slot, u64)> = Vec::new();
        for slot in self.core.slots.iter() {
            let mut queue = lock(&slot.queue);
            if queue.is_empty() {
                continue;
            }
            queue.close(Closed::Flush);
            let end = queue.end();
            drop(queue);
            self.core.hand_over(slot);
            pending.push((slot, end));
        }
        let flushed = self.work_until(deadline, |_| {
            let is_done = |slot: &Slot, end| lock(&slot.queue).first_undecided() >= end;
            while pending.pop_if(|(slot, end)| is_done(slot, *end)).is_some() {}
            pending.is_empty().then_some(())
        });
        if flushed.is_some() {
            return Ok(());
        }
        pending.retain(|(slot, end)| lock(&slot.queue).first_undecided() < *end);
        let troubled = |slot: &Slot| lock(&slot.queue).trouble().cloned();
        let first = pending.iter().find(|(slot, _)| troubled(slot).is_some());
        match first.or(pending.first()) {
            None => Ok(()),
            Some((slot, _)) => Err(Error::Unfinished {
                partition: slot.partition.clone(),
                partitions: pending.len(),
                cause: troubled(slot),
            }),
        }
    }

    pub(super) fn close(&self, deadline: Deadline) -> Vec<Arc<Delivery>> {
        // Whoever looks at a queue after that finds it shut.
        self.core.is_closed.store(true, Ordering::Release);
        for slot in self.core.slots.iter() {
            lock(&slot.queue).shut();
            self.core.hand_over(slot);
        }
        self.core.inbox.wake();
        // What is left then is given up, while nobody can send it.
        let _ = self.flush(deadline);
        let mut driver = self.drive();
        driver.take_back_all(&self.core);
        for slot in self.core.slots.iter() {
            let mut queue = lock(&slot.queue);
            queue.abandon();
            // Another thread may be building a batch, which takes a moment.
            while !queue.is_empty() {
                drop(queue);
                std::thread::yield_now();
                queue = lock(&slot.queue);
            }
            self.core.publish(slot, queue, None);
        }
        drop(driver);
        self.core.turn.pass();
        self.core.inbox.wake();
        lock(&self.core.deliveries).take_failures()
    }
}
