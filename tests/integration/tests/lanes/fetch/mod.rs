//! Fetch lanes against the embedded broker, which fails on purpose.

mod answers;
mod brokers;
mod lookups;
mod wire;

use std::fs;
use std::sync::OnceLock;
use std::time::Duration;

use libkafka_client::{
    Client, Config, Deadline, Error, FetchLane, FetchLaneOptions, FetchOptions, LaneFetch,
    TopicPartition, wait,
};
use libkafka_integration::{batch, with_tls};
use libkafka_testbroker::{Broker, Builder, Listener, Tls};
use libkafka_testkafka::{Certificates, Identity};

/// The time of a call that is not to use it up, on a busy machine either.
const LONG: Duration = Duration::from_secs(60);

/// A broker with the topic `t` of three partitions, each with a record that names it.
struct Place {
    broker: Broker,
    config: Config,
}

impl Place {
    fn plain() -> Self {
        Self::start(Broker::builder(), |config| config, Listener::Plaintext)
    }

    /// `None` where certificates cannot be made.
    fn tls() -> Option<Self> {
        static CERTIFICATES: OnceLock<Option<Certificates>> = OnceLock::new();
        let certificates = CERTIFICATES.get_or_init(|| Certificates::generate().ok());
        let certificates = certificates.as_ref()?;
        let read = |path| fs::read(path).unwrap();
        let certificate = read(certificates.certificate(Identity::Server));
        let tls = Tls::new(&certificate, read(certificates.key(Identity::Server))).unwrap();
        let builder = Broker::builder().listener(Listener::Ssl).tls(tls);
        let listener = libkafka_testkafka::Listener::Ssl;
        let config = |config| with_tls(config, listener, certificates);
        Some(Self::start(builder, config, Listener::Ssl))
    }

    fn start(builder: Builder, config: impl FnOnce(Config) -> Config, listener: Listener) -> Self {
        let broker = builder.topic("t", 3).start().unwrap();
        let config = config(Config::new(broker.bootstrap_of(listener)).timeout(LONG));
        let place = Self { broker, config };
        for partition in 0..3 {
            place.produce(partition, &format!("p{partition}"));
        }
        place
    }

    fn client(&self) -> Client {
        Client::new(self.config.clone()).unwrap()
    }

    fn produce(&self, partition: i32, value: &str) {
        let mut producer = self.client().producer("t", partition).unwrap();
        producer.produce(batch(&[value])).unwrap();
    }

    /// A lane that fetches all three partitions from their beginning.
    fn lane(&self, options: FetchLaneOptions) -> FetchLane {
        lane(self.client(), options)
    }
}

fn lane(mut client: Client, options: FetchLaneOptions) -> FetchLane {
    let topology = client.topology(["t"]).unwrap();
    let mut lane = client.fetch_lane(1, options).unwrap();
    for partition in 0..3 {
        let leader = topology.leader("t", partition).unwrap();
        lane.set(at(partition), 0, leader);
    }
    lane
}

fn at(partition: i32) -> TopicPartition {
    TopicPartition::new("t", partition)
}

/// Options with which the broker answers soon that there is nothing.
fn hasty() -> FetchLaneOptions {
    FetchLaneOptions::new().fetch(FetchOptions::new().max_wait(Duration::from_millis(10)))
}

/// Lets the lane go on until it has brought so many things.
fn fetches(lane: &mut FetchLane, count: usize) -> Vec<LaneFetch> {
    let mut fetches = Vec::new();
    let deadline = Deadline::after(LONG);
    while fetches.len() < count {
        lane.advance().unwrap();
        fetches.extend(std::iter::from_fn(|| lane.next_fetch()));
        assert!(!deadline.is_past(), "{fetches:?}");
        if fetches.len() < count {
            wait(&[&*lane], deadline).unwrap();
        }
    }
    fetches
}

/// Lets the lane go on until it fails.
fn error(lane: &mut FetchLane) -> Error {
    let deadline = Deadline::after(LONG);
    loop {
        if let Err(error) = lane.advance() {
            return error;
        }
        assert!(!deadline.is_past());
        wait(&[&*lane], deadline).unwrap();
    }
}

/// The partitions of which there are records, in order.
fn with_records(fetches: &[LaneFetch]) -> Vec<i32> {
    let records = |fetch: &&LaneFetch| {
        let result = fetch.result.as_ref();
        matches!(result, Ok(libkafka_client::FetchOutcome::Records(_)))
    };
    let fetches = fetches.iter().filter(records);
    let mut partitions: Vec<_> = fetches.map(|fetch| fetch.partition.partition).collect();
    partitions.sort_unstable();
    partitions
}

/// Reads all partitions again from their beginning: the lane works.
fn works(lane: &mut FetchLane) {
    for partition in 0..3 {
        assert!(lane.seek(&at(partition), 0));
    }
    let deadline = Deadline::after(LONG);
    let mut seen = Vec::new();
    while seen.len() < 3 {
        let _ = lane.advance();
        let fetched: Vec<_> = std::iter::from_fn(|| lane.next_fetch()).collect();
        seen.extend(with_records(&fetched));
        assert!(!deadline.is_past());
        if seen.len() < 3 {
            wait(&[&*lane], deadline).unwrap();
        }
    }
    seen.sort_unstable();
    assert_eq!(seen, [0, 1, 2]);
}
