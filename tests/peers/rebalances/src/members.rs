//! Members of ours, a thread each: they join and leave when they are told to.

use std::io::{self, Stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use libkafka_client::assignor::{CooperativeSticky, Range};
use libkafka_client::membership::{
    Claim, ClassicOptions, ConsumerOptions, Event, LeaveOptions, Membership, Subscription,
};
use libkafka_client::{Client, Config, GroupMember};
use libkafka_history::{Kind, Recorder, TopicPartition};

use crate::protocol::{HEARTBEAT, Protocol, SESSION};

/// Runs them until they have left: `BOOTSTRAP GROUP TOPIC NAME COUNT PROTOCOL`.
pub(crate) fn run(arguments: &[String]) {
    let [bootstrap, group, topic, name, count, protocol] = arguments else {
        panic!("BOOTSTRAP GROUP TOPIC NAME COUNT PROTOCOL, rather than {arguments:?}");
    };
    let protocol = Protocol::named(protocol);
    let count: usize = count.parse().expect("a number");
    let client = Client::new(Config::new(bootstrap.as_str())).expect("a client");
    let members = (0..count).map(|number| {
        let process = format!("{name}-{number}");
        let membership = membership(protocol, group, topic, &process);
        (process, client.group_member(membership))
    });
    let mut members: Vec<_> = members.collect();
    println!("ready");
    let ended = Arc::new(AtomicBool::new(false));
    let mut threads = Vec::new();
    for command in io::stdin().lines() {
        if command.expect("a command") != "join" {
            break;
        }
        threads.extend(members.drain(..).map(|(process, member)| {
            let ended = Arc::clone(&ended);
            thread::spawn(move || Diary::new(process).take_part(member, &ended))
        }));
    }
    ended.store(true, Ordering::Release);
    for thread in threads {
        thread.join().expect("a member");
    }
}

fn membership(protocol: Protocol, group: &str, topic: &str, process: &str) -> Membership {
    let subscription = Subscription::topics([topic]);
    let classic = ClassicOptions::default()
        .session_timeout(SESSION)
        .heartbeat_interval(HEARTBEAT);
    let classic = match protocol {
        Protocol::Range => classic.assignor(Range),
        Protocol::Cooperative => classic.assignor(CooperativeSticky),
        Protocol::Consumer => {
            let options = ConsumerOptions::default()
                .session_timeout(SESSION)
                .assignor("uniform");
            let id = format!("{group}-{process}-{}", std::process::id());
            return Membership::consumer(group, id, subscription, options);
        }
    };
    Membership::classic(group, subscription, classic)
}

/// What a member has said of its claims.
struct Diary {
    recorder: Recorder<Stdout>,
    claims: Vec<(Claim, u64)>,
    begun: u64,
}

impl Diary {
    fn new(process: String) -> Self {
        Self {
            recorder: Recorder::new(process, io::stdout()),
            claims: Vec::new(),
            begun: 0,
        }
    }

    fn take_part(mut self, mut member: GroupMember, ended: &AtomicBool) {
        self.does("join");
        while !ended.load(Ordering::Acquire) {
            member.polled();
            match member.wait(Duration::from_millis(50)).expect("a wait") {
                Some(Event::Assigned { claims }) => self.begins(claims),
                Some(Event::Revoking { claims, .. }) => {
                    self.ends(&claims);
                    member.release(&claims);
                }
                Some(Event::Lost { claims, .. }) => self.ends(&claims),
                Some(Event::Stopped { why }) => panic!("{why:?}"),
                _ => {}
            }
        }
        self.does("leave");
        member.leave(LeaveOptions::default()).expect("it leaves");
        self.record(Kind::Left);
    }

    fn begins(&mut self, claims: Vec<Claim>) {
        for claim in claims {
            self.begun += 1;
            let partition = claim.partition();
            self.record(Kind::Assigned {
                claim: self.begun,
                partition: TopicPartition::new(&*partition.topic, partition.partition),
                start: None,
            });
            self.claims.push((claim, self.begun));
        }
    }

    fn ends(&mut self, claims: &[Claim]) {
        for claim in claims {
            if let Some(place) = self.claims.iter().position(|(known, _)| known == claim) {
                let (_, claim) = self.claims.swap_remove(place);
                self.record(Kind::Released { claim });
            }
        }
    }

    fn does(&self, what: &str) {
        self.record(Kind::Nemesis { what: what.into() });
    }

    fn record(&self, kind: Kind) {
        self.recorder.record(kind).expect("a line");
    }
}
