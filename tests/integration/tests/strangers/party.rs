//! `Party`: a group, its members, and all that they did.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use libkafka_client::{Client, Config, NewTopic};
use libkafka_history::{Event, History, Report, Rules};
use libkafka_integration::strangers::{Kind, Protocol, Role, SESSION, Stranger};
use libkafka_integration::{PATIENCE, create, until, until_ok};
use libkafka_protocol::messages::ConsumerProtocolAssignment;
use libkafka_testkafka::Kafka;

/// A group, its members, and all that they did.
pub(crate) struct Party<'a> {
    kafka: &'a Kafka,
    pub(crate) client: Client,
    pub(crate) name: String,
    pub(crate) protocol: Protocol,
    partitions: i32,
    members: Vec<Stranger>,
    begun: usize,
    past: Vec<Event>,
}

impl<'a> Party<'a> {
    /// A group without members, and a topic of the same name.
    pub(crate) fn new(kafka: &'a Kafka, what: &str, protocol: Protocol) -> Self {
        let mut client = Client::new(Config::new(kafka.bootstrap())).unwrap();
        let name = format!("{what}-{protocol}");
        let partitions = 12;
        create(&mut client, &name, partitions, &[]);
        Self {
            kafka,
            client,
            name,
            protocol,
            partitions,
            members: Vec::new(),
            begun: 0,
            past: Vec::new(),
        }
    }

    /// A member comes; its place among the members.
    pub(crate) fn joins(&mut self, kind: Kind, instance: Option<&str>) -> usize {
        self.begun += 1;
        let process = format!("{kind:?}-{}", self.begun).to_lowercase();
        let role = Role {
            bootstrap: &self.kafka.bootstrap(),
            version: self.kafka.version(),
            folder: self.kafka.folder(),
            program: env!("CARGO_BIN_EXE_group-member"),
            name: &self.name,
            protocol: self.protocol,
            session: SESSION,
            instance,
            settings: &[],
        };
        self.members.push(Stranger::start(kind, &role, process));
        self.members.len() - 1
    }

    /// The first member of that kind leaves.
    #[track_caller]
    pub(crate) fn leaves(&mut self, kind: Kind) -> Stayed {
        let member = self.first(kind);
        self.leaves_from(member)
    }

    /// This member leaves.
    #[track_caller]
    pub(crate) fn leaves_from(&mut self, member: usize) -> Stayed {
        let mut member = self.members.remove(member);
        let stayed = Stayed {
            kind: member.kind,
            instance: member.instance.clone(),
            owned: member.owned().clone(),
        };
        let past = member.leave();
        self.past.extend(past);
        stayed
    }

    /// The first member of that kind is killed.
    #[track_caller]
    pub(crate) fn is_killed(&mut self, kind: Kind) {
        let member = self.first(kind);
        let past = self.members.remove(member).kill();
        self.past.extend(past);
    }

    /// The first member of that kind is halted; its place.
    #[track_caller]
    pub(crate) fn is_paused(&mut self, kind: Kind) -> usize {
        let member = self.first(kind);
        self.members[member].pause();
        member
    }

    pub(crate) fn is_resumed(&mut self, member: usize) {
        self.members[member].resume();
    }

    /// The topic gets more partitions.
    pub(crate) fn partitions_are_added(&mut self, partitions: i32) {
        self.partitions += partitions;
        self.client
            .create_partitions(&self.name, self.partitions)
            .unwrap();
    }

    /// The topic goes, and the group knows.
    #[track_caller]
    pub(crate) fn topic_is_deleted(&mut self) {
        self.client.delete_topic(&self.name).unwrap();
        self.partitions = 0;
        self.settles("the topic was deleted");
        if let Protocol::Classic(_) = self.protocol {
            // Members of an eager group own nothing in the middle of a rebalance either. What they
            // had before counts until it is over, and Java's sticky assignor fails if a topic has
            // fewer partitions by then.
            until(|| self.is_assigned_nothing().then_some(()));
        }
    }

    /// Whether the coordinator of a classic group has settled that nobody owns anything.
    fn is_assigned_nothing(&mut self) -> bool {
        let described = self.client.describe_group(&self.name).unwrap();
        let mut members = described.members.iter();
        described.group_state == "Stable"
            && members.all(|member| {
                let bytes = &member.member_assignment;
                let assignment = ConsumerProtocolAssignment::from_bytes(bytes);
                assignment.is_ok_and(|of| of.assigned_partitions.is_empty())
            })
    }

    /// A topic of that name comes.
    pub(crate) fn topic_is_created(&mut self, partitions: i32) {
        let topic = || {
            NewTopic::new(&self.name)
                .partitions(partitions)
                .replication_factor(1)
        };
        // Older brokers keep a topic for a while that they do not show any more.
        until_ok(|| self.client.create_topic(topic()));
        self.partitions = partitions;
    }

    /// Waits until each partition is owned by one member, and all who are not halted have their
    /// share.
    #[track_caller]
    pub(crate) fn settles(&mut self, what: &str) {
        let begun = Instant::now();
        while !self.is_settled() {
            if begun.elapsed() > PATIENCE {
                let members = self.show();
                panic!("{}: {what}: {members}", self.name);
            }
            thread::sleep(Duration::from_millis(20));
        }
        eprintln!(
            "{} {}: {what}: settled after {:.1} s",
            self.kafka.version(),
            self.name,
            begun.elapsed().as_secs_f32()
        );
    }

    fn is_settled(&mut self) -> bool {
        let mut all = BTreeSet::new();
        let mut counts = Vec::new();
        for member in self.members.iter_mut().filter(|member| !member.paused) {
            let owned = member.owned();
            counts.push(owned.len());
            all.extend(owned);
        }
        let is_shared = match (counts.iter().min(), counts.iter().max()) {
            (Some(least), Some(most)) => most - least <= 1,
            _ => true,
        };
        let total: usize = counts.iter().sum();
        is_shared && all == (0..self.partitions).collect() && total == all.len()
    }

    /// What each member owns, in their order.
    #[track_caller]
    pub(crate) fn owned(&mut self) -> Vec<BTreeSet<i32>> {
        let owned = self.members.iter_mut().map(|member| member.owned().clone());
        owned.collect()
    }

    /// All members leave; nothing has happened that must not.
    #[track_caller]
    pub(crate) fn ends(mut self) {
        while !self.members.is_empty() {
            self.leaves_from(0);
        }
        let mut history = History::default();
        history.add(std::mem::take(&mut self.past));
        let rules = Rules::default().session_timeout(SESSION);
        let report = Report::of(&history, &rules);
        assert!(
            report.anomalies().is_empty(),
            "{}\n{}\n{report}",
            self.name,
            history.to_lines()
        );
    }

    #[track_caller]
    fn first(&self, kind: Kind) -> usize {
        let mut members = self.members.iter();
        members.position(|member| member.kind == kind).unwrap()
    }

    fn show(&mut self) -> String {
        let one = |member: &mut Stranger| {
            let owned = member.owned().clone();
            format!("\n{} owns {owned:?}: {}", member.process, member.stderr())
        };
        self.members.iter_mut().map(one).collect()
    }
}

/// A member that has left and may come back.
pub(crate) struct Stayed {
    pub(crate) kind: Kind,
    pub(crate) instance: Option<String>,
    pub(crate) owned: BTreeSet<i32>,
}
