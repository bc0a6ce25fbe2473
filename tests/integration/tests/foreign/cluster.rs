//! What a foreign client is let loose on: the embedded broker, or real Kafka.

use std::cell::{Cell, RefCell, RefMut};
use std::time::Instant;

use libkafka_client::protocol::messages::InitProducerIdRequest;
use libkafka_client::protocol::{ApiKey, ErrorCode};
use libkafka_client::{Client, Config, Target, TopicPartition};
use libkafka_integration::{create, until_ok};
use libkafka_testbroker::Broker;
use libkafka_testkafka::{Kafka, Listener};

use crate::commands::Commands;

/// Requests that a client repeats for as long as it lives.
const STEADY: [ApiKey; 3] = [
    ApiKey::FETCH,
    ApiKey::HEARTBEAT,
    ApiKey::CONSUMER_GROUP_HEARTBEAT,
];

/// Errors that belong to how things are done, and how often each may be met with at most.
const NORMAL: [(ApiKey, ErrorCode); 5] = [
    // A classic member is given its id by the first request to join (KIP-394).
    (ApiKey::JOIN_GROUP, ErrorCode::MEMBER_ID_REQUIRED),
    // That is how it hears of a rebalance.
    (ApiKey::HEARTBEAT, ErrorCode::REBALANCE_IN_PROGRESS),
    (ApiKey::SYNC_GROUP, ErrorCode::REBALANCE_IN_PROGRESS),
    // A member of KIP-848 that commits between two heartbeats may not know its epoch yet.
    (ApiKey::OFFSET_COMMIT, ErrorCode::STALE_MEMBER_EPOCH),
    // Admin clients take a group for one of KIP-848 until they hear that it is none.
    (
        ApiKey::CONSUMER_GROUP_DESCRIBE,
        ErrorCode::GROUP_ID_NOT_FOUND,
    ),
];
const MOST_ERRORS: usize = 10;

/// One of the two.
pub(crate) struct Cluster {
    kind: Kind,
    started: Instant,
    expected: RefCell<Vec<(ApiKey, ErrorCode)>>,
    asks_often: Cell<bool>,
    /// From the first command on.
    commands: RefCell<Option<Commands>>,
}

enum Kind {
    Embedded(Broker),
    Real(&'static Kafka),
}

/// Makes three tests of one: against one and three nodes of the embedded broker, and with the same
/// assertions against real Kafka. Before the body it says what [`require!`] has to have.
///
/// [`require!`]: libkafka_testkafka::require
#[macro_export]
macro_rules! on_each {
    ($(fn $name:ident($cluster:ident) needs $what:ident $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;
            use libkafka_testkafka::require;
            use $crate::cluster::Cluster;

            fn test($cluster: &Cluster) $body

            #[test]
            fn on_one_node() {
                require!($what);
                let cluster = Cluster::embedded(1);
                test(&cluster);
                cluster.was_left_in_peace();
            }

            #[test]
            fn on_three_nodes() {
                require!($what);
                let cluster = Cluster::embedded(3);
                test(&cluster);
                cluster.was_left_in_peace();
            }

            #[test]
            fn on_real_kafka() {
                require!($what);
                require!();
                test(&Cluster::real());
            }
        }
    )*};
}

impl Cluster {
    pub(crate) fn embedded(nodes: i32) -> Cluster {
        let broker = Broker::builder()
            .nodes(nodes)
            .config("group.consumer.heartbeat.interval.ms", "500")
            .start()
            .unwrap();
        Cluster::of(Kind::Embedded(broker))
    }

    pub(crate) fn real() -> Cluster {
        Cluster::of(Kind::Real(Kafka::shared()))
    }

    fn of(kind: Kind) -> Cluster {
        Cluster {
            kind,
            started: Instant::now(),
            expected: RefCell::new(NORMAL.to_vec()),
            asks_often: Cell::new(false),
            commands: RefCell::new(None),
        }
    }

    pub(crate) fn bootstrap(&self) -> String {
        match &self.kind {
            Kind::Embedded(broker) => broker.bootstrap(),
            Kind::Real(kafka) => kafka.bootstrap(),
        }
    }

    /// Whether the node with this id listens there.
    pub(crate) fn has_node(&self, id: &str, address: &str) -> bool {
        let Ok(id) = id.parse() else { return false };
        let listens = match &self.kind {
            Kind::Embedded(broker) => broker.address(id),
            Kind::Real(kafka) => kafka.address(id, Listener::Plaintext),
        };
        listens.to_string() == address
    }

    /// A client of ours.
    pub(crate) fn client(&self) -> Client {
        Client::new(Config::new(self.bootstrap())).unwrap()
    }

    /// Creates a topic, and waits until it and the group of its name can be used.
    pub(crate) fn topic(&self, name: &str, partitions: i32) {
        create(&mut self.client(), name, partitions, &[]);
        self.wait_for_group(name);
    }

    /// Waits until a group has a coordinator that is ready. The first time real Kafka is asked, it
    /// has none yet, of which librdkafka counts each attempt.
    pub(crate) fn wait_for_group(&self, group: &str) {
        let mut group = self.client().group(group);
        until_ok(|| group.committed(&[TopicPartition::new("none", 0)]).map(drop));
    }

    /// Waits until producers get ids; as with [groups](Self::wait_for_group).
    pub(crate) fn wait_for_producer_ids(&self, transactional_id: Option<&str>) {
        let mut client = self.client();
        let request = InitProducerIdRequest {
            transactional_id: transactional_id.map(str::to_owned),
            transaction_timeout_ms: 60_000,
            ..Default::default()
        };
        let target = match transactional_id {
            Some(id) => Target::TransactionCoordinator(id),
            None => Target::Any,
        };
        until_ok(|| {
            let response = client.call_to(target, &request);
            match response.map(|response| response.error_code) {
                Ok(ErrorCode::NONE) => Ok(()),
                refused => Err(refused),
            }
        });
    }

    /// Kafka's own commands.
    pub(crate) fn commands(&self) -> RefMut<'_, Commands> {
        RefMut::map(self.commands.borrow_mut(), |commands| {
            commands.get_or_insert_with(Commands::start)
        })
    }

    /// Lets a client meet with these errors, which it provokes.
    pub(crate) fn expect(&self, errors: &[(ApiKey, ErrorCode)]) {
        self.expected.borrow_mut().extend(errors);
    }

    /// Lets clients ask for the same again and again, and meet as often with an error that they
    /// provoke: that is how they commit ten times a second.
    pub(crate) fn may_ask_often(&self) {
        self.asks_often.set(true);
    }

    /// Fails if a client of the embedded broker met with an error that it had no reason to, or if
    /// it asked for something so often that it must have asked in vain, again and again.
    pub(crate) fn was_left_in_peace(&self) {
        let Kind::Embedded(broker) = &self.kind else {
            return;
        };
        let expected = self.expected.borrow();
        let asks_often = self.asks_often.get();
        let mut errors = broker.errors();
        errors.retain(|error, times| {
            !(expected.contains(error) && (asks_often || *times <= MOST_ERRORS))
        });
        assert!(errors.is_empty(), "met with, and how often: {errors:?}");
        if asks_often {
            return;
        }
        let seconds = self.started.elapsed().as_secs() as usize;
        for api in ApiKey::known() {
            let requests = broker.requests(api);
            let most = if STEADY.contains(&api) {
                50 + 12 * seconds
            } else {
                50
            };
            assert!(requests <= most, "{api}: {requests} in {seconds} s");
        }
    }
}
