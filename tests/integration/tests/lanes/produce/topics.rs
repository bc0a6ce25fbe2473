//! Versions of Produce, and topics by name and by id.

use libkafka_client::protocol::Uuid;
use libkafka_client::{NewTopic, RetryMethod, Topology};
use libkafka_testbroker::KAFKA_2_8;

use super::*;

/// The first version of Produce that names topics by id.
const BY_ID: i16 = 13;

fn id(topology: &Topology) -> Uuid {
    topology.topic("t").unwrap().topic_id.unwrap()
}

fn batch_of(partition: i32, value: &str, topic_id: Uuid) -> LaneBatch {
    LaneBatch {
        topic_id: Some(topic_id),
        ..batch(partition, value)
    }
}

/// Deletes the topic and creates it again.
fn replace(client: &mut Client) {
    client.delete_topic("t").unwrap();
    client
        .create_topic(NewTopic::new("t").partitions(6))
        .unwrap();
}

#[test]
fn every_version_of_produce_carries_a_lane() {
    let broker = broker();
    let mut expected = Vec::new();
    for version in 3..=BY_ID {
        let config = config(&broker).max_version(ApiKey::PRODUCE, version);
        let mut client = Client::new(config).unwrap();
        let topic_id = id(&client.topology(["t"]).unwrap());
        let mut lane = lane(&client, &broker);
        // With one partition refused, so that errors are read in each version as well.
        let refused = ErrorCode::NOT_LEADER_OR_FOLLOWER;
        let fault = Fault::on(ApiKey::PRODUCE).topic("t").partition(2).times(1);
        let fault = broker.inject(fault.error(refused));
        for partition in 0..3 {
            lane.push(batch_of(partition, &version.to_string(), topic_id));
        }
        let outcomes = outcomes(&mut lane, 3);
        assert_eq!(fault.hits(), 1, "v{version}");
        for outcome in &outcomes[..2] {
            let produced = outcome.result.as_ref().unwrap();
            assert_eq!(produced.base_offset, Some(expected.len() as i64));
            assert_eq!(outcome.exchange.as_ref().unwrap().version, version);
        }
        assert_eq!(code(&outcomes[2]), Some(refused), "v{version}");
        expected.push(version.to_string());
        assert_eq!(
            logs(&mut client, 3),
            [expected.clone(), expected.clone(), vec![]]
        );
    }
}

#[test]
fn a_batch_whose_topic_id_is_not_known_goes_by_name_and_takes_the_others_with_it() {
    let broker = broker();
    let mut client = client(&broker);
    let topic_id = id(&client.topology(["t"]).unwrap());
    let mut lane = lane(&client, &broker);
    lane.push(batch_of(0, "a", topic_id));
    lane.push(batch(1, "a"));
    for outcome in outcomes(&mut lane, 2) {
        outcome.result.unwrap();
        assert_eq!(outcome.exchange.unwrap().version, BY_ID - 1);
    }
    lane.push(batch_of(0, "b", topic_id));
    let outcome = outcomes(&mut lane, 1).remove(0);
    assert_eq!(outcome.exchange.unwrap().version, BY_ID);
    assert_eq!(logs(&mut client, 2), [vec!["a", "b"], vec!["a"]]);
}

#[test]
fn a_lane_speaks_what_an_older_broker_speaks() {
    let builder = Broker::builder().topic("t", 6).max_versions(KAFKA_2_8);
    let broker = builder.start().unwrap();
    let mut client = client(&broker);
    let topic_id = client.topology(["t"]).unwrap().topic("t").unwrap().topic_id;
    let mut lane = lane(&client, &broker);
    for partition in 0..3 {
        lane.push(LaneBatch {
            topic_id,
            ..batch(partition, "a")
        });
    }
    for outcome in outcomes(&mut lane, 3) {
        outcome.result.unwrap();
        assert_eq!(outcome.exchange.unwrap().version, 9);
    }
    assert_eq!(logs(&mut client, 3), [["a"], ["a"], ["a"]]);
}

#[test]
fn nothing_goes_to_a_topic_that_was_created_again_until_the_caller_knows_its_id() {
    let builder = Broker::builder().topic("t", 6).topic("other", 1);
    let broker = builder.start().unwrap();
    let mut client = client(&broker);
    let mut topology = client.topology(["t", "other"]).unwrap();
    let old = id(&topology);
    let other = LaneBatch {
        partition: TopicPartition::new("other", 0),
        topic_id: topology.topic("other").unwrap().topic_id,
        ..batch(0, "o")
    };
    let mut lane = lane(&client, &broker);
    lane.push(batch_of(0, "before", old));
    outcomes(&mut lane, 1).remove(0).result.unwrap();

    // One request is on its way in the middle, and one leaves afterwards.
    let pause = broker.inject(Fault::on(ApiKey::PRODUCE).times(1).pause());
    lane.push(batch_of(0, "on its way", old));
    lane.push(batch_of(1, "on its way", old));
    lane.push(other.clone());
    let until = Deadline::after(LONG);
    while pause.hits() == 0 {
        assert!(!until.is_past());
        lane.advance().unwrap();
        wait(&[&lane], Deadline::after(Duration::from_millis(10))).unwrap();
    }
    replace(&mut client);
    lane.push(batch_of(0, "afterwards", old));
    lane.push(other);
    pause.release();
    let outcomes = outcomes(&mut lane, 5);
    for outcome in &outcomes {
        if *outcome.batch.partition.topic == *"other" {
            outcome.result.as_ref().unwrap();
            continue;
        }
        let error = outcome.result.as_ref().unwrap_err();
        assert_eq!(error.code(), Some(ErrorCode::UNKNOWN_TOPIC_ID));
        assert_eq!(error.retry_method(), RetryMethod::Refresh);
        assert!(!outcome.possibly_written);
    }
    for partition in 0..6 {
        assert_eq!(broker.offsets("t", partition), 0..0);
    }

    let changes = client.update_topology(&mut topology).unwrap();
    assert_eq!(changes.replaced.len(), 1);
    assert_eq!(changes.replaced[0].old_id, old);
    let new = id(&topology);
    assert_eq!(changes.replaced[0].new_id, new);
    for outcome in outcomes {
        if *outcome.batch.partition.topic == *"t" {
            lane.push(LaneBatch {
                topic_id: Some(new),
                ..outcome.batch
            });
        }
    }
    for outcome in crate::outcomes(&mut lane, 3) {
        outcome.result.unwrap();
    }
    assert_eq!(
        logs(&mut client, 2),
        [vec!["on its way", "afterwards"], vec!["on its way"]]
    );
    assert_eq!(broker.offsets("other", 0), 0..2);
}
