//! Brokers that ask who may do what, and somebody who may do little.

use std::net::SocketAddr;

use bytes::Bytes;
use libkafka_integration::until;
use libkafka_protocol::Uuid;
use libkafka_protocol::messages::create_topics::CreatableTopic;
use libkafka_protocol::messages::{
    CreateTopicsRequest, SaslAuthenticateRequest, SaslHandshakeRequest,
};
use libkafka_testbroker::{Broker, Listener};
use libkafka_testkafka::{Kafka, User};

use crate::cluster::metadata;
use crate::wire::Wire;

const AUTHORIZER: (&str, &str) = (
    "authorizer.class.name",
    "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
);
/// Whoever does not say who it is is the brokers themselves, on real Kafka.
const SUPER_USERS: (&str, &str) = ("super.users", "User:ANONYMOUS;User:admin");

pub(super) fn embedded() -> Broker {
    embedded_with(&[])
}

/// With these configurations too.
pub(super) fn embedded_with(configs: &[(&str, &str)]) -> Broker {
    let builder = User::ALL.iter().fold(Broker::builder(), |builder, user| {
        builder.user(user.name, user.password)
    });
    let builder = builder
        .listener(Listener::Plaintext)
        .listener(Listener::SaslPlaintext)
        .config(AUTHORIZER.0, AUTHORIZER.1)
        .config(SUPER_USERS.0, SUPER_USERS.1)
        .config("auto.create.topics.enable", "false")
        .config("log.retention.ms", "-1");
    let builder = configs.iter().fold(builder, |builder, (name, value)| {
        builder.config(*name, *value)
    });
    builder.start().unwrap()
}

pub(super) fn real() -> Kafka {
    real_with(&[])
}

/// With these configurations too.
pub(super) fn real_with(configs: &[(&str, &str)]) -> Kafka {
    let all = [AUTHORIZER, SUPER_USERS].into_iter();
    let all = all.chain(configs.iter().copied());
    let builder = Kafka::builder().sasl(true);
    let builder = all.fold(builder, |builder, (name, value)| {
        builder.property(name, value)
    });
    builder.start().unwrap()
}

/// A connection of somebody who has said who it is.
pub(super) fn as_alice(address: SocketAddr) -> Wire {
    let mut wire = Wire::connect(address);
    let handshake = SaslHandshakeRequest {
        mechanism: "PLAIN".into(),
    };
    assert!(wire.call(1, &handshake).error_code.is_ok());
    let authenticate = SaslAuthenticateRequest {
        auth_bytes: Bytes::from_static(b"\0alice\0alice-secret"),
        ..Default::default()
    };
    assert!(wire.call(2, &authenticate).error_code.is_ok());
    wire
}

pub(super) fn create_topic(wire: &mut Wire, name: &str) -> Uuid {
    let request = CreateTopicsRequest {
        topics: vec![CreatableTopic {
            name: name.into(),
            num_partitions: 1,
            replication_factor: 1,
            ..Default::default()
        }],
        timeout_ms: 30_000,
        ..Default::default()
    };
    assert!(wire.call(7, &request).topics[0].error_code.is_ok());
    until(|| {
        let topic = metadata(wire, name);
        let led = topic.partitions.iter().any(|p| p.leader_id >= 0);
        led.then_some(topic.topic_id)
    })
}
