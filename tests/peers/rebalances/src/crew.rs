//! `Crew`: members in a process of their own.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use libkafka_history::{Event, History};
use libkafka_testkafka::{Error, Session, Tool};

use crate::protocol::{HEARTBEAT, Protocol, SESSION};

/// Far longer than anything takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

/// Whose members they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Library {
    Ours,
    Java,
    Librdkafka,
}

/// Members in a process of their own.
pub(crate) struct Crew {
    session: Session,
}

/// What members are to do.
#[derive(Clone, Copy)]
pub(crate) struct Order<'a> {
    pub(crate) library: Library,
    pub(crate) bootstrap: &'a str,
    pub(crate) group: &'a str,
    pub(crate) topic: &'a str,
    pub(crate) protocol: Protocol,
}

impl Library {
    pub(crate) const ALL: [Library; 3] = [Library::Ours, Library::Java, Library::Librdkafka];
}

impl fmt::Display for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Library::Ours => "ours",
            Library::Java => "Java",
            Library::Librdkafka => "librdkafka",
        })
    }
}

impl Crew {
    /// Starts so many, who wait until they are told to join.
    pub(crate) fn start(order: &Order<'_>, name: &str, count: usize) -> Self {
        let folder = env!("CARGO_MANIFEST_DIR");
        let tool = match order.library {
            Library::Ours => {
                let program = std::env::current_exe().expect("a program");
                Tool::program(program.display().to_string()).arg(crate::MEMBERS)
            }
            Library::Java => Tool::source(format!("{folder}/java/Members.java")),
            Library::Librdkafka => Tool::python(format!("{folder}/python/members.py")),
        };
        let (session, heartbeat) = (SESSION.as_millis(), HEARTBEAT.as_millis());
        let timeouts = [
            format!("session.timeout.ms={session}"),
            format!("heartbeat.interval.ms={heartbeat}"),
        ];
        let tool = tool
            .args([order.bootstrap, order.group, order.topic, name])
            .arg(count.to_string());
        let tool = match (order.library, order.protocol) {
            (Library::Ours, protocol) => tool.arg(protocol.name()),
            (_, Protocol::Consumer) => tool
                .arg("group.protocol=consumer")
                .arg("group.remote.assignor=uniform"),
            (Library::Java, Protocol::Range) => tool.args(timeouts).arg(
                "partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor",
            ),
            (Library::Java, Protocol::Cooperative) => tool.args(timeouts).arg(
                "partition.assignment.strategy=\
                 org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
            ),
            (Library::Librdkafka, protocol) => tool
                .args(timeouts)
                .arg(format!("partition.assignment.strategy={}", protocol.name())),
        };
        let mut crew = Self {
            session: tool.spawn().expect("members"),
        };
        let ready = crew
            .session
            .line(Instant::now() + PATIENCE)
            .expect("a line");
        assert_eq!(ready.as_deref(), Some(&b"ready"[..]));
        crew
    }

    pub(crate) fn join(&mut self) {
        self.session.send(b"join").expect("they join");
    }

    pub(crate) fn leave(&mut self) {
        self.session.send(b"leave").expect("they leave");
    }

    pub(crate) fn kill(&mut self) {
        self.session.kill();
    }

    /// What they have said since they were asked last.
    pub(crate) fn events(&mut self) -> Vec<Event> {
        let mut lines = Vec::new();
        loop {
            match self.session.line(Instant::now()) {
                Ok(Some(line)) => {
                    lines.extend(line);
                    lines.push(b'\n');
                }
                Ok(None) | Err(Error::Deadline { .. }) => break,
                Err(error) => panic!("{error}"),
            }
        }
        let mut history = History::default();
        history.read(lines.as_slice()).expect("events");
        history.events().to_vec()
    }
}

/// Who owns each partition.
pub(crate) type Owners = BTreeMap<i32, String>;
