//! Three brokers, embedded or real, and their topics, on all three each.

use std::time::{Duration, Instant};

use libkafka_client::{Client, Config, Isolation, NewTopic, OffsetSpec, TopicPartition};
use libkafka_testbroker::Broker;
use libkafka_testkafka::Kafka;

pub(crate) struct Cluster {
    pub(crate) bootstrap: String,
    client: Client,
    topics: usize,
    brokers: Brokers,
}

enum Brokers {
    Embedded { _broker: Broker },
    Real { kafka: Box<Kafka> },
}

impl Cluster {
    pub(crate) fn start(real: bool) -> Self {
        let (bootstrap, brokers) = if real {
            let kafka = Kafka::builder()
                .brokers(3)
                .jvm("-XX:TieredStopAtLevel=4")
                .jvm("-Xmx512m")
                .property("log.segment.delete.delay.ms", "1000")
                // A broker that comes back is to lead again what it led.
                .property("leader.imbalance.check.interval.seconds", "5")
                .property("leader.imbalance.per.broker.percentage", "0")
                .start()
                .expect("Kafka starts");
            (
                kafka.bootstrap(),
                Brokers::Real {
                    kafka: Box::new(kafka),
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
            brokers,
        }
    }

    /// A new, empty topic, once all its leaders serve it: the raw loop does not try again.
    pub(crate) fn topic(&mut self, partitions: usize) -> String {
        self.topics += 1;
        let name = format!("many-{}", self.topics);
        let partitions = partitions as i32;
        let topic = NewTopic::new(&name)
            .partitions(partitions)
            .replication_factor(3);
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

    /// The partitions that a broker leads.
    pub(crate) fn led(&mut self, topic: &str, broker: i32) -> Vec<i32> {
        let topology = self.client.topology([topic]).expect("a topology");
        let partitions = &topology.topic(topic).expect("the topic").partitions;
        let led = partitions
            .iter()
            .filter(|(_, of)| of.leader_id == Some(broker));
        led.map(|(partition, _)| *partition).collect()
    }

    /// Whether each partition is led by the first of its replicas, and all are in sync.
    pub(crate) fn is_balanced(&mut self, topic: &str) -> bool {
        let Ok(topology) = self.client.topology([topic]) else {
            return false;
        };
        topology.topic(topic).is_some_and(|topic| {
            topic.partitions.values().all(|of| {
                of.leader_id == of.replicas.first().copied()
                    && of.in_sync_replicas.len() == of.replicas.len()
            })
        })
    }

    /// The real brokers.
    pub(crate) fn kafka(&self) -> &Kafka {
        match &self.brokers {
            Brokers::Real { kafka } => kafka,
            Brokers::Embedded { .. } => panic!("only real brokers are killed"),
        }
    }

    pub(crate) fn delete(&mut self, topic: &str) {
        self.client.delete_topic(topic).expect("it is there");
    }
}
