//! Topics for tests to use.

use libkafka_client::{Client, NewTopic, OffsetSpec};

use crate::patience::until_ok;

/// Creates a topic and waits until its partitions have leaders, who know that they are.
pub fn create(client: &mut Client, name: &str, partitions: i32, configs: &[(&str, &str)]) {
    let topic = NewTopic::new(name)
        .partitions(partitions)
        .replication_factor(1);
    let topic = configs
        .iter()
        .fold(topic, |topic, &(name, value)| topic.config(name, value));
    client.create_topic(topic).unwrap();
    for partition in 0..partitions {
        until_ok(|| {
            let mut fetcher = client.fetcher(name, partition)?;
            fetcher.offset_of(OffsetSpec::Latest)
        });
    }
}
