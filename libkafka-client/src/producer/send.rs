//! Sending: from a record to the open batch of its partition.

use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use libkafka_batch::{Batch, Record, Restamp, TimestampType};

use super::batch_queue::BatchQueue;
use super::core::{Core, lock};
use super::delivery::Ticket;
use super::engine::Engine;
use super::memory::{Shortage, cost};
use super::producer_record::ProducerRecord;
use super::queued_batch::{Push, Pushed};
use super::slot::Slot;
use super::topic::{self, Topic};
use crate::deadline::Deadline;
use crate::error::{Error, RetryMethod};

impl Engine {
    #[inline]
    pub(super) fn send(
        &self,
        record: &ProducerRecord<'_>,
        wait: Duration,
    ) -> Result<Ticket, Error> {
        let topic = match self.core.topics.get(record.topic) {
            Some(topic) => topic,
            None => self.find_topic(record.topic, wait)?,
        };
        let choice = topic.choose(record, &self.core.config.partitioner);
        let slot = slot(topic, choice.partition)?;
        let record = record.record();
        if choice.is_sticky {
            return self.send_sticky(topic, slot, &record, wait);
        }
        let mut queue = lock(&slot.queue);
        match queue.push_at_once(&record)? {
            Some(pushed) => {
                drop(queue);
                self.sent(pushed);
                Ok(ticket(slot, pushed))
            }
            None => self
                .push(slot, queue, &record, wait)
                .map(|(pushed, _)| ticket(slot, pushed)),
        }
    }

    #[inline(never)]
    fn send_sticky(
        &self,
        topic: &Topic,
        slot: &Arc<Slot>,
        record: &Record<'_>,
        wait: Duration,
    ) -> Result<Ticket, Error> {
        let (pushed, is_full) = self.push(slot, lock(&slot.queue), record, wait)?;
        topic.appended(slot.partition.partition, record, is_full);
        Ok(ticket(slot, pushed))
    }

    /// Checks at intervals whether there is something to do that no thread has done.
    #[inline]
    fn sent(&self, pushed: Pushed) {
        let is_first = pushed.index < 4 && !self.core.inbox.skips_check();
        if is_first || pushed.index.is_multiple_of(16) {
            self.look(None);
        }
    }

    #[inline(never)]
    fn look(&self, now: Option<Instant>) {
        // Threads that were given to the producer see to it themselves.
        if self.core.workers.load(Ordering::Relaxed) > 0 {
            return;
        }
        let now = now.unwrap_or_else(Instant::now);
        if self.core.inbox.is_overdue(now) {
            self.pump();
        }
    }

    /// Adds a record to a queue, and finds the memory for it. Returns whether the batch is too full
    /// for another such record.
    #[inline(never)]
    fn push<'a>(
        &self,
        slot: &'a Slot,
        mut queue: MutexGuard<'a, BatchQueue>,
        record: &Record<'_>,
        wait: Duration,
    ) -> Result<(Pushed, bool), Error> {
        let mut deadline = None;
        let mut has_closed = false;
        let mut opened = None;
        loop {
            let open = queue.opened();
            let memory = match queue.push(record)? {
                Push::Done(pushed) => {
                    let is_full = queue.is_full_for(topic::size(record));
                    drop(queue);
                    if has_closed {
                        self.core.hand_over(slot);
                        self.pump();
                    } else if opened.is_some() {
                        self.look(opened);
                    } else {
                        self.sent(pushed);
                    }
                    return Ok((pushed, is_full));
                }
                Push::Shut => return Err(Error::ProducerClosed),
                Push::NotOpen(memory) => {
                    has_closed |= open.is_some();
                    memory
                }
                Push::NoMemory(memory) => memory,
            };
            let shortage = match self.take_memory(slot, &mut queue, memory) {
                Ok(Some(now)) => {
                    opened = Some(now);
                    continue;
                }
                Ok(None) => continue,
                Err(shortage) => shortage,
            };
            let limit = self.core.config.largest_batch();
            if memory > limit {
                return Err(Error::RecordTooLarge {
                    size: memory,
                    limit,
                });
            }
            drop(queue);
            if has_closed {
                self.core.hand_over(slot);
                has_closed = false;
            }
            if wait.is_zero() && !self.core.inbox.may_be_short(Instant::now()) {
                return Err(self.buffer_full(slot, shortage));
            }
            // What is open can leave, and make room.
            self.core.inbox.short(slot.id, shortage);
            let deadline = *deadline.get_or_insert_with(|| Deadline::after(wait));
            self.wait_for_memory(slot, shortage, deadline)?;
            queue = lock(&slot.queue);
        }
    }

    /// Opens a batch with this much memory, or gives the memory to the open one. Returns when a
    /// batch was opened, if one was.
    fn take_memory(
        &self,
        slot: &Slot,
        queue: &mut BatchQueue,
        memory: usize,
    ) -> Result<Option<Instant>, Shortage> {
        if memory > self.core.config.max_request_bytes {
            return Err(Shortage::Partition);
        }
        if queue.opened().is_some() {
            let before = queue.open_held();
            let taken = lock(&self.core.memory).exchange_buffer(slot.id, before, memory);
            let (builder, held) = taken?;
            let smaller = queue.grow(builder, memory, held);
            lock(&self.core.memory).keep(smaller);
            return Ok(None);
        }
        let (builder, held) = lock(&self.core.memory).take_buffer(slot.id, memory)?;
        let now = Instant::now();
        queue.open(builder, memory, held, now);
        let due = now + self.core.config.linger;
        self.core.inbox.opened((slot.id, now), due);
        Ok(Some(now))
    }

    fn wait_for_memory(
        &self,
        slot: &Slot,
        shortage: Shortage,
        deadline: Deadline,
    ) -> Result<(), Error> {
        let used = lock(&self.core.memory).used();
        let has_less = |core: &Core| {
            let less = lock(&core.memory).used() < used;
            (less || core.drop_taken(true)).then_some(())
        };
        let found = self.work_until(deadline, has_less);
        found.ok_or_else(|| self.buffer_full(slot, shortage))
    }

    fn buffer_full(&self, slot: &Slot, shortage: Shortage) -> Error {
        let largest = match shortage {
            Shortage::Partition => None,
            Shortage::Leader(leader) => lock(&self.core.memory).largest(Some(leader)),
            Shortage::All => lock(&self.core.memory).largest(None),
        };
        let id = largest.unwrap_or(slot.id);
        let slot = self.core.slots.get(id).map_or(slot, |largest| largest);
        Error::BufferFull {
            partition: slot.partition.clone(),
            cause: lock(&slot.queue).trouble().cloned(),
        }
    }

    /// Looks up a topic that is not known yet.
    #[inline(never)]
    fn find_topic(&self, name: &str, wait: Duration) -> Result<&Arc<Topic>, Error> {
        if name.is_empty() {
            let topic = name.to_owned();
            return Err(Error::UnknownTopic { topic, cause: None });
        }
        let cause = |core: &Core| lock(&core.topic_errors).get(name).cloned();
        lock(&self.core.topic_errors).remove(name);
        let found = self.work_until(Deadline::after(wait), |core| {
            if core.topics.get(name).is_some() || core.is_shut() {
                return Some(());
            }
            core.inbox.want_topic(name);
            let error = cause(core)?;
            (error.retry_method() == RetryMethod::GiveUp).then_some(())
        });
        let _ = found;
        match self.core.topics.get(name) {
            Some(topic) => Ok(topic),
            None if self.core.is_shut() => Err(Error::ProducerClosed),
            None => {
                let topic = name.to_owned();
                let cause = cause(&self.core);
                self.core.inbox.forget_topic(name);
                Err(Error::UnknownTopic { topic, cause })
            }
        }
    }

    pub(super) fn send_batch(
        &self,
        topic: &str,
        partition: i32,
        batch: Bytes,
        wait: Duration,
    ) -> Result<Ticket, Error> {
        let (batch, records) = as_produced(batch)?;
        let limit = self.core.config.largest_batch();
        if batch.len() > limit {
            let size = batch.len();
            return Err(Error::RecordTooLarge { size, limit });
        }
        let deadline = Deadline::after(wait);
        let topic = match self.core.topics.get(topic) {
            Some(topic) => topic,
            None => self.find_topic(topic, wait)?,
        };
        let slot = slot(topic, partition)?;
        let held = cost(batch.len());
        loop {
            let reserved = lock(&self.core.memory).reserve(slot.id, held);
            match reserved {
                Ok(()) => break,
                Err(shortage) => self.wait_for_memory(slot, shortage, deadline)?,
            }
        }
        let mut queue = lock(&slot.queue);
        if queue.is_shut() {
            drop(queue);
            lock(&self.core.memory).release(slot.id, held);
            return Err(Error::ProducerClosed);
        }
        let pushed = queue.push_batch(batch, records, held, Instant::now());
        drop(queue);
        self.core.hand_over(slot);
        self.pump();
        Ok(ticket(slot, pushed))
    }
}

#[inline]
fn slot(topic: &Topic, partition: i32) -> Result<&Arc<Slot>, Error> {
    let slot = u32::try_from(partition).ok();
    let slot = slot.and_then(|partition| topic.slots.get(partition));
    slot.ok_or_else(|| topic.unknown(partition))
}

#[inline]
fn ticket(slot: &Slot, Pushed { batch, index }: Pushed) -> Ticket {
    Ticket {
        slot: slot.id,
        index,
        batch,
    }
}

/// A batch in the form in which a producer sends it, and the number of its records.
fn as_produced(batch: Bytes) -> Result<(Bytes, u32), Error> {
    let parsed = Batch::parse(&batch)?;
    let header = parsed.header;
    if parsed.size() != batch.len() {
        return Err(Error::Batch(libkafka_batch::Error::Empty));
    }
    let records = u32::try_from(header.record_count).unwrap_or(0);
    let log_time = header.attributes.timestamp_type() == TimestampType::LogAppendTime;
    if header.base_offset == 0 && header.producer_id < 0 && !log_time {
        return Ok((batch, records));
    }
    let mut batch = match batch.try_into_mut() {
        Ok(batch) => batch,
        Err(shared) => BytesMut::from(&shared[..]),
    };
    let restamp = Restamp::new().base_offset(0).no_producer().create_time();
    restamp.apply(&mut batch)?;
    Ok((batch.freeze(), records))
}
