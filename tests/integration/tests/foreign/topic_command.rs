//! Kafka's tool for topics.

use libkafka_integration::until;

use crate::cluster::Cluster;
use crate::commands::command;
use crate::on_each;

const TOPICS: &str = "TopicCommand";

/// What is said of each partition.
fn describe(cluster: &Cluster, topic: &str) -> Vec<String> {
    command(cluster, TOPICS, &["--describe", "--topic", topic])
}

on_each! {
    fn topics_are_created_listed_described_and_deleted(cluster) needs kafka {
        let new = ["--create", "--topic=made", "--partitions=2", "--config=retention.ms=7200000"];
        assert_eq!(command(cluster, TOPICS, &new), ["Created topic made."]);
        let listed = || command(cluster, TOPICS, &["--list"]).contains(&"made".to_owned());
        // Brokers of Kafka learn a little later than the tool is answered.
        until(|| listed().then_some(()));
        command(cluster, TOPICS, &["--alter", "--topic=made", "--partitions=3"]);

        let described = until(|| {
            let described = describe(cluster, "made");
            (described.len() > 3).then_some(described)
        });
        let [topic, partitions @ ..] = &described[..] else { panic!("nothing") };
        for part in ["PartitionCount: 3", "ReplicationFactor: 1", "retention.ms=7200000"] {
            assert!(topic.contains(part), "{topic}");
        }
        assert_eq!(partitions.len(), 3, "{described:#?}");
        for (partition, line) in partitions.iter().enumerate() {
            let fields: Vec<&str> = line.trim().split('\t').collect();
            let leader = fields[2].strip_prefix("Leader: ").unwrap();
            let expected = [
                "Topic: made".to_owned(),
                format!("Partition: {partition}"),
                format!("Leader: {leader}"),
                format!("Replicas: {leader}"),
                format!("Isr: {leader}"),
                "Elr: ".to_owned(),
                "LastKnownElr:".to_owned(),
            ];
            assert_eq!(fields, expected);
        }

        command(cluster, TOPICS, &["--delete", "--topic=made"]);
        until(|| (!listed()).then_some(()));
    }
}
