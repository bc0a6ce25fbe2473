//! `Kind`: whose client a member is, and how it is started.

use std::fs;
use std::path::Path;
use std::time::Duration;

use libkafka_testkafka::{Tool, Version};

use super::protocol::Protocol;

/// How long the coordinator waits for a silent member, where members die.
pub const SESSION: Duration = Duration::from_secs(5);
/// How often a member is heard of.
pub(super) const HEARTBEAT: Duration = Duration::from_millis(625);

/// Whose client a member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The program that [`Role::program`] names.
    Ours,
    /// Kafka's `VerifiableConsumer`.
    Java,
    /// `history_member.py`.
    Librdkafka,
}

/// What a member is to be.
#[derive(Clone)]
pub struct Role<'a> {
    /// Where the brokers are.
    pub bootstrap: &'a str,
    /// Their release.
    pub version: Version,
    /// Where files of members can be.
    pub folder: &'a Path,
    /// The program of members of ours.
    pub program: &'a str,
    /// The group, and the topic.
    pub name: &'a str,
    /// By what the group goes.
    pub protocol: Protocol,
    /// How long the coordinator waits for it when it is silent.
    pub session: Duration,
    /// Its `group.instance.id`, if it is a static member.
    pub instance: Option<&'a str>,
    /// What else a member of ours is told: `KEY=VALUE`.
    pub settings: &'a [String],
}

impl Kind {
    /// The program of a member, which goes by this name.
    ///
    /// # Panics
    /// If no file can be written to [`Role::folder`].
    pub fn tool(self, role: &Role<'_>, process: &str) -> Tool {
        match self {
            Kind::Ours => ours(role, process),
            Kind::Java => java(role, process),
            Kind::Librdkafka => librdkafka(role, process),
        }
    }
}

impl Protocol {
    /// Who can be in such a group: librdkafka has no sticky assignor but the cooperative one.
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            Protocol::STICKY => &[Kind::Ours, Kind::Java],
            _ => &[Kind::Ours, Kind::Java, Kind::Librdkafka],
        }
    }
}

fn ours(role: &Role<'_>, process: &str) -> Tool {
    let (Protocol::Classic(assignor) | Protocol::Consumer(assignor)) = role.protocol;
    let protocol = role.protocol.of_ours(role.version);
    let tool = Tool::program(role.program)
        .args([role.bootstrap, role.name, role.name, process])
        .arg(format!("group.protocol={protocol}"))
        .arg(format!("assignor={assignor}"))
        .arg(format!("session.timeout.ms={}", role.session.as_millis()))
        .arg(format!("heartbeat.interval.ms={}", HEARTBEAT.as_millis()))
        .args(role.settings);
    match role.instance {
        Some(id) => tool.arg(format!("group.instance.id={id}")),
        None => tool,
    }
}

fn java(role: &Role<'_>, process: &str) -> Tool {
    let mut properties = String::from(
        "allow.auto.create.topics=false\nmetadata.max.age.ms=1000\nreconnect.backoff.max.ms=100\n",
    );
    let file = role.folder.join(format!("{}-{process}", role.name));
    let tool = Tool::new("org.apache.kafka.tools.VerifiableConsumer").args([
        "--bootstrap-server",
        role.bootstrap,
        "--group-id",
        role.name,
        "--topic",
        role.name,
    ]);
    let tool = match role.protocol {
        Protocol::Classic(assignor) => {
            properties += &format!("heartbeat.interval.ms={}\n", HEARTBEAT.as_millis());
            let session = role.session.as_millis().to_string();
            let tool = tool.args(["--assignment-strategy", Protocol::class(assignor)]);
            tool.args(["--session-timeout", &session])
        }
        Protocol::Consumer(assignor) => tool
            .args(["--group-protocol", "consumer"])
            .args(["--group-remote-assignor", assignor]),
    };
    fs::write(&file, properties).unwrap();
    let tool = match role.version < Version::new(2, 1, 0) {
        true => tool.version(Version::OLD_TOOLS).arg("--consumer.config"),
        false => tool.arg("--command-config"),
    };
    let tool = tool.arg(file);
    match role.instance {
        Some(id) => tool.args(["--group-instance-id", id]),
        None => tool,
    }
}

fn librdkafka(role: &Role<'_>, process: &str) -> Tool {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/python/history_member.py");
    let tool = Tool::python(program)
        .args([role.bootstrap, role.name, role.name, process])
        .arg("topic.metadata.refresh.interval.ms=1000");
    let tool = match role.protocol {
        Protocol::Classic(assignor) => tool
            .arg(format!("partition.assignment.strategy={assignor}"))
            .arg(format!("session.timeout.ms={}", role.session.as_millis()))
            .arg(format!("heartbeat.interval.ms={}", HEARTBEAT.as_millis())),
        Protocol::Consumer(assignor) => tool
            .arg("group.protocol=consumer")
            .arg(format!("group.remote.assignor={assignor}"))
            // After a coordinator was killed it may never give up what is wanted back, and keeps
            // others from their partitions until it is out of the group.
            .arg(format!(
                "max.poll.interval.ms={}",
                3 * role.session.as_millis()
            )),
    };
    match role.instance {
        Some(id) => tool.arg(format!("group.instance.id={id}")),
        None => tool,
    }
}
