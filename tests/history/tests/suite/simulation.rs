//! `Simulation`: random histories of clients that do nothing wrong.

use std::time::Duration;

use fastrand::Rng;
use libkafka_history::{Event, Kind, Outcome, Rules, TopicPartition, Value};
use proptest::prelude::*;

const SESSION: u64 = 10_000_000;

/// What can happen in a history besides clean changes of owner.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) seed: u64,
    pub(crate) rounds: usize,
    pub(crate) partitions: usize,
    pub(crate) members: usize,
    /// Crashes, lost partitions, sends and commits that fail.
    pub(crate) faults: bool,
    /// Members that move their positions, and pause.
    pub(crate) control: bool,
}

pub(crate) fn shapes() -> impl Strategy<Value = Shape> {
    let numbers = (any::<u64>(), 1..60usize, 1..5usize, 1..5usize);
    (numbers, any::<(bool, bool)>()).prop_map(|(numbers, (faults, control))| {
        let (seed, rounds, partitions, members) = numbers;
        Shape {
            seed,
            rounds,
            partitions,
            members,
            faults,
            control,
        }
    })
}

pub(crate) fn rules() -> Rules {
    Rules::default()
        .session_timeout(Duration::from_micros(SESSION))
        .max_wait(Duration::from_millis(500))
}

pub(crate) fn history(shape: &Shape) -> Vec<Event> {
    Simulation::new(shape).run()
}

struct Simulation<'s> {
    shape: &'s Shape,
    random: Rng,
    now: u64,
    events: Vec<Event>,
    partitions: Vec<Partition>,
    numbers: Vec<u64>,
    claims: u64,
}

struct Partition {
    name: TopicPartition,
    log: Vec<Value>,
    committed: Option<i64>,
    owner: Owner,
}

#[derive(Clone, Copy)]
struct Owner {
    member: usize,
    claim: u64,
    position: i64,
    handled: i64,
    paused: bool,
}

impl<'s> Simulation<'s> {
    fn new(shape: &'s Shape) -> Self {
        let mut simulation = Simulation {
            shape,
            random: Rng::with_seed(shape.seed),
            now: 1_000_000_000,
            events: Vec::new(),
            partitions: Vec::new(),
            numbers: vec![0; 12],
            claims: 0,
        };
        for member in 0..shape.members {
            simulation.push(member, Kind::Joined { generation: 1 });
        }
        for number in 0..shape.partitions {
            simulation.partitions.push(Partition {
                name: TopicPartition::new("t", number as i32),
                log: Vec::new(),
                committed: None,
                owner: Owner {
                    member: 0,
                    claim: 0,
                    position: 0,
                    handled: 0,
                    paused: false,
                },
            });
            let member = simulation.random.usize(0..shape.members);
            simulation.assign(number, member);
        }
        simulation
    }

    fn run(mut self) -> Vec<Event> {
        for _ in 0..self.shape.rounds {
            self.produce();
            for partition in 0..self.shape.partitions {
                self.read(partition, false);
            }
            self.change();
        }
        for partition in 0..self.shape.partitions {
            self.resume(partition);
            self.read(partition, true);
        }
        for partition in 0..self.shape.partitions {
            let name = self.partitions[partition].name.clone();
            let offset = self.partitions[partition].log.len() as i64;
            self.push(
                0,
                Kind::End {
                    partition: name,
                    offset,
                },
            );
        }
        self.events
    }

    fn push(&mut self, member: usize, kind: Kind) {
        self.push_as(&format!("m{member}"), kind);
    }

    fn push_as(&mut self, process: &str, kind: Kind) {
        self.now += self.random.u64(1_000..20_000);
        let (at, process) = (self.now, process.into());
        self.events.push(Event { at, process, kind });
    }

    fn produce(&mut self) {
        for _ in 0..self.random.usize(0..12) {
            let sender = self.random.usize(0..self.numbers.len());
            self.numbers[sender] += 1;
            let (producer, key) = (format!("p{}", sender % 3), format!("k{}", sender / 3));
            let value = Value::new(producer.as_str(), key.as_str(), self.numbers[sender]);
            let number = sender % self.shape.partitions;
            self.push_as(
                &producer,
                Kind::Send {
                    value: value.clone(),
                },
            );
            let outcome = match self.random.u8(0..10) {
                0 if self.shape.faults => Outcome::Fail,
                1 if self.shape.faults => Outcome::Info,
                _ => Outcome::Ok,
            };
            let partition = &mut self.partitions[number];
            let place = (outcome == Outcome::Ok)
                .then(|| (partition.name.clone(), partition.log.len() as i64));
            let stored = match outcome {
                Outcome::Ok => true,
                Outcome::Info => self.random.bool(),
                Outcome::Fail => false,
            };
            if stored {
                partition.log.push(value.clone());
            }
            self.push_as(
                &producer,
                Kind::Sent {
                    value,
                    outcome,
                    place,
                },
            );
        }
    }

    /// One poll, and some of it handled and committed; or everything.
    fn read(&mut self, number: usize, all: bool) {
        let partition = &self.partitions[number];
        let (owner, end) = (partition.owner, partition.log.len() as i64);
        if owner.paused {
            return;
        }
        let (claim, from) = (owner.claim, owner.position);
        // What waits is always read: a partition that stands still is a fault.
        let next = if all {
            end
        } else {
            end.min(from + self.random.i64(1..20))
        };
        if next > from {
            let records = (from..next).map(|o| (o, partition.log[o as usize].clone()));
            let records = Some(records.collect());
            self.push(
                owner.member,
                Kind::Polled {
                    claim,
                    from,
                    records,
                    next,
                },
            );
            self.partitions[number].owner.position = next;
        }
        let (from, position) = (owner.handled, self.partitions[number].owner.position);
        let upto = if all {
            position
        } else {
            self.random.i64(from..=position)
        };
        if upto > from {
            self.push(owner.member, Kind::Handled { claim, from, upto });
            self.partitions[number].owner.handled = upto;
        }
        if all || self.random.bool() {
            let outcome = match self.random.u8(0..6) {
                0 if self.shape.faults && !all => Outcome::Fail,
                1 if self.shape.faults && !all => Outcome::Info,
                _ => Outcome::Ok,
            };
            self.commit(number, outcome);
        }
    }

    fn commit(&mut self, number: usize, outcome: Outcome) {
        let partition = &self.partitions[number];
        let (Owner { member, claim, .. }, offset) = (partition.owner, partition.owner.handled);
        self.push(member, Kind::Commit { claim, offset });
        let taken = match outcome {
            Outcome::Ok => true,
            Outcome::Info => self.random.bool(),
            Outcome::Fail => false,
        };
        if taken {
            self.partitions[number].committed = Some(offset);
        }
        if outcome != Outcome::Info || self.random.bool() {
            self.push(
                member,
                Kind::Committed {
                    claim,
                    offset,
                    outcome,
                },
            );
        }
    }

    fn assign(&mut self, number: usize, member: usize) {
        self.claims += 1;
        let (claim, partition) = (self.claims, &mut self.partitions[number]);
        let start = partition.committed.unwrap_or(0);
        partition.owner = Owner {
            member,
            claim,
            position: start,
            handled: start,
            paused: false,
        };
        let (partition, start) = (partition.name.clone(), Some(start));
        self.push(
            member,
            Kind::Assigned {
                claim,
                partition,
                start,
            },
        );
    }

    fn change(&mut self) {
        let number = self.random.usize(0..self.shape.partitions);
        let other = self.random.usize(0..self.shape.members);
        let owner = self.partitions[number].owner;
        let claim = owner.claim;
        match self.random.u8(0..12) {
            0 | 1 => {
                self.push(owner.member, Kind::Revoking { claim });
                self.commit(number, Outcome::Ok);
                self.push(owner.member, Kind::Released { claim });
                self.assign(number, other);
            }
            2 => {
                for number in self.owned_by(owner.member) {
                    self.commit(number, Outcome::Ok);
                }
                self.push(owner.member, Kind::Left);
                self.take_over(owner.member, other);
            }
            3 if self.shape.faults => {
                self.push(owner.member, Kind::Crash);
                self.now += SESSION;
                self.take_over(owner.member, other);
            }
            4 if self.shape.faults && other != owner.member => {
                // It finds out only after the other has begun.
                self.now += SESSION;
                self.assign(number, other);
                let why = "session timeout".to_owned();
                self.push(owner.member, Kind::Lost { claim, why });
            }
            5 if self.shape.faults => {
                for partition in 0..self.shape.partitions {
                    let partition = self.partitions[partition].name.clone();
                    self.push_as("cluster", Kind::Leaderless { partition });
                }
                self.now += 5 * SESSION;
                for partition in 0..self.shape.partitions {
                    let partition = self.partitions[partition].name.clone();
                    self.push_as("cluster", Kind::Led { partition });
                }
            }
            6 if self.shape.control => {
                // Not beyond what is handled: that would lose what is between.
                let to = self.random.i64(0..=owner.handled);
                self.push(owner.member, Kind::Sought { claim, to });
                let owner = &mut self.partitions[number].owner;
                (owner.position, owner.handled) = (to, to);
            }
            7 if self.shape.control && !owner.paused => {
                self.push(owner.member, Kind::Paused { claim });
                self.partitions[number].owner.paused = true;
            }
            8 => self.resume(number),
            _ => {}
        }
    }

    fn resume(&mut self, number: usize) {
        let owner = &mut self.partitions[number].owner;
        let Owner { member, claim, .. } = *owner;
        if std::mem::take(&mut owner.paused) {
            self.push(member, Kind::Resumed { claim });
        }
    }

    fn owned_by(&self, member: usize) -> Vec<usize> {
        let all = 0..self.partitions.len();
        all.filter(|number| self.partitions[*number].owner.member == member)
            .collect()
    }

    /// Another has the partitions of a member that is gone, or it comes back itself.
    fn take_over(&mut self, gone: usize, other: usize) {
        self.push(gone, Kind::Joined { generation: 2 });
        for number in self.owned_by(gone) {
            self.assign(number, other);
        }
    }
}
