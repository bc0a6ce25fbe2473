//! Kafka's tools that measure a producer and a consumer.

use crate::on_each;
use crate::programs::command;

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
        let mut committed = 0;
        for partition in 0..2 {
            let mut group = client.group("measured");
            committed += group.committed("measured", partition).unwrap().map_or(0, |c| c.offset);
        }
        assert_eq!(committed, 1000);
    }
}
