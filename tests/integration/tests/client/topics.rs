//! Topics for tests to use.

use std::time::{Duration, Instant};

use libkafka_client::protocol::messages::CreateTopicsRequest;
use libkafka_client::protocol::messages::create_topics::{CreatableTopic, CreatableTopicConfig};
use libkafka_client::protocol::{Response, messages};
use libkafka_client::{Client, Config, Position};
use libkafka_testkafka::Kafka;

/// A client of the broker that the tests here share.
pub(crate) fn client() -> Client {
    Client::new(Config::new(Kafka::shared().bootstrap())).unwrap()
}

/// Creates a topic and waits until its partitions have leaders, who know that they are.
pub(crate) fn create(client: &mut Client, name: &str, partitions: i32, configs: &[(&str, &str)]) {
    let config = |&(name, value): &(&str, &str)| CreatableTopicConfig {
        name: name.to_owned(),
        value: Some(value.to_owned()),
        ..Default::default()
    };
    let request = CreateTopicsRequest {
        topics: vec![CreatableTopic {
            name: name.to_owned(),
            num_partitions: partitions,
            replication_factor: 1,
            configs: configs.iter().map(config).collect(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let response: messages::CreateTopicsResponse = client.call(&request).unwrap();
    assert_eq!(response.first_error(), None, "{response:?}");
    let deadline = Instant::now() + Duration::from_secs(30);
    for partition in 0..partitions {
        let mut leads = || {
            let mut fetcher = client.fetcher(name, partition)?;
            fetcher.offset_of(Position::Latest)
        };
        while let Err(error) = leads() {
            assert!(Instant::now() < deadline, "{name} gets no leaders: {error}");
        }
    }
}
