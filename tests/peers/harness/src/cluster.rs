//! `Cluster`: brokers, embedded or of real Kafka, and their topics.

use std::fs;
use std::time::{Duration, Instant};

use libkafka_client::protocol::ApiKey;
use libkafka_client::{Client, Config, Isolation, NewTopic, OffsetSpec, TopicPartition};
use libkafka_testbroker::{Broker, Fault, FaultHandle};
use libkafka_testkafka::Kafka;

/// Brokers, which end with it, and a client of theirs.
pub struct Cluster {
    pub bootstrap: String,
    pub client: Client,
    topics: usize,
    brokers: Brokers,
}

enum Brokers {
    Embedded {
        _slow: Option<FaultHandle>,
        _broker: Broker,
    },
    Real {
        kafka: Box<Kafka>,
    },
}

impl Cluster {
    /// Brokers in this process.
    pub fn embedded(brokers: i32) -> Self {
        Self::in_process(brokers, None)
    }

    /// Brokers in this process that hold each Produce request for this long before they do it, so
    /// that the memory of a producer fills up, as it does with brokers that are busy.
    pub fn slow(brokers: i32, delay: Duration) -> Self {
        Self::in_process(brokers, Some(delay))
    }

    fn in_process(brokers: i32, delay: Option<Duration>) -> Self {
        let broker = Broker::builder().nodes(brokers).start().expect("it starts");
        let slow = delay.map(|delay| broker.inject(Fault::on(ApiKey::PRODUCE).delay(delay)));
        let bootstrap = broker.bootstrap();
        let embedded = Brokers::Embedded {
            _slow: slow,
            _broker: broker,
        };
        Self::of(bootstrap, embedded)
    }

    /// Brokers of Kafka, each with a heap of so many megabytes, and properties besides those that
    /// a test has.
    pub fn kafka(brokers: i32, heap_megabytes: usize, properties: &[(&str, &str)]) -> Self {
        let mut kafka = Kafka::builder()
            .brokers(brokers)
            .jvm("-XX:TieredStopAtLevel=4")
            .jvm(format!("-Xmx{heap_megabytes}m"))
            // The space of a topic is wanted for the next one.
            .property("log.segment.delete.delay.ms", "1000");
        for (key, value) in properties {
            kafka = kafka.property(*key, *value);
        }
        let kafka = Box::new(kafka.start().expect("Kafka starts"));
        Self::of(kafka.bootstrap(), Brokers::Real { kafka })
    }

    fn of(bootstrap: String, brokers: Brokers) -> Self {
        Self {
            client: Client::new(Config::new(&bootstrap)).expect("a client"),
            bootstrap,
            topics: 0,
            brokers,
        }
    }

    /// The real brokers, if they are.
    pub fn real(&self) -> Option<&Kafka> {
        match &self.brokers {
            Brokers::Real { kafka } => Some(kafka),
            Brokers::Embedded { .. } => None,
        }
    }

    /// A new, empty topic, once all its leaders serve it: raw loops do not try again.
    pub fn topic(&mut self, partitions: i32, replication_factor: i16) -> String {
        self.topics += 1;
        let name = format!("peers-{}", self.topics);
        let topic = NewTopic::new(&name)
            .partitions(partitions)
            .replication_factor(replication_factor);
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

    /// The CPU time of each real broker so far, in user and system mode.
    pub fn cpu(&self) -> Vec<Duration> {
        let brokers = self.real().into_iter();
        let brokers = brokers.flat_map(|kafka| kafka.ids().map(|id| kafka.pid(id)));
        brokers.map(process_cpu).collect()
    }

    /// Gives a topic's disk space back.
    pub fn delete(&mut self, topic: &str) {
        self.client.delete_topic(topic).expect("it is there");
    }
}

/// The CPU time of a process, which `/proc` has in hundredths of a second.
fn process_cpu(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).expect("Linux");
    // The name of the program is in brackets, and may have spaces.
    let (_, rest) = stat.rsplit_once(')').expect("a name");
    let ticks = rest.split_whitespace().skip(11).take(2);
    let ticks = ticks.map(|ticks| ticks.parse::<u64>().expect("a number"));
    Duration::from_millis(ticks.sum::<u64>() * 10)
}
