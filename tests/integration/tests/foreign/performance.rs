//! Kafka's tools that measure a producer and a consumer.

use libkafka_client::TopicPartition;

use crate::commands::command;
use crate::on_each;

on_each! {
    fn each_record_that_was_written_is_read(cluster) needs kafka {
        cluster.topic("measured", 2);
        let measure = |class, args: [&str; 3]| {
            let printed = command(cluster, class, &[&["--topic=measured"], &args[..]].concat());
            printed.last().cloned().unwrap_or_default()
        };
        let written = measure(
            "ProducerPerformance",
            ["--num-records=1000", "--record-size=100", "--throughput=-1"],
        );
        assert!(written.starts_with("1000 records sent"), "{written}");
        let read = measure(
            "ConsumerPerformance",
            ["--num-records=1000", "--group=measured", "--hide-header"],
        );
        // Start, end, MB, MB/s, records, ...
        assert_eq!(read.split(", ").nth(4), Some("1000"), "{read}");

        let client = cluster.client();
        let partitions = [0, 1].map(|partition| TopicPartition::new("measured", partition));
        let committed = client.offsets("measured").fetch(&partitions).unwrap();
        let committed = committed.into_result().unwrap().into_iter();
        let committed: i64 = committed.filter_map(|(_, c)| c).map(|c| c.offset).sum();
        assert_eq!(committed, 1000);
    }
}
