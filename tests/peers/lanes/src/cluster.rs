//! Three brokers, embedded or real, and their topics.

use std::time::{Duration, Instant};

use libkafka_client::{Client, Config, Isolation, NewTopic, OffsetSpec, TopicPartition};
use libkafka_testbroker::Broker;
use libkafka_testkafka::Kafka;

pub(crate) struct Cluster {
    pub(crate) bootstrap: String,
    pub(crate) client: Client,
    topics: usize,
    _brokers: Brokers,
}

enum Brokers {
    Embedded { _broker: Broker },
    Real { _kafka: Box<Kafka> },
}

impl Cluster {
    pub(crate) fn start(real: bool) -> Self {
        let (bootstrap, brokers) = if real {
            let kafka = Kafka::builder()
                .brokers(3)
                .jvm("-XX:TieredStopAtLevel=4")
                .jvm("-Xmx768m")
                .start()
                .expect("Kafka starts");
            (
                kafka.bootstrap(),
                Brokers::Real {
                    _kafka: Box::new(kafka),
                },
            )
        } else {
            let broker = Broker::builder().nodes(3).start().expect("it starts");
            (broker.bootstrap(), Brokers::Embedded { _broker: broker })
        };
        Self {
            client: Client::new(Config::new(&bootstrap)).expect("a client"),
            bootstrap,
            topics: 0,
            _brokers: brokers,
        }
    }

    /// A new, empty topic, once all its leaders serve it.
    pub(crate) fn topic(&mut self, partitions: i32) -> String {
        self.topics += 1;
        let name = format!("lanes-{}", self.topics);
        let topic = NewTopic::new(&name)
            .partitions(partitions)
            .replication_factor(1);
        self.client.create_topic(topic).expect("a new topic");
        let deadline = Instant::now() + Duration::from_secs(120);
        while !self.is_served(&name, partitions) {
            assert!(Instant::now() < deadline, "{name} gets no leaders");
        }
        name
    }

    fn is_served(&mut self, name: &str, partitions: i32) -> bool {
        let Ok(topology) = self.client.topology([name]) else {
            return false;
        };
        let leader = |partition| {
            let leader = topology.leader(name, partition)?;
            Some((
                TopicPartition::new(name, partition),
                leader,
                OffsetSpec::Latest,
            ))
        };
        let Some(wanted) = (0..partitions).map(leader).collect::<Option<Vec<_>>>() else {
            return false;
        };
        let found = self
            .client
            .list_offsets(&wanted, Isolation::ReadUncommitted);
        found.iter().all(|(_, offset)| offset.is_ok())
    }

    pub(crate) fn delete(&mut self, topic: &str) {
        self.client.delete_topic(topic).expect("it is there");
    }
}
