//! The Kafka that all talk to.

use std::time::{Duration, Instant};

use libkafka_client::{Client, Config, Error, NewTopic, OffsetSpec};
use libkafka_testkafka::Kafka;

/// One broker, and topics of one partition each.
pub struct Cluster {
    pub bootstrap: String,
    client: Client,
    topics: usize,
    _kafka: Kafka,
}

impl Cluster {
    pub fn start() -> Self {
        let kafka = Kafka::builder()
            .jvm("-XX:TieredStopAtLevel=4")
            .jvm("-Xmx768m")
            .property("log.segment.delete.delay.ms", "1000")
            .start()
            .unwrap();
        let bootstrap = kafka.bootstrap();
        Self {
            client: Client::new(Config::new(&bootstrap)).unwrap(),
            bootstrap,
            topics: 0,
            _kafka: kafka,
        }
    }

    /// A new, empty topic, once its leader serves it: the raw loop does not try again.
    pub fn topic(&mut self) -> String {
        self.topics += 1;
        let name = format!("peers-{}", self.topics);
        let deadline = Instant::now() + Duration::from_secs(30);
        let topic = NewTopic::new(&name).partitions(1).replication_factor(1);
        self.client.create_topic(topic).unwrap();
        while let Err(error) = self.end(&name) {
            assert!(Instant::now() < deadline, "no leader of {name}: {error}");
        }
        name
    }

    fn end(&mut self, topic: &str) -> Result<i64, Error> {
        self.client.fetcher(topic, 0)?.seek_to(OffsetSpec::Latest)
    }

    /// Gives a topic's disk space back.
    pub fn delete(&mut self, topic: &str) {
        self.client.delete_topic(topic).unwrap();
    }
}
