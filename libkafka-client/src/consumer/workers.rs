//! `Workers`: a consumer whose records are handled by several threads.

use std::fmt;
use std::sync::Condvar;
use std::time::{Duration, Instant};

use super::claim_status::ClaimStatus;
use super::consumer::Consumer;
use super::cursor::Cursor;
use super::work::{Flow, Work};
use super::work_queue::{Next, WorkQueue};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::group::cannot_wait;
use crate::group::membership::Claim;
use crate::net::{Handover, Held, Stop};

/// How long no thread looks after the consumer if nothing happens.
const IDLE: Duration = Duration::from_secs(60);

/// A [`Consumer`] whose records are handled by several threads of the caller.
///
/// Each thread runs [`work`](Self::work). At most one of them has a partition at a time, so its
/// records are handled in order, whatever the number of threads. A free thread takes records that
/// are ready; one of the threads without work fetches and serves the group for all. While all are
/// busy no thread does that, unless one more runs [`keep`](Self::keep).
///
/// ```no_run
/// use std::thread;
/// use libkafka_client::membership::Subscription;
/// use libkafka_client::{Client, Config, ConsumerOptions, Flow, Stop, Work};
///
/// let client = Client::new(Config::new("localhost:9092"))?;
/// let topics = Subscription::topics(["orders"]);
/// let workers = client.consumer(topics, ConsumerOptions::new())?.into_workers()?;
/// let stop = Stop::new()?;
/// thread::scope(|scope| {
///     for _ in 0..4 {
///         scope.spawn(|| {
///             workers.work(&stop, |cursor, work| {
///                 if let Work::Records(batch) = work {
///                     println!("{:?}: {:?}", cursor.claim(), batch.span());
///                     batch.handled();
///                 }
///                 Flow::Go
///             })
///         });
///     }
///     // However long the handlers take, the partitions are kept.
///     scope.spawn(|| workers.keep(&stop));
/// });
/// workers.finish().close(std::time::Duration::from_secs(10))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Workers {
    shared: Handover<Shared>,
    /// Notified when a waiting thread may have something to do.
    bell: Condvar,
}

/// Which thread drives the consumer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Driver {
    Worker,
    Keeper,
}

struct Shared {
    consumer: Consumer,
    queue: WorkQueue,
    /// Whether a thread fetches and serves the group.
    is_driven: bool,
    /// The number of workers waiting for something to do.
    idle: usize,
    /// Whether a worker has asked for something to do since the consumer was last driven.
    has_asked: bool,
    is_stopped: bool,
}

impl Consumer {
    /// Turns this into a consumer whose records are handled by several threads.
    ///
    /// # Errors
    /// [`Error::Config`] with the error of the system, such as too many open files.
    pub fn into_workers(self) -> Result<Workers, Error> {
        let shared = Shared {
            consumer: self,
            queue: WorkQueue::default(),
            is_driven: false,
            idle: 0,
            has_asked: false,
            is_stopped: false,
        };
        Ok(Workers {
            shared: Handover::new(shared).map_err(cannot_wait)?,
            bell: Condvar::new(),
        })
    }
}

impl Workers {
    /// Gives this thread to the consumer until `stop` is stopped, a handler returns [`Flow::Stop`],
    /// or the consumer is no longer in its group. `handler` receives what happens to each
    /// partition, in order: records, and that it is assigned, revoked, lost or in trouble. It can
    /// move the partition with the [`Cursor`].
    ///
    /// A partition that is being revoked is given up once its handler has returned and what is
    /// handled of it is committed.
    ///
    /// # Errors
    /// The errors of [`Consumer::poll`]. The other workers continue.
    pub fn work(
        &self,
        stop: &Stop,
        mut handler: impl FnMut(&mut Cursor, Work) -> Flow,
    ) -> Result<(), Error> {
        let mut shared = self.shared.lock();
        loop {
            if shared.is_over(stop) {
                self.bell.notify_all();
                return Ok(());
            }
            let now = Instant::now();
            if let Some((claim, work)) = shared.next(now) {
                // There may be more, and nobody who drives.
                self.bell.notify_one();
                drop(shared);
                let mut cursor = Cursor::new(claim);
                let flow = handler(&mut cursor, work.clone());
                shared = self.shared.lock();
                shared.done(&cursor, work, flow);
                continue;
            }
            shared.idle += 1;
            if shared.is_driven {
                shared = shared.wait_for(&self.bell);
                shared.idle -= 1;
                continue;
            }
            shared.is_driven = true;
            let driven = self.drive(shared, stop, Driver::Worker);
            shared = self.shared.lock();
            shared.idle -= 1;
            shared.is_driven = false;
            self.bell.notify_one();
            driven?;
        }
    }

    /// Gives this thread to the consumer for everything except the handlers: it fetches, commits
    /// and serves the group, so the handlers of all workers may take longer than the session
    /// timeout at the same time. Returns when [`work`](Self::work) would.
    ///
    /// It does not say that the workers make progress: if none of them returns from its handler
    /// within `max_poll_interval`, the member loses its partitions. A partition that is being
    /// revoked still waits for its handler.
    ///
    /// ```no_run
    /// # use libkafka_client::{Error, Flow, Stop, Workers};
    /// # fn run(workers: &Workers, stop: &Stop) {
    /// std::thread::scope(|scope| {
    ///     scope.spawn(|| workers.keep(stop));
    ///     workers.work(stop, |_cursor, _work| Flow::Go)
    /// })
    /// # .unwrap();
    /// # }
    /// ```
    ///
    /// # Errors
    /// The errors of [`Consumer::poll`]. The workers continue without it.
    pub fn keep(&self, stop: &Stop) -> Result<(), Error> {
        let mut shared = self.shared.lock();
        loop {
            if shared.is_over(stop) {
                self.bell.notify_all();
                return Ok(());
            }
            if shared.is_driven {
                // It is woken once the worker who drives has something else to do.
                shared = shared.wait_for(&self.bell);
                continue;
            }
            shared.is_driven = true;
            let driven = self.drive(shared, stop, Driver::Keeper);
            shared = self.shared.lock();
            shared.is_driven = false;
            self.bell.notify_one();
            driven?;
        }
    }

    /// The progress of each claim, as in [`Consumer::claims`].
    pub fn claims(&self) -> Vec<ClaimStatus> {
        self.shared.lock().consumer.claims().collect()
    }

    /// Returns the consumer, once all workers have returned. Its next [`poll`](Consumer::poll)s
    /// return what happened and no handler was told.
    pub fn finish(self) -> Consumer {
        let Shared {
            mut consumer,
            queue,
            ..
        } = self.shared.into_inner();
        consumer.core.events.extend(queue.into_rest());
        consumer.core.free_all();
        consumer
    }

    /// Drives the consumer: a worker until there is something for it to do, a keeper to the end.
    fn drive<'a>(
        &'a self,
        mut shared: Held<'a, Shared>,
        stop: &Stop,
        driver: Driver,
    ) -> Result<(), Error> {
        loop {
            shared.drive(Instant::now())?;
            if shared.is_over(stop) {
                return Ok(());
            }
            let now = Instant::now();
            let mut due = shared.queue.due();
            if shared.has_next(now) {
                if driver == Driver::Worker {
                    return Ok(());
                }
                // Whoever is free takes it; if nobody is, it waits for the first who gets free.
                self.bell.notify_one();
                due = due.filter(|due| *due > now);
            }
            let deadline = due.map_or(Deadline::after(IDLE), Deadline::at);
            let waker = self.shared.waker();
            let core = &shared.consumer.core;
            core.wait_with(deadline, [Some(&core.stop), Some(stop)], Some(waker))?;
            waker.take();
            // Those who are done with something go first.
            drop(shared);
            shared = self.shared.lock_last();
        }
    }
}

impl Shared {
    fn is_over(&self, stop: &Stop) -> bool {
        let core = &self.consumer.core;
        self.is_stopped || stop.is_stopped() || core.stop.is_stopped() || core.over.is_some()
    }

    fn drive(&mut self, now: Instant) -> Result<(), Error> {
        let core = &mut self.consumer.core;
        core.dealt_with();
        // The owner makes progress as long as any worker does, or is free to.
        if std::mem::take(&mut self.has_asked) || self.idle > 0 {
            core.polled();
        }
        let driven = core.drive(now);
        self.queue_events();
        driven
    }

    fn queue_events(&mut self) {
        while let Some(event) = self.consumer.core.events.pop_front() {
            self.queue.push(event);
        }
    }

    fn has_next(&self, now: Instant) -> bool {
        let is_due = self.queue.due().is_some_and(|due| due <= now);
        self.queue.has_ready() || is_due || self.consumer.core.readers.has_ready()
    }

    /// The next work, for a worker that takes it.
    fn next(&mut self, now: Instant) -> Option<(Claim, Work)> {
        self.has_asked = true;
        // Whoever drives otherwise has to wait as long as others want the lock.
        if self.consumer.core.is_due(now) {
            // Whatever comes of an error, comes again to the one who drives next.
            let _ = self.drive(now);
        }
        if let Some((claim, work)) = self.queue.next(now) {
            self.set_busy(&claim, true);
            return Some((claim, work));
        }
        let (claim, next) = self.consumer.core.readers.next(now)?;
        let work = match next {
            Ok(batch) => Work::Records(batch),
            Err(report) => report.into_work(),
        };
        self.queue.took(&claim);
        self.set_busy(&claim, true);
        Some((claim, work))
    }

    fn set_busy(&mut self, claim: &Claim, is_busy: bool) {
        let readers = &mut self.consumer.core.readers;
        if let Some(reader) = readers.by_number(claim.number()) {
            reader.is_busy = is_busy;
        }
    }

    /// Handles the return of a handler.
    fn done(&mut self, cursor: &Cursor, work: Work, flow: Flow) {
        let claim = cursor.claim();
        self.is_stopped |= flow == Flow::Stop;
        let mut next = self.queue.done(Instant::now(), claim, work, flow);
        if let Some(position) = cursor.moved {
            self.queue.moved(claim);
            self.consumer.seek(claim, position);
            if next == Next::Later {
                next = Next::Records;
            }
        }
        match next {
            Next::Records => {
                self.set_busy(claim, false);
                self.consumer.core.readers.queue(claim.number());
            }
            Next::Release(by) => self.consumer.core.told.push((vec![claim.clone()], by)),
            Next::Later | Next::Ended => {}
        }
    }
}

impl fmt::Debug for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workers").finish_non_exhaustive()
    }
}
