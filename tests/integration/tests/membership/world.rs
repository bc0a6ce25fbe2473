//! `World`: a group, its members, the broker, and what befalls them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use fastrand::Rng;
use libkafka_client::TopicPartition;
use libkafka_client::assignor::{CooperativeSticky, Range, RoundRobin, Sticky};
use libkafka_client::membership::{
    ClassicOptions, ConsumerOptions, Event, LeaveOptions, Membership, Subscription, Topics,
};
use libkafka_testbroker::Broker;

use super::connection::Connection;
use super::member::{Member, Surroundings};
use super::ownership::Ownership;

/// By what protocol the members of a group go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Range,
    RoundRobin,
    Sticky,
    CooperativeSticky,
    Consumer,
}

/// A group, its members, the broker, and what befalls them.
pub(crate) struct World<'a> {
    broker: &'a Broker,
    topics: Arc<Topics>,
    group: String,
    kind: Kind,
    rng: Rng,
    now: Instant,
    coordinator: i32,
    loses_one_in: u32,
    members: Vec<Member>,
    begun: usize,
    abandoned: Vec<Connection>,
    ownership: Ownership,
}

impl<'a> World<'a> {
    pub(crate) fn new(broker: &'a Broker, topics: Arc<Topics>, kind: Kind, seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let group = format!("{kind:?}-{seed}");
        broker.set_coordinator(&group, 1);
        let loses_one_in = if rng.bool() { 0 } else { rng.u32(4..40) };
        Self {
            broker,
            topics,
            group,
            kind,
            rng,
            now: Instant::now(),
            coordinator: 1,
            loses_one_in,
            members: Vec::new(),
            begun: 0,
            abandoned: Vec::new(),
            ownership: Ownership::default(),
        }
    }

    /// A life of a group of up to so many members.
    pub(crate) fn lives(&mut self, most: usize) {
        let rounds = 30 + self.rng.usize(0..30) + most;
        for _ in 0..rounds {
            self.something_happens(most);
            self.settles();
        }
        self.heals();
        for _ in 0..40 {
            self.passes(Duration::from_secs(3));
            self.settles();
        }
        self.all_is_owned_once();
        self.ends();
    }

    fn something_happens(&mut self, most: usize) {
        let member = self.rng.usize(0..self.members.len().max(1));
        match self.rng.u32(0..100) {
            0..20 if self.members.len() < most => self.joins(None),
            20..24 if !self.members.is_empty() => {
                let now = self.now;
                let member = &mut self.members[member];
                if !member.paused {
                    member.leaving = true;
                    member.membership.leave(now, LeaveOptions::default());
                }
            }
            24..27 if !self.members.is_empty() => self.dies(member),
            27..30 if !self.members.is_empty() => self.members[member].paused = true,
            30..36 if !self.members.is_empty() => self.members[member].paused = false,
            36..39 => {
                self.coordinator = 3 - self.coordinator;
                self.broker.set_coordinator(&self.group, self.coordinator);
            }
            39..42 if !self.members.is_empty() => {
                let subscription = self.subscription();
                let now = self.now;
                self.members[member].membership.subscribe(now, subscription);
            }
            42..45 if !self.members.is_empty() => {
                let (mut surroundings, members, _) = self.surroundings();
                members[member].disconnect(&mut surroundings);
            }
            45..47 if !self.members.is_empty() => {
                let now = self.now;
                self.members[member].notices(now);
            }
            47..49 => self.passes(Duration::from_secs(60)),
            _ => {
                let time = Duration::from_millis(self.rng.u64(0..4_000));
                self.passes(time);
            }
        }
    }

    fn subscription(&mut self) -> Subscription {
        match self.rng.u32(0..6) {
            0 => Subscription::topics(["t1"]),
            1 => Subscription::topics(["t1", "t2"]),
            2 => Subscription::regex("t[1-3]").unwrap(),
            _ => Subscription::topics(["t1", "t2", "t3"]),
        }
    }

    fn joins(&mut self, instance: Option<String>) {
        let number = self.begun;
        self.begun += 1;
        let is_static = self.rng.u32(0..5) == 0;
        let instance = instance.or_else(|| is_static.then(|| format!("i{number}")));
        let subscription = self.subscription();
        let membership = match self.kind {
            Kind::Consumer => {
                let mut options = ConsumerOptions::default()
                    .rebalance_timeout(Duration::from_secs(200))
                    .max_poll_interval(Some(Duration::from_secs(150)));
                options.instance_id.clone_from(&instance);
                let id = format!("m{number:03}-{}", self.group);
                Membership::consumer(&self.group, id, subscription, options)
            }
            kind => {
                let options = ClassicOptions::default()
                    .session_timeout(Duration::from_secs(10))
                    .rebalance_timeout(Duration::from_secs(200))
                    .max_poll_interval(Some(Duration::from_secs(150)));
                let mut options = match kind {
                    Kind::Range => options.assignor(Range),
                    Kind::RoundRobin => options.assignor(RoundRobin),
                    Kind::Sticky => options.assignor(Sticky),
                    _ => options.assignor(CooperativeSticky),
                };
                options.instance_id.clone_from(&instance);
                Membership::classic(&self.group, subscription, options)
            }
        };
        let (surroundings, members, _) = self.surroundings();
        members.push(Member::new(number, membership, instance, &surroundings));
    }

    /// A member dies without a word. A static one comes back under its name now and then.
    fn dies(&mut self, member: usize) {
        let mut member = self.members.remove(member);
        let (mut surroundings, _, _) = self.surroundings();
        member.disconnect(&mut surroundings);
        self.ownership.forget(member.number);
        if member.instance.is_some() && self.rng.bool() {
            self.joins(member.instance);
        }
    }

    fn surroundings(&mut self) -> (Surroundings<'_>, &mut Vec<Member>, &mut Rng) {
        let surroundings = Surroundings {
            now: self.now,
            coordinator: self.broker.address(self.coordinator),
            topics: &self.topics,
            loses_one_in: self.loses_one_in,
            abandoned: &mut self.abandoned,
        };
        (surroundings, &mut self.members, &mut self.rng)
    }

    /// Time passes, for all. Those who are not paused look at the clock before anybody learns
    /// anything.
    fn passes(&mut self, time: Duration) {
        let mut left = time;
        while !left.is_zero() {
            let step = left.min(Duration::from_secs(2));
            left -= step;
            self.now += step;
            self.broker.advance_clock(step);
            self.settles();
        }
    }

    /// Everybody does what there is to do, until nobody has anything to do.
    fn settles(&mut self) {
        loop {
            let (mut surroundings, members, rng) = self.surroundings();
            for member in members.iter_mut().filter(|member| !member.paused) {
                member.runs(&mut surroundings, rng);
            }
            self.hear();
            if !self.receive() {
                break;
            }
        }
        let (surroundings, members, _) = self.surroundings();
        for member in members.iter_mut().filter(|member| !member.paused) {
            member.polls(surroundings.now);
        }
        self.members.retain(|member| member.stopped.is_none());
    }

    fn hear(&mut self) {
        let paused = self.members.iter().filter(|member| member.paused);
        let paused: BTreeSet<usize> = paused.map(|member| member.number).collect();
        let is_excused = |member| paused.contains(&member);
        for member in &mut self.members {
            if member.paused {
                continue;
            }
            while let Some(event) = member.hears(&mut self.rng) {
                if let Event::Assigned { claims } = event {
                    for claim in &claims {
                        self.ownership.assigned(member.number, claim, is_excused);
                    }
                }
            }
        }
        self.ownership.are_sole(is_excused);
    }

    /// Takes the answers that were held back, once the broker is at rest; says whether there were
    /// any.
    fn receive(&mut self) -> bool {
        let mut any = false;
        loop {
            for connection in &mut self.abandoned {
                while connection.asked() > 0 && connection.try_take().is_some() {}
            }
            self.abandoned.retain(|connection| connection.asked() > 0);
            let (surroundings, members, _) = self.surroundings();
            for member in members.iter_mut() {
                // What comes for a paused member waits in its socket.
                any |= !member.paused && member.receives(&surroundings);
            }
            let asked = self.members.iter().map(Member::asked).sum::<usize>();
            let asked = asked + self.abandoned.iter().map(Connection::asked).sum::<usize>();
            let arrived = self
                .members
                .iter()
                .filter(|m| m.paused)
                .map(Member::asked)
                .sum::<usize>();
            let held_back = self.broker.held_back();
            if held_back <= asked && asked <= held_back + arrived {
                return any;
            }
            std::thread::yield_now();
        }
    }

    /// Nothing is lost any more, and nobody paused.
    fn heals(&mut self) {
        self.loses_one_in = 0;
        for member in &mut self.members {
            member.paused = false;
            member.notices(self.now);
        }
        if self.members.iter().all(|member| member.leaving) {
            self.joins(None);
        }
    }

    /// Every partition of the topics that are read belongs to exactly one member.
    fn all_is_owned_once(&self) {
        let read = |topic: &str| self.members.iter().any(|member| member.reads(topic));
        let topics = self.topics.iter().filter(|(name, _)| read(name));
        let expected: BTreeMap<TopicPartition, usize> = topics
            .flat_map(|(name, topic)| {
                let partitions = 0..topic.racks.len() as i32;
                partitions.map(|p| (TopicPartition::new(name.clone(), p), 1))
            })
            .collect();
        let members: Vec<_> = self
            .members
            .iter()
            .map(|member| &member.membership)
            .collect();
        assert_eq!(self.ownership.counts(), expected, "{members:?}");
    }

    /// All leave, and nothing is held back any more.
    fn ends(&mut self) {
        for member in &mut self.members {
            member.membership.leave(self.now, LeaveOptions::default());
        }
        self.settles();
        let staying: Vec<_> = self.members.iter().map(|m| &m.membership).collect();
        assert!(staying.is_empty(), "{staying:?} do not leave");
        while self.broker.held_back() > 0 {
            self.broker.advance_clock(Duration::from_secs(300));
            self.receive();
        }
    }
}
