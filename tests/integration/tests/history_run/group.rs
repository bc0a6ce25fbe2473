//! `Group`: the members of a run, what befalls them, and all that they did.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use libkafka_client::protocol::messages::ConsumerGroupDescribeRequest;
use libkafka_client::{Client, Config, ConfigResource, NewTopic, Target};
use libkafka_history::{Event, History, Kind as Happening};
use libkafka_integration::strangers::{Kind, Protocol, Role, SESSION, Stranger};
use libkafka_integration::until_ok;

use crate::load::{Load, now};
use crate::manner::{Manners, Newcomer};
use crate::read_back::{end, read_back};
use crate::site::{Site, histories};

const TICK: Duration = Duration::from_millis(50);
/// How long a halted member stands still.
const HALT: Duration = Duration::from_secs(SESSION.as_secs() + 2);
/// How long anything but the worst may take: a group that takes longer is stuck.
const LONG: Duration = Duration::from_secs(60);
/// How long a broker that was killed is away.
const AWAY: Duration = Duration::from_secs(3);

/// The members of a run, what befalls them, and all that they did.
pub(crate) struct Group {
    site: Arc<Site>,
    client: Client,
    pub(crate) name: String,
    protocol: Protocol,
    session: Duration,
    partitions: i32,
    members: Vec<Stranger>,
    begun: usize,
    manners: Manners,
    /// Until when who is halted.
    halted: Vec<(Instant, String)>,
    /// The broker that was killed.
    away: Option<Away>,
    /// The longest that a broker took to start again: that is how slow the machine was.
    pub(crate) slowest_start: Duration,
    load: Load,
    past: Vec<Event>,
    /// What members that are gone have handled.
    handled: BTreeMap<i32, i64>,
    is_over: bool,
}

/// A broker that was killed.
enum Away {
    Until(Instant, i32),
    Starting(i32, Instant, JoinHandle<()>),
}

impl Group {
    /// A group without members, and a topic of the same name that is produced to.
    pub(crate) fn new(
        site: &Arc<Site>,
        what: &str,
        protocol: Protocol,
        session: Duration,
        seed: u64,
        slow: bool,
    ) -> Self {
        let config = Config::new(site.bootstrap()).timeout(Duration::from_secs(10));
        let mut client = Client::new(config).unwrap();
        let name = format!("{what}-{protocol}-{seed}");
        let partitions = 12;
        let topic = NewTopic::new(&name)
            .partitions(partitions)
            .replication_factor(3)
            .config("min.insync.replicas", "2");
        client.create_topic(topic).unwrap();
        for partition in 0..partitions {
            end(&mut client, &name, partition);
        }
        if matches!(protocol, Protocol::Consumer(_)) && session != SESSION {
            let session = session.as_millis().to_string();
            let config = [("consumer.session.timeout.ms", Some(session.as_str()))];
            until_ok(|| client.alter_configs(ConfigResource::Group(&name), &config));
        }
        let load = Load::start(&site.bootstrap(), &name, seed);
        Self {
            site: Arc::clone(site),
            client,
            name,
            protocol,
            session,
            partitions,
            members: Vec::new(),
            begun: 0,
            manners: Manners::new(seed, slow),
            halted: Vec::new(),
            away: None,
            slowest_start: Duration::ZERO,
            load,
            past: Vec::new(),
            handled: BTreeMap::new(),
            is_over: false,
        }
    }

    /// How many members there are.
    pub(crate) fn len(&self) -> usize {
        self.members.len()
    }

    pub(crate) fn joins(&mut self, kind: Kind) {
        self.begun += 1;
        let newcomer = self.manners.newcomer(kind, self.begun, &self.site);
        let Newcomer {
            process,
            bootstrap,
            settings,
        } = newcomer;
        let role = Role {
            bootstrap: &bootstrap,
            version: self.site.version(),
            folder: &self.site.folder(),
            program: env!("CARGO_BIN_EXE_group-member"),
            name: &self.name,
            protocol: self.protocol,
            session: self.session,
            instance: None,
            settings: &settings,
        };
        let member = Stranger::start(kind, &role, process);
        self.befell(format!("{} comes", member.process));
        self.members.push(member);
    }

    /// A member of that kind that is not halted leaves; whether there is one.
    #[track_caller]
    pub(crate) fn leaves(&mut self, kind: Kind) -> bool {
        let Some(member) = self.remove(kind) else {
            return false;
        };
        self.befell(format!("{} leaves", member.process));
        let past = member.leave();
        self.past.extend(past);
        true
    }

    /// A member of that kind that is not halted is killed; whether there is one.
    pub(crate) fn is_killed(&mut self, kind: Kind) -> bool {
        let Some(member) = self.remove(kind) else {
            return false;
        };
        self.past.extend(member.kill());
        true
    }

    /// A member of that kind is halted for longer than its session; whether there is one.
    pub(crate) fn is_halted(&mut self, kind: Kind) -> bool {
        let Some(place) = self.place(kind) else {
            return false;
        };
        let process = self.members[place].process.clone();
        self.members[place].pause();
        self.halted.push((Instant::now() + HALT, process));
        true
    }

    /// The leader of some partition is killed, the one of this or of one after it: not the
    /// coordinator, if that can be.
    #[track_caller]
    pub(crate) fn loses_leader(&mut self, first: i32) {
        self.has_all_brokers();
        let coordinator = self.coordinator();
        let topology = until_ok(|| self.client.topology([self.name.as_str()]));
        let leaders = (0..self.partitions).filter_map(|partition| {
            let partition = (first + partition) % self.partitions;
            Some(topology.leader(&self.name, partition)?.id)
        });
        let leaders: Vec<i32> = leaders.collect();
        let mut others = leaders.iter().filter(|leader| **leader != coordinator);
        let leader = *others.next().or(leaders.first()).expect("a leader");
        self.loses(leader, "leader");
    }

    /// The coordinator of the group is killed.
    #[track_caller]
    pub(crate) fn loses_coordinator(&mut self) {
        self.has_all_brokers();
        let coordinator = self.coordinator();
        self.loses(coordinator, "coordinator");
    }

    #[track_caller]
    fn coordinator(&mut self) -> i32 {
        until_ok(|| self.client.broker_of(Target::GroupCoordinator(&self.name)))
    }

    fn loses(&mut self, broker: i32, what: &str) {
        self.site.kill(broker);
        self.befell(format!("broker {broker}, a {what}, is killed"));
        self.away = Some(Away::Until(Instant::now() + AWAY, broker));
    }

    /// Waits until all brokers run and have what the others have: two of three that are away leave
    /// nobody who could go on.
    #[track_caller]
    pub(crate) fn has_all_brokers(&mut self) {
        let brokers = self.site.ids().count();
        self.waits("brokers are not in sync", 2 * LONG, |group| {
            if group.away.is_some() {
                return false;
            }
            let Ok(metadata) = group.client.topic_metadata(&[group.name.as_str()]) else {
                return false;
            };
            let mut partitions = metadata.topics.iter().flat_map(|topic| &topic.partitions);
            partitions.all(|p| p.isr_nodes.len() == brokers && p.leader_id >= 0)
        });
    }

    /// The topic gets more partitions.
    #[track_caller]
    pub(crate) fn grows(&mut self, partitions: i32) {
        let count = self.partitions + partitions;
        self.befell(format!("the topic has {count} partitions from now on"));
        let (client, name) = (&mut self.client, self.name.as_str());
        until_ok(|| {
            let created = client.create_partitions(name, count);
            // An answer that is lost says no less.
            let topology = client.topology([name])?;
            let known = topology
                .topic(name)
                .map_or(0, |topic| topic.partitions.len());
            match known == count as usize {
                true => Ok(()),
                false => created,
            }
        });
        self.partitions = count;
    }

    /// Lets time go by.
    #[track_caller]
    pub(crate) fn passes(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while Instant::now() < until {
            self.tick();
            thread::sleep(TICK);
        }
    }

    /// Waits until nobody is halted, all brokers are there, each partition has one owner, and all
    /// members own something.
    #[track_caller]
    pub(crate) fn settles(&mut self) {
        self.waits("it does not settle", 2 * LONG, |group| {
            group.halted.is_empty() && group.away.is_none() && group.is_shared()
        });
    }

    /// Waits until all that is in the log now has been handled. Returns its ends.
    #[track_caller]
    pub(crate) fn catches_up(&mut self) -> BTreeMap<i32, i64> {
        let ends: BTreeMap<i32, i64> = (0..self.partitions)
            .map(|partition| (partition, end(&mut self.client, &self.name, partition)))
            .collect();
        self.waits("not all is read", LONG, |group| group.is_read(&ends));
        ends
    }

    #[track_caller]
    fn waits(&mut self, what: &str, limit: Duration, mut done: impl FnMut(&mut Self) -> bool) {
        let begun = Instant::now();
        loop {
            self.tick();
            if done(self) {
                return;
            }
            assert!(begun.elapsed() < limit, "{what}: {}", self.show());
            thread::sleep(TICK);
        }
    }

    fn show(&mut self) -> String {
        let members = self.members.iter_mut().map(|member| {
            let (process, owned) = (member.process.clone(), member.owned());
            format!("\n{process} owns {owned:?}")
        });
        let members: String = members.collect();
        // Whether a member has not taken what it was given, or not given up what it was to.
        let request = ConsumerGroupDescribeRequest {
            group_ids: vec![self.name.clone()],
            ..Default::default()
        };
        let coordinator = Target::GroupCoordinator(&self.name);
        let described = self.client.call_to(coordinator, &request);
        format!("{members}\n{described:?}")
    }

    fn is_shared(&mut self) -> bool {
        let mut all = BTreeSet::new();
        let mut total = 0;
        let mut has_idle = false;
        for member in &mut self.members {
            total += member.owned().len();
            has_idle |= member.owned().is_empty();
            all.extend(member.owned());
        }
        !has_idle && total == all.len() && all == (0..self.partitions).collect()
    }

    /// Hears what members say, and does what is due.
    #[track_caller]
    fn tick(&mut self) {
        for member in &mut self.members {
            member.owned();
        }
        let now = Instant::now();
        while let Some(place) = self.halted.iter().position(|(at, _)| *at <= now) {
            let (_, process) = self.halted.swap_remove(place);
            self.befell(format!("{process} goes on"));
            let members = self.members.iter_mut();
            let halted = members.filter(|member| member.process == process);
            halted.for_each(Stranger::resume);
        }
        self.away = match self.away.take() {
            Some(Away::Until(at, broker)) if at <= now => {
                let site = Arc::clone(&self.site);
                let thread = thread::spawn(move || site.restart(broker));
                Some(Away::Starting(broker, now, thread))
            }
            Some(Away::Starting(broker, since, thread)) if thread.is_finished() => {
                thread.join().expect("a broker that starts again");
                self.slowest_start = self.slowest_start.max(now - since);
                self.befell(format!("broker {broker} is back"));
                None
            }
            away => away,
        };
    }

    /// Produces no more, waits until everything is read, and has all members leave.
    #[track_caller]
    pub(crate) fn ends(&mut self) {
        self.has_all_brokers();
        self.settles();
        self.load.ends();
        let ends = self.catches_up();
        self.befell("all leave".to_owned());
        let leave = |member: Stranger| thread::spawn(|| member.leave());
        let leaving: Vec<_> = self.members.drain(..).map(leave).collect();
        for member in leaving {
            let past = member.join();
            self.past.extend(past.expect("a member that leaves"));
        }
        for (partition, end) in ends {
            let read = read_back(&mut self.client, &self.name, partition, end);
            self.past.extend(read);
        }
    }

    /// Whether somebody has handled the last record of each partition.
    fn is_read(&mut self, ends: &BTreeMap<i32, i64>) -> bool {
        let mut handled = self.handled.clone();
        for member in &mut self.members {
            merge(&mut handled, member.handled());
        }
        let reached = |partition| handled.get(partition).copied().unwrap_or(0);
        ends.iter()
            .all(|(partition, end)| reached(partition) >= *end)
    }

    /// All that everybody did.
    pub(crate) fn history(&self) -> History {
        let mut events = self.past.clone();
        events.extend(self.load.events());
        for member in &self.members {
            events.extend_from_slice(member.events());
        }
        History::new(events)
    }

    /// Nothing has happened that must not have: the history need not be kept.
    pub(crate) fn is_over(&mut self) {
        self.is_over = true;
    }

    fn befell(&mut self, what: String) {
        self.past.push(Event {
            at: now(),
            process: "nemesis".into(),
            kind: Happening::Nemesis { what },
        });
    }

    fn place(&self, kind: Kind) -> Option<usize> {
        let mut members = self.members.iter();
        members.position(|member| member.kind == kind && !member.paused)
    }

    fn remove(&mut self, kind: Kind) -> Option<Stranger> {
        let mut member = self.members.remove(self.place(kind)?);
        merge(&mut self.handled, member.handled());
        Some(member)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if self.is_over {
            return;
        }
        let file = histories().join(format!("{}.jsonl", self.name));
        let kept = fs::write(&file, self.history().to_lines());
        eprintln!("the history is in {}: {kept:?}", file.display());
        for member in &self.members {
            eprintln!("{} says: {}", member.process, member.stderr());
        }
    }
}

fn merge(all: &mut BTreeMap<i32, i64>, more: &BTreeMap<i32, i64>) {
    for (partition, handled) in more {
        let of = all.entry(*partition).or_default();
        *of = (*handled).max(*of);
    }
}
