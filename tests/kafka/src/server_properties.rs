//! `server.properties`.

use crate::certificates::Certificates;
use crate::cluster::Cluster;
use crate::listener::Listener;
use crate::properties::{Properties, path};

/// Where the KRaft controller listens, among the ports of its broker.
const CONTROLLER_OFFSET: u16 = 9;

/// The log of Kafka up to 3.9: all to standard output.
pub(crate) const LOG4J: &str = "\
log4j.rootLogger=INFO, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=[%d] %p %m (%c)%n
";

impl Cluster {
    pub(crate) fn properties(&self, id: i32, certificates: Option<&Certificates>) -> Properties {
        let mut p = Properties::default();
        self.listeners_of(id, &mut p);
        self.coordination(id, &mut p);
        self.small(&mut p);
        if let Some(certificates) = certificates {
            self.tls_properties(certificates, &mut p);
        }
        if self.settings.sasl {
            self.sasl_properties(&mut p);
        }
        if let Some(jar) = &self.tier {
            self.tier_properties(id, jar, &mut p);
        }
        p.set("log.dirs", path(&self.data_folder(id)));
        p.set("broker.rack", format!("rack{id}"));
        p.set("auto.create.topics.enable", "false");
        for (key, value) in &self.settings.properties {
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
            p.set("broker.session.timeout.ms", self.session());
            p.set("broker.heartbeat.interval.ms", "1000");
        } else {
            p.set("broker.id", id.to_string());
            let (host, port) = self.zookeeper();
            p.set("zookeeper.connect", format!("{host}:{port}"));
            p.set("zookeeper.session.timeout.ms", self.session());
            p.set("zookeeper.connection.timeout.ms", "20000");
        }
    }

    /// How long a broker may be silent, in milliseconds. One of several that is killed is to be seen
    /// as dead soon. One that is alone has nobody to take its place: where it is fenced, the machine
    /// was busy, and its partitions have no leader until it is heard of.
    fn session(&self) -> &'static str {
        match self.settings.brokers {
            1 => "60000",
            _ => "4000",
        }
    }

    /// Few threads, and internal topics that a small machine creates quickly.
    fn small(&self, p: &mut Properties) {
        let replicas = self.settings.brokers.min(3).to_string();
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
