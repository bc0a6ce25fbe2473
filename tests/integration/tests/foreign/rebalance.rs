//! Two consumers in a group, of which one comes later and leaves earlier.

use libkafka_client::TopicPartition;
use std::collections::BTreeSet;

use libkafka_integration::batch;
use libkafka_testkafka::Tool;

use crate::cluster::Cluster;
use crate::member::{Member, listen_until};
use crate::{on_each, programs};

const PARTITIONS: i32 = 4;
/// How many records each partition gets at a time.
const ROUND: i64 = 10;

/// Lets the partitions go from one member to the other and back, with records before, in between
/// and after. `tool` is all of a member but where and what it reads.
fn go_and_come_back(cluster: &Cluster, tool: Tool, topic: &str, settings: &[&str]) {
    cluster.topic(topic, PARTITIONS);
    let tool = tool
        .args([&cluster.bootstrap(), topic, topic])
        .args(settings);
    let all: BTreeSet<i32> = (0..PARTITIONS).collect();
    let has_all = |members: &[Member]| members[0].owned == all;
    let have_half_each = |members: &[Member]| {
        let [one, other] = members else { return false };
        one.owned.len() == 2 && one.owned.union(&other.owned).eq(&all)
    };

    produce(cluster, topic, 0);
    let mut members = vec![Member::start(&tool)];
    listen_until("it gets all", &mut members, has_all);
    listen_until("it reads all", &mut members, |m| read(m) == rounds(1));

    members.push(Member::start(&tool));
    listen_until("they share", &mut members, have_half_each);
    produce(cluster, topic, 1);
    listen_until("both read", &mut members, |m| read(m) == rounds(2));
    for member in &members {
        let second = member.read.iter().filter(|(_, offset, _)| *offset >= ROUND);
        let from: BTreeSet<i32> = second.map(|(partition, ..)| *partition).collect();
        assert_eq!(from, member.owned);
    }

    let mut once = members.remove(1).leave();
    listen_until("it gets all again", &mut members, has_all);
    produce(cluster, topic, 2);
    let left = rounds(3) - once.len();
    listen_until("it reads the rest", &mut members, |m| read(m) == left);

    once.extend(members.remove(0).leave());
    once.sort();
    let expected: Vec<_> = (0..PARTITIONS)
        .flat_map(|partition| (0..3 * ROUND).map(move |offset| (partition, offset)))
        .map(|(partition, offset)| (partition, offset, value(partition, offset)))
        .collect();
    assert_eq!(once, expected);
    let mut group = cluster.client().group(topic);
    for partition in 0..PARTITIONS {
        let partitions = [TopicPartition::new(topic, partition)];
        let committed = group.committed(&partitions).unwrap();
        let committed = committed.get(topic, partition).unwrap().unwrap().as_ref();
        assert_eq!(
            committed.unwrap().offset,
            3 * ROUND,
            "partition {partition}"
        );
    }
}

/// Produces a round of records to each partition.
fn produce(cluster: &Cluster, topic: &str, round: i64) {
    let mut client = cluster.client();
    for partition in 0..PARTITIONS {
        let offsets = round * ROUND..(round + 1) * ROUND;
        let values: Vec<String> = offsets.map(|offset| value(partition, offset)).collect();
        let mut producer = client.producer(topic, partition).unwrap();
        let produced = producer.produce(batch(&values)).unwrap();
        assert_eq!(produced.base_offset, Some(round * ROUND));
    }
}

fn value(partition: i32, offset: i64) -> String {
    format!("{offset} of {partition}")
}

fn read(members: &[Member]) -> usize {
    members.iter().map(|member| member.read.len()).sum()
}

/// How many records that many rounds are.
fn rounds(rounds: i64) -> usize {
    (rounds * ROUND * i64::from(PARTITIONS)) as usize
}

on_each! {
    fn java_s_eager_consumers_hand_partitions_over(cluster) needs kafka {
        let settings = [
            "heartbeat.interval.ms=500",
            "partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor",
        ];
        go_and_come_back(cluster, programs::java("Member"), "java-eager", &settings);
    }

    fn java_s_cooperative_consumers_hand_partitions_over(cluster) needs kafka {
        let settings = [
            "heartbeat.interval.ms=500",
            "partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor",
        ];
        go_and_come_back(cluster, programs::java("Member"), "java-cooperative", &settings);
    }

    fn java_s_consumers_of_kip_848_hand_partitions_over(cluster) needs kafka {
        let settings = ["group.protocol=consumer"];
        go_and_come_back(cluster, programs::java("Member"), "java-848", &settings);
    }

    fn librdkafka_s_eager_consumers_hand_partitions_over(cluster) needs librdkafka {
        let settings = [
            "heartbeat.interval.ms=500",
            "partition.assignment.strategy=range",
        ];
        go_and_come_back(cluster, programs::python("member"), "rd-eager", &settings);
    }

    fn librdkafka_s_cooperative_consumers_hand_partitions_over(cluster) needs librdkafka {
        let settings = [
            "heartbeat.interval.ms=500",
            "partition.assignment.strategy=cooperative-sticky",
        ];
        go_and_come_back(cluster, programs::python("member"), "rd-cooperative", &settings);
    }

    fn librdkafka_s_consumers_of_kip_848_hand_partitions_over(cluster) needs librdkafka {
        let settings = ["group.protocol=consumer"];
        go_and_come_back(cluster, programs::python("member"), "rd-848", &settings);
    }
}
