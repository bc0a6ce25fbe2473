//! A queue, and a broker made of a few lines that loses requests, loses answers, refuses and
//! forgets; and what must be true of the log afterwards whatever happened.

use std::collections::{BTreeMap, VecDeque};

use libkafka_batch::Record;
use libkafka_protocol::{ApiKey, ErrorCode};
use proptest::prelude::*;

use super::*;
use crate::address::Address;
use crate::broker::Broker;
use crate::place::{Phase, Place};
use crate::producer::delivery::Try;
use crate::producer::queued_batch::{Finished, Push, Unbuilt};

mod expiry;
mod leader;

use leader::Leader;

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    Fine,
    /// It never arrives, and the client cannot know.
    RequestLost,
    /// It is stored, and the client cannot know.
    AnswerLost,
    /// It arrives after the client has given the batch up.
    Late,
    /// It waits for a connection until its time is over.
    NotSent,
    /// The broker is not the leader.
    Refused,
    /// The batch is too large.
    TooLarge,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Push,
    Close,
    BeginBuild,
    EndBuild,
    Send,
    Answer(Fate),
    /// What is late arrives.
    Arrive,
    /// The broker forgets every producer.
    Forget,
    /// An id for the producer, if it wants one.
    Id,
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let fate = prop_oneof![
        6 => Just(Fate::Fine),
        2 => Just(Fate::RequestLost),
        2 => Just(Fate::AnswerLost),
        1 => Just(Fate::Late),
        1 => Just(Fate::NotSent),
        2 => Just(Fate::Refused),
        1 => Just(Fate::TooLarge),
    ];
    let step = prop_oneof![
        8 => Just(Step::Push),
        3 => Just(Step::Close),
        6 => Just(Step::BeginBuild),
        6 => Just(Step::EndBuild),
        6 => Just(Step::Send),
        6 => fate.prop_map(Step::Answer),
        1 => Just(Step::Arrive),
        1 => Just(Step::Forget),
        3 => Just(Step::Id),
        3 => (0..400_u64).prop_map(Step::Wait),
        1 => Just(Step::Wait(60_000)),
    ];
    prop::collection::vec(step, 0..200)
}

fn place() -> Box<Place> {
    let broker = Arc::new(Broker {
        id: Some(1),
        address: Address::new("host", 9092),
        rack: None,
    });
    Box::new(Place::before(ApiKey::PRODUCE, Phase::Read, &broker))
}

fn refusal(code: ErrorCode) -> Error {
    Error::refusal(place(), code, None)
}

fn timeout(written: usize) -> Error {
    let mut at = place();
    at.written = written;
    Error::Timeout { at }
}

struct World {
    queue: BatchQueue,
    leader: Leader,
    /// Sent, not answered.
    wire: VecDeque<Outgoing>,
    late: VecDeque<Bytes>,
    building: VecDeque<Unbuilt>,
    now: Instant,
    next_value: u32,
    next_producer: i64,
    finished: Vec<Finished>,
    /// Values of each batch.
    batches: BTreeMap<u64, Vec<u32>>,
    max_in_flight: usize,
}

impl World {
    fn new(idempotent: bool, max_in_flight: usize, at_least_once: bool) -> Self {
        let options = QueueOptions {
            batch_bytes: 100,
            max_in_flight,
            delivery_time: Duration::from_secs(120),
            idempotent,
            at_least_once,
            retry: RetryPolicy::default(),
        };
        Self {
            queue: BatchQueue::new(Arc::new(options)),
            leader: Leader::default(),
            wire: VecDeque::new(),
            late: VecDeque::new(),
            building: VecDeque::new(),
            now: Instant::now(),
            next_value: 0,
            next_producer: 1000,
            finished: Vec::new(),
            batches: BTreeMap::new(),
            max_in_flight,
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Push => self.push(),
            Step::Close => self.queue.close(Closed::Flush),
            Step::BeginBuild => self.building.extend(self.queue.begin_build()),
            Step::EndBuild => self.build(),
            Step::Send => {
                self.wire.extend(self.queue.next(self.now));
                assert!(self.queue.in_flight() <= self.max_in_flight);
            }
            Step::Answer(fate) => self.answer(fate),
            Step::Arrive => {
                if let Some(batch) = self.late.pop_front() {
                    let _ = self.leader.append(&batch);
                }
            }
            Step::Forget => {
                let producers = std::mem::take(&mut self.leader.producers);
                self.leader.forgotten.extend(producers.into_keys());
            }
            Step::Id => {
                if self.queue.wants_producer() {
                    self.queue.set_producer(self.next_producer, 0);
                    self.next_producer += 1;
                }
            }
            Step::Wait(millis) => {
                self.now += Duration::from_millis(millis);
                let now = self.now;
                while self.wire.front().is_some_and(|first| first.expires <= now) {
                    self.answer(Fate::Late);
                }
                self.queue.close_to_send(now);
                self.queue.tick(now);
            }
        }
        self.finished
            .extend(std::iter::from_fn(|| self.queue.next_failed()));
    }

    fn push(&mut self) {
        let value = self.next_value.to_be_bytes();
        let record = Record {
            value: Some(&value),
            ..Record::default()
        };
        let pushed = loop {
            match self.queue.push(&record).unwrap() {
                Push::Done(pushed) => break pushed,
                Push::NotOpen(memory) => self.queue.open(Box::default(), memory, memory, self.now),
                Push::NoMemory(memory) => drop(self.queue.grow(Box::default(), memory, memory)),
                Push::Shut => panic!("the queue was shut"),
            }
        };
        let batch = self.batches.entry(pushed.batch).or_default();
        assert_eq!(batch.len(), pushed.index as usize);
        batch.push(self.next_value);
        self.next_value += 1;
    }

    fn build(&mut self) {
        if let Some(mut unbuilt) = self.building.pop_front() {
            let built = unbuilt.build();
            let Unbuilt { id, builder, .. } = unbuilt;
            self.queue
                .end_build(id, built, Some(builder), 0, Duration::ZERO);
        }
    }

    fn answer(&mut self, fate: Fate) {
        let Some(Outgoing {
            id, bytes: batch, ..
        }) = self.wire.pop_front()
        else {
            return;
        };
        let result = match fate {
            Fate::Fine => self.leader.append(&batch).map_err(refusal),
            Fate::RequestLost => Err(timeout(100)),
            Fate::AnswerLost => {
                let _ = self.leader.append(&batch);
                Err(timeout(100))
            }
            Fate::Late => {
                self.late.push_back(batch);
                Err(timeout(100))
            }
            Fate::NotSent => {
                // What is behind it was not sent either, and is taken back.
                for behind in self.wire.drain(..) {
                    self.queue.put_back(behind.id);
                }
                Err(timeout(0))
            }
            Fate::Refused => Err(refusal(ErrorCode::NOT_LEADER_OR_FOLLOWER)),
            Fate::TooLarge => Err(refusal(ErrorCode::MESSAGE_TOO_LARGE)),
        };
        let mut tried = Try {
            exchange: None,
            possibly_written: false,
            error: None,
        };
        match result {
            Ok(produced) => self.finished.extend(self.queue.stored(id, tried, produced)),
            Err(error) => {
                tried.possibly_written = error.possibly_written();
                tried.error = Some(Arc::new(error));
                self.queue.not_stored(id, self.now, tried);
            }
        }
    }

    /// Lets everything go well until nothing is left to do.
    fn settle(&mut self) {
        self.queue.close(Closed::Flush);
        for _ in 0..1000 {
            if self.queue.is_empty() && self.wire.is_empty() {
                return;
            }
            let well = [
                Step::Answer(Fate::Fine),
                Step::Id,
                Step::BeginBuild,
                Step::EndBuild,
                Step::Send,
            ];
            for step in well {
                self.step(step);
            }
            let pause = self.queue.due(self.now).map_or(Duration::ZERO, |due| {
                due.saturating_duration_since(self.now)
            });
            if pause < Duration::from_secs(2) {
                self.step(Step::Wait(pause.as_millis() as u64 + 1));
            }
        }
        panic!("the queue never comes to an end");
    }

    /// How often a value is in the log.
    fn count(&self, value: u32) -> usize {
        self.leader
            .log
            .iter()
            .filter(|found| **found == value)
            .count()
    }
}

fn check(world: &mut World, steps: &[Step], idempotent: bool, at_least_once: bool) {
    for step in steps {
        world.step(*step);
    }
    world.settle();
    while !world.late.is_empty() {
        world.step(Step::Arrive);
    }
    let mut seen: Vec<u64> = world.finished.iter().map(|finished| finished.id).collect();
    seen.sort_unstable();
    let all: Vec<u64> = world.batches.keys().copied().collect();
    assert_eq!(seen, all, "every batch meets its fate once");

    for finished in &world.finished {
        for (i, value) in world.batches[&finished.id].iter().enumerate() {
            match &finished.outcome {
                Ok(produced) => {
                    let offset = produced.base_offset.unwrap() as usize + i;
                    assert_eq!(world.leader.log[offset], *value);
                }
                Err(failure) if !failure.possibly_written => assert_eq!(world.count(*value), 0),
                Err(_) => {}
            }
            if !at_least_once {
                assert!(world.count(*value) <= 1, "{value} is there twice");
            }
        }
    }
    if idempotent && !at_least_once {
        // What was given up while in doubt may arrive late, under an id of before.
        let stored = world
            .finished
            .iter()
            .filter(|finished| finished.outcome.is_ok());
        let stored: Vec<u32> = stored
            .flat_map(|finished| world.batches[&finished.id].clone())
            .collect();
        let log = world
            .leader
            .log
            .iter()
            .filter(|value| stored.contains(value));
        assert!(log.is_sorted(), "{:?}", world.leader.log);
    }
}

proptest! {
    #[test]
    fn an_idempotent_queue_stores_each_batch_at_most_once_and_in_order(
        steps in steps(),
        max_in_flight in 1..6_usize,
    ) {
        let mut world = World::new(true, max_in_flight, false);
        check(&mut world, &steps, true, false);
    }

    #[test]
    fn without_numbers_nothing_in_doubt_is_sent_again(steps in steps()) {
        let mut world = World::new(false, 1, false);
        check(&mut world, &steps, false, false);
    }

    #[test]
    fn at_least_once_loses_nothing_but_what_is_refused_for_good(
        steps in steps(),
        idempotent: bool,
    ) {
        let mut world = World::new(idempotent, 1, true);
        check(&mut world, &steps, idempotent, true);
        for finished in &world.finished {
            if let Err(failure) = &finished.outcome {
                prop_assert!(
                    matches!(failure.reason, Reason::Refused | Reason::InDoubt | Reason::Expired),
                    "{failure}"
                );
            }
        }
    }
}
