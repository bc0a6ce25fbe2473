//! The embedded broker and real Kafka as one thing, so that a test can ask both.

use std::net::{SocketAddr, ToSocketAddrs};

use bytes::Bytes;
use libkafka_protocol::Response;
use libkafka_protocol::messages::create_topics::{CreatableTopic, CreatableTopicConfig};
use libkafka_protocol::messages::list_offsets::{ListOffsetsPartition, ListOffsetsTopic};
use libkafka_protocol::messages::metadata::{MetadataRequestTopic, MetadataResponseTopic};
use libkafka_protocol::messages::produce::{
    PartitionProduceData, PartitionProduceResponse, TopicProduceData,
};
use libkafka_protocol::messages::{
    CreateTopicsRequest, ListOffsetsRequest, MetadataRequest, ProduceRequest,
};
use libkafka_testbroker::Broker;
use libkafka_testkafka::{Kafka, Listener};

use crate::patience::until;
use crate::wire::Wire;

/// Names a Kafka of the caller's own, as `HOST:PORT` of a plaintext listener, for the tests that
/// would otherwise start one.
pub const BOOTSTRAP: &str = "LIBKAFKA_BOOTSTRAP";

/// One of the two.
pub enum Cluster {
    /// A broker of the test's own.
    Embedded(Broker),
    /// One that tests share.
    Real(&'static Kafka),
    /// One that somebody started elsewhere.
    Elsewhere(SocketAddr),
}

/// Makes two tests of one: against the embedded broker, and with the same assertions against real
/// Kafka.
#[macro_export]
macro_rules! on_both {
    ($(fn $name:ident($cluster:ident) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn test($cluster: &$crate::cluster::Cluster) $body

            #[test]
            fn embedded() {
                test(&$crate::cluster::Cluster::embedded());
            }

            #[test]
            fn real() {
                if ::std::env::var_os($crate::cluster::BOOTSTRAP).is_none() {
                    libkafka_testkafka::require!();
                }
                test(&$crate::cluster::Cluster::real());
            }
        }
    )*};
}

impl Cluster {
    /// An embedded broker, configured as the real one that tests share.
    pub fn embedded() -> Cluster {
        let broker = Broker::builder()
            .rack(1, "rack1")
            .config("log.retention.ms", "-1")
            .config("offsets.topic.num.partitions", "5")
            .config("transaction.state.log.num.partitions", "5")
            .config("transaction.state.log.min.isr", "1")
            .start();
        Cluster::Embedded(broker.unwrap())
    }

    /// The real Kafka that tests share: the one that [`BOOTSTRAP`] names, or else one started here.
    ///
    /// # Panics
    /// If what `BOOTSTRAP` names cannot be resolved.
    pub fn real() -> Cluster {
        let Ok(bootstrap) = std::env::var(BOOTSTRAP) else {
            return Cluster::Real(Kafka::shared());
        };
        let mut addresses = bootstrap
            .to_socket_addrs()
            .unwrap_or_else(|error| panic!("{BOOTSTRAP}={bootstrap}: {error}"));
        Cluster::Elsewhere(addresses.next().expect("an address"))
    }

    /// Where its first node listens.
    pub fn address(&self) -> SocketAddr {
        match self {
            Cluster::Embedded(broker) => broker.address(1),
            Cluster::Real(kafka) => kafka.address(1, Listener::Plaintext),
            Cluster::Elsewhere(address) => *address,
        }
    }

    /// The same, as clients want to hear it.
    pub fn bootstrap(&self) -> String {
        self.address().to_string()
    }

    /// A connection to it.
    pub fn wire(&self) -> Wire {
        Wire::connect(self.address())
    }

    /// Creates a topic and waits until it has leaders.
    pub fn topic(
        &self,
        name: &str,
        partitions: i32,
        configs: &[(&str, &str)],
    ) -> MetadataResponseTopic {
        let mut wire = self.wire();
        let configs = configs.iter().map(|(name, value)| CreatableTopicConfig {
            name: (*name).into(),
            value: Some((*value).into()),
            ..Default::default()
        });
        let request = CreateTopicsRequest {
            topics: vec![CreatableTopic {
                name: name.into(),
                num_partitions: partitions,
                replication_factor: 1,
                configs: configs.collect(),
                ..Default::default()
            }],
            ..Default::default()
        };
        let response = wire.call(7, &request);
        assert!(response.topics[0].error_code.is_ok(), "{response:?}");
        let topic = until(|| {
            let topic = metadata(&mut wire, name);
            let led = |topic: &MetadataResponseTopic| {
                topic.partitions.len() == partitions as usize
                    && topic.partitions.iter().all(|p| p.leader_id >= 0)
            };
            Some(topic).filter(led)
        });
        wait_for_leaders(&mut wire, name, partitions);
        topic
    }
}

/// Waits until the leaders know that they are: real Kafka tells its clients first.
fn wait_for_leaders(wire: &mut Wire, topic: &str, partitions: i32) {
    let partition = |partition_index| ListOffsetsPartition {
        partition_index,
        timestamp: -1,
        ..Default::default()
    };
    let request = ListOffsetsRequest {
        replica_id: -1,
        topics: vec![ListOffsetsTopic {
            name: topic.into(),
            partitions: (0..partitions).map(partition).collect(),
            ..Default::default()
        }],
        ..Default::default()
    };
    until(|| wire.call(7, &request).first_error().is_none().then_some(()));
}

/// What the metadata says of a topic.
pub fn metadata(wire: &mut Wire, topic: &str) -> MetadataResponseTopic {
    let request = MetadataRequest {
        topics: Some(vec![MetadataRequestTopic {
            name: Some(topic.into()),
            ..Default::default()
        }]),
        allow_auto_topic_creation: false,
        ..Default::default()
    };
    wire.call(12, &request).topics.remove(0)
}

/// Produces to partition 0 of a topic, by name.
#[track_caller]
pub fn produce(wire: &mut Wire, topic: &str, records: Bytes) -> PartitionProduceResponse {
    let response = wire.call(12, &produce_request(topic, -1, Some(records)));
    response.responses[0].partition_responses[0].clone()
}

/// A request for partition 0.
pub fn produce_request(topic: &str, acks: i16, records: Option<Bytes>) -> ProduceRequest {
    ProduceRequest {
        acks,
        timeout_ms: 30_000,
        topic_data: vec![TopicProduceData {
            name: topic.into(),
            partition_data: vec![PartitionProduceData {
                records,
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    }
}
