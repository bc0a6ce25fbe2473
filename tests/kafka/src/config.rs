//! `server.properties`.

use std::fmt::Write;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use crate::builder::Builder;
use crate::java::Java;
use crate::ports::Ports;
use crate::{Certificates, Error, Listener, Version};

/// Where the KRaft controller listens, among the ports of its broker.
const CONTROLLER_OFFSET: u16 = 9;
/// Where ZooKeeper listens, among the ports of broker 1.
const ZOOKEEPER_OFFSET: u16 = 8;

/// The log of Kafka up to 3.9: all to standard output.
pub(crate) const LOG4J: &str = "\
log4j.rootLogger=INFO, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=[%d] %p %m (%c)%n
";

/// Everything that the configuration of a cluster's brokers is made from.
pub(crate) struct Cluster {
    pub(crate) builder: Builder,
    pub(crate) ports: Ports,
    pub(crate) folder: PathBuf,
    pub(crate) jars: PathBuf,
    /// What tiered storage takes, if there is to be any.
    pub(crate) tier: Option<PathBuf>,
}

impl Cluster {
    pub(crate) fn version(&self) -> Version {
        self.builder.version
    }

    /// Ids start at 1.
    pub(crate) fn ids(&self) -> RangeInclusive<i32> {
        1..=self.builder.brokers
    }

    /// The listeners that every broker has.
    pub(crate) fn listeners(&self) -> impl Iterator<Item = Listener> {
        Listener::ALL.into_iter().filter(|listener| {
            (self.builder.tls || !listener.is_tls()) && (self.builder.sasl || !listener.is_sasl())
        })
    }

    /// Broker and controller in one, from 3.3; before, ZooKeeper.
    pub(crate) fn is_kraft(&self) -> bool {
        self.version().since(3, 3)
    }

    pub(crate) fn port(&self, id: i32, listener: Listener) -> u16 {
        self.ports.port(id, listener.port_offset())
    }

    /// Host and port of ZooKeeper.
    pub(crate) fn zookeeper(&self) -> (&'static str, u16) {
        ("127.0.0.1", self.ports.port(1, ZOOKEEPER_OFFSET))
    }

    /// A program out of this cluster's jars.
    pub(crate) fn java(&self, class: &str) -> Result<Java, Error> {
        let java = Java::new(&[&self.jars], class)?
            .flag(format!("-Dkafka.logs.dir={}", path(&self.folder)));
        Ok(if self.version().since(4, 0) {
            java.flag("-Dorg.slf4j.simpleLogger.showDateTime=true")
        } else {
            java.flag(format!(
                "-Dlog4j.configuration=file:{}",
                path(&self.log4j_file())
            ))
        })
    }

    /// Where [`LOG4J`] is to be written, for Kafka up to 3.9.
    pub(crate) fn log4j_file(&self) -> PathBuf {
        self.folder.join("log4j.properties")
    }

    pub(crate) fn broker_folder(&self, id: i32) -> PathBuf {
        self.folder.join(format!("broker{id}"))
    }

    pub(crate) fn data_folder(&self, id: i32) -> PathBuf {
        self.broker_folder(id).join("data")
    }

    pub(crate) fn properties_file(&self, id: i32) -> PathBuf {
        self.broker_folder(id).join("server.properties")
    }

    pub(crate) fn properties(&self, id: i32, certificates: Option<&Certificates>) -> Properties {
        let mut p = Properties::default();
        self.listeners_of(id, &mut p);
        self.coordination(id, &mut p);
        self.small(&mut p);
        if let Some(certificates) = certificates {
            self.tls_properties(certificates, &mut p);
        }
        if self.builder.sasl {
            self.sasl_properties(&mut p);
        }
        if let Some(jar) = &self.tier {
            self.tier_properties(id, jar, &mut p);
        }
        p.set("log.dirs", path(&self.data_folder(id)));
        p.set("broker.rack", format!("rack{id}"));
        p.set("auto.create.topics.enable", "false");
        for (key, value) in &self.builder.properties {
            p.set(key, value);
        }
        p
    }

    fn listeners_of(&self, id: i32, p: &mut Properties) {
        let mut protocols: Vec<String> = self
            .listeners()
            .map(|l| format!("{l}:{}", l.security_protocol()))
            .collect();
        let mut addresses: Vec<String> = self
            .listeners()
            .map(|l| format!("{l}://127.0.0.1:{}", self.port(id, l)))
            .collect();
        p.set("advertised.listeners", addresses.join(","));
        if self.is_kraft() {
            protocols.push("CONTROLLER:PLAINTEXT".to_owned());
            addresses.push(format!("CONTROLLER://{}", self.controller(id)));
        }
        p.set("listeners", addresses.join(","));
        p.set("listener.security.protocol.map", protocols.join(","));
        p.set("inter.broker.listener.name", Listener::Plaintext.name());
    }

    fn coordination(&self, id: i32, p: &mut Properties) {
        if self.is_kraft() {
            let voters: Vec<String> = self
                .ids()
                .map(|id| format!("{id}@{}", self.controller(id)))
                .collect();
            p.set("process.roles", "broker,controller");
            p.set("node.id", id.to_string());
            p.set("controller.quorum.voters", voters.join(","));
            p.set("controller.listener.names", "CONTROLLER");
            // A killed broker is to be seen as dead soon.
            p.set("broker.session.timeout.ms", "4000");
            p.set("broker.heartbeat.interval.ms", "1000");
        } else {
            p.set("broker.id", id.to_string());
            let (host, port) = self.zookeeper();
            p.set("zookeeper.connect", format!("{host}:{port}"));
            p.set("zookeeper.session.timeout.ms", "4000");
            p.set("zookeeper.connection.timeout.ms", "20000");
        }
    }

    /// Few threads, and internal topics that a small machine creates quickly.
    fn small(&self, p: &mut Properties) {
        let replicas = self.builder.brokers.min(3).to_string();
        p.set("num.network.threads", "2");
        p.set("num.io.threads", "4");
        p.set("background.threads", "2");
        p.set("log.cleaner.dedupe.buffer.size", (8 << 20).to_string());
        p.set("group.initial.rebalance.delay.ms", "0");
        p.set("delete.topic.enable", "true");
        // The records of tests are as old as they say, and stay all the same.
        p.set("log.retention.ms", "-1");
        p.set("offsets.topic.replication.factor", &replicas);
        p.set("offsets.topic.num.partitions", "5");
        p.set("transaction.state.log.replication.factor", &replicas);
        p.set("transaction.state.log.num.partitions", "5");
        p.set("transaction.state.log.min.isr", "1");
        if self.version().since(4, 0) {
            p.set(
                "share.coordinator.state.topic.replication.factor",
                &replicas,
            );
            p.set("share.coordinator.state.topic.num.partitions", "5");
            p.set("share.coordinator.state.topic.min.isr", "1");
        }
    }

    fn controller(&self, id: i32) -> String {
        format!("127.0.0.1:{}", self.ports.port(id, CONTROLLER_OFFSET))
    }
}

/// Keys and values of a properties file, in the order in which they were set first.
#[derive(Default)]
pub(crate) struct Properties(Vec<(String, String)>);

impl Properties {
    /// Sets a key; a later value replaces an earlier one.
    pub(crate) fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        let (key, value) = (key.into(), value.into());
        match self.0.iter_mut().find(|(k, _)| *k == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key, value)),
        }
    }

    /// The text of a `.properties` file.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for (key, value) in &self.0 {
            // A backslash starts an escape in such a file.
            let _ = writeln!(text, "{key}={}", value.replace('\\', "\\\\"));
        }
        text
    }
}

/// A path as a value. Not valid UTF-8: Kafka could not read it either.
pub(crate) fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
