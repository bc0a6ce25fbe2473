//! Kafka's console producer and consumer.

use libkafka_client::TopicPartition;
use libkafka_testkafka::Tool;

use crate::cluster::Cluster;
use crate::on_each;
use crate::peace::run;

/// Has the consumer read what the producer wrote, as a group's only member.
fn read_in_a_group(cluster: &Cluster, protocol: &str) {
    let topic = &*format!("console-{protocol}");
    cluster.topic(topic, 2);
    let bootstrap = cluster.bootstrap();
    run(Tool::console_producer(&bootstrap, topic).stdin("one\ntwo\nthree\n"));
    let read = run(Tool::console_consumer(&bootstrap, topic)
        .args(["--from-beginning", "--max-messages=3", "--group", topic])
        .arg("--command-property")
        .arg(format!("group.protocol={protocol}")));
    let mut lines = read.lines();
    lines.sort();
    assert_eq!(lines, ["one", "three", "two"]);

    let mut group = cluster.client().group(topic);
    let partitions = [0, 1].map(|partition| TopicPartition::new(topic, partition));
    let committed = group.committed(&partitions).unwrap().into_result().unwrap();
    let committed = committed.into_iter().filter_map(|(_, committed)| committed);
    let committed: i64 = committed.map(|committed| committed.offset).sum();
    assert_eq!(committed, 3);
}

on_each! {
    fn keys_headers_and_nulls_come_back(cluster) needs kafka {
        let topic = "console";
        cluster.topic(topic, 1);
        let bootstrap = cluster.bootstrap();
        run(Tool::console_producer(&bootstrap, topic)
            .args(["--reader-property", "parse.key=true"])
            .args(["--reader-property", "parse.headers=true"])
            .args(["--reader-property", "null.marker=NULL"])
            .stdin("h:x\tkey\tvalue\nNULL\tkey\tNULL\n"));
        let read = run(Tool::console_consumer(&bootstrap, topic)
            .args(["--partition=0", "--offset=earliest", "--max-messages=2"])
            .args(["--formatter-property", "print.key=true"])
            .args(["--formatter-property", "print.headers=true"]));
        assert_eq!(read.lines(), ["h:x\tkey\tvalue", "NO_HEADERS\tkey\tnull"]);
    }

    fn a_classic_group_reads(cluster) needs kafka {
        read_in_a_group(cluster, "classic");
    }

    fn a_group_of_kip_848_reads(cluster) needs kafka {
        read_in_a_group(cluster, "consumer");
    }
}
