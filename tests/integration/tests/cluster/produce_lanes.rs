//! Produce lanes to three brokers, of which one stands still and one dies.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use libkafka_client::protocol::ErrorCode;
use libkafka_client::protocol::messages::ElectLeadersRequest;
use libkafka_client::protocol::messages::elect_leaders::TopicPartitions;
use libkafka_client::{Client, Deadline, NewTopic, OffsetSpec, RetryPolicy};
use libkafka_integration::values;
use libkafka_testkafka::{Kafka, require};

use crate::lane_writer::LaneWriter;
use crate::{LONG, SESSION, bytes_at, client, cluster, in_sync, until, until_ok};

const PARTITIONS: i32 = 6;
/// The time of a batch that goes to a broker that dies.
const SHORT: Duration = Duration::from_secs(10);

fn create_all(client: &mut Client, topic: &str, replicas: i16) -> Vec<i32> {
    let new = NewTopic::new(topic).partitions(PARTITIONS);
    let new = new.replication_factor(replicas);
    client.within(LONG).create_topic(new).unwrap();
    let leader = |partition| {
        // Once it knows that it is.
        until_ok(|| {
            client
                .fetcher(topic, partition)?
                .seek_to(OffsetSpec::Latest)
        });
        until_ok(|| client.leader(topic, partition)).id
    };
    (0..PARTITIONS).map(leader).collect()
}

/// Gives each partition back to the replica that is to lead it.
fn elect_preferred(client: &mut Client, topic: &str) {
    let request = ElectLeadersRequest {
        topic_partitions: Some(vec![TopicPartitions {
            topic: topic.to_owned(),
            partitions: (0..PARTITIONS).collect(),
            ..Default::default()
        }]),
        ..Default::default()
    };
    let response = until_ok(|| client.call(&request));
    assert_eq!(response.error_code, ErrorCode::NONE);
}

/// The numbers in a partition's log.
fn log(client: &mut Client, topic: &str, partition: i32) -> Vec<u64> {
    let policy = RetryPolicy::for_idempotent_calls();
    let fetcher = policy.run(LONG, client, |client| client.fetcher(topic, partition));
    let mut fetcher = fetcher.unwrap();
    policy.run(LONG, &mut fetcher, |f| f.fetch()).unwrap();
    let values = values(&mut fetcher);
    values.iter().map(|value| value.parse().unwrap()).collect()
}

/// How long it usually takes until there is an outcome of a batch for each of these partitions.
fn usual_round(writer: &mut LaneWriter, topic: &str, partitions: &[i32]) -> Duration {
    let mut delays = Vec::new();
    for _ in 0..20 {
        let began = Instant::now();
        let before = writer.done();
        for partition in partitions {
            writer.push(topic, *partition, LONG);
        }
        writer.run(|writer| writer.done() == before + partitions.len());
        delays.push(began.elapsed());
    }
    // Not the longest, since the machine may have been busy.
    delays.sort_unstable();
    delays[10]
}

#[test]
fn batches_of_the_other_brokers_go_on_in_their_own_time_while_one_stands_still() {
    require!();
    let kafka = cluster();
    let mut client = client(&kafka);
    let topic = "produce-lanes-still";
    // With one replica, no broker waits for another one.
    let leaders = create_all(&mut client, topic, 1);
    let mut writer = LaneWriter::new(&kafka, topic);
    for partition in 0..PARTITIONS {
        writer.push(topic, partition, LONG);
    }
    writer.run(|writer| writer.done() == PARTITIONS as usize);
    assert_eq!((writer.lanes.len(), writer.errors), (3, 0));

    let still = leaders[0];
    let (held, free): (Vec<i32>, Vec<i32>) =
        (0..PARTITIONS).partition(|partition| leaders[*partition as usize] == still);
    let alone = usual_round(&mut writer, topic, &free);
    let paused = Instant::now();
    kafka.pause(still);
    for partition in &held {
        writer.push(topic, *partition, LONG);
    }
    let beside = usual_round(&mut writer, topic, &free);
    kafka.resume(still);
    let is_taken_for_dead = paused.elapsed() >= SESSION;
    assert!(
        beside < 3 * alone + Duration::from_millis(50),
        "{beside:?}, and {alone:?} without"
    );
    for partition in &held {
        assert_eq!(writer.acknowledged(*partition), 1);
    }
    // What was on its way to the broker that stood still arrives.
    writer.run(|writer| writer.done() as u64 == writer.next);
    if is_taken_for_dead {
        eprintln!("too busy a machine for a broker to stand still within its session");
    } else {
        assert_eq!((writer.in_doubt.len(), writer.errors), (0, 0));
    }
    for partition in 0..PARTITIONS {
        let log = log(&mut client, topic, partition);
        let acknowledged = &writer.acknowledged[&partition];
        assert!(acknowledged.iter().all(|number| log.contains(number)));
        assert!(is_taken_for_dead || log == *acknowledged);
    }
}

#[test]
fn of_what_lanes_produce_while_a_leader_dies_nothing_acknowledged_is_lost_and_nothing_is_there_twice()
 {
    require!();
    let kafka = cluster();
    let mut client = client(&kafka);
    let topic = "produce-lanes-killed";
    let leaders = create_all(&mut client, topic, 3);
    let mut writer = LaneWriter::new(&kafka, topic);
    let dies = leaders[0];
    // Never without batches on their way.
    let ahead = 4 * PARTITIONS as usize;
    let produce = |writer: &mut LaneWriter, enough: &dyn Fn(&LaneWriter) -> bool| {
        let until = Deadline::after(2 * LONG);
        while !enough(writer) {
            assert!(!until.is_past(), "{:?}", writer.acknowledged);
            while (writer.next as usize) < writer.done() + ahead {
                let partition = (writer.next % PARTITIONS as u64) as i32;
                writer.push(topic, partition, SHORT);
            }
            writer.step();
        }
    };
    let count = |writer: &LaneWriter| -> Vec<usize> {
        (0..PARTITIONS)
            .map(|partition| writer.acknowledged(partition))
            .collect()
    };
    let all_beyond = |before: Vec<usize>| {
        move |writer: &LaneWriter| {
            let now = count(writer);
            now.iter()
                .zip(&before)
                .all(|(now, before)| *now >= before + 20)
        }
    };
    let start = count(&writer);
    produce(&mut writer, &all_beyond(start));
    assert_eq!(writer.errors, 0);
    kafka.kill(dies);
    // All partitions again, those that it led from their new leaders.
    let killed = count(&writer);
    produce(&mut writer, &all_beyond(killed));
    assert!(writer.errors > 0);
    assert_ne!(writer.acknowledged_by[&0], dies);
    kafka.restart(dies).unwrap();
    // It leads its partition again, in the midst of batches, and is reached over the same lane.
    until(|| (in_sync(&mut client, topic) == 3).then_some(()));
    elect_preferred(&mut client, topic);
    let back = count(&writer);
    produce(&mut writer, &|writer: &LaneWriter| {
        all_beyond(back.clone())(writer) && writer.acknowledged_by[&0] == dies
    });
    writer.run(|writer| writer.done() as u64 == writer.next);

    for partition in 0..PARTITIONS {
        let log = log(&mut client, topic, partition);
        let mut times: HashMap<u64, usize> = HashMap::new();
        for number in &log {
            *times.entry(*number).or_default() += 1;
        }
        let twice = times.iter().find(|(_, times)| **times > 1);
        assert_eq!(twice, None, "partition {partition}");
        for number in &writer.acknowledged[&partition] {
            assert!(times.contains_key(number), "{number} of {partition} lost");
        }
        let in_doubt = writer.in_doubt.get(&partition);
        for number in &log {
            let told = writer.acknowledged[&partition].contains(number)
                || in_doubt.is_some_and(|numbers| numbers.contains(number));
            assert!(told, "{number} of {partition} was said not to be written");
        }
    }
}

/// Kills the leader of a new topic while batches wait for a follower that stands still; gives whether
/// that was quick enough for the follower not to be taken for dead, and a batch for stored.
fn kill_in_the_middle(kafka: &Kafka, topic: &str) -> bool {
    let mut client = client(kafka);
    // Replicas are on brokers 1, 2 and 3, and preferred in this order.
    crate::create(&mut client, topic);
    until(|| (in_sync(&mut client, topic) == 3).then_some(()));
    let mut writer = LaneWriter::new(kafka, topic);
    writer.push(topic, 0, LONG);
    writer.run(|writer| writer.done() == 1);
    assert_eq!(writer.acknowledged_by[&0], 1);
    let before = bytes_at(&mut client, topic, 2);

    // Without the third, nothing is acknowledged, whatever the second has. The broker takes the
    // next request of a connection when it has answered the one before.
    kafka.pause(3);
    for _ in 0..3 {
        writer.push(topic, 0, LONG);
    }
    until(|| {
        writer.step();
        (bytes_at(&mut client, topic, 2) >= 2 * before).then_some(())
    });
    kafka.kill(1);
    kafka.resume(3);
    writer.run(|writer| writer.done() == 4);
    let is_quick = writer.acknowledged(0) == 1;
    if is_quick {
        assert_eq!(writer.in_doubt[&0], [1, 2, 3]);
        writer.push(topic, 0, LONG);
        writer.run(|writer| writer.acknowledged(0) == 2);
        assert_eq!(log(&mut client, topic, 0), [0, 1, 4]);
    }
    kafka.restart(1).unwrap();
    is_quick
}

#[test]
fn batches_on_their_way_when_the_leader_dies_are_in_doubt_and_there_once_or_not_at_all() {
    require!();
    let kafka = cluster();
    let mut topics = (0..).map(|n| format!("produce-lanes-doubt-{n}"));
    until(|| kill_in_the_middle(&kafka, &topics.next().unwrap()).then_some(()));
}
