//! What brokers answer.

use super::*;

#[test]
fn a_refused_partition_leaves_the_others_alone() {
    let broker = broker();
    let mut client = client(&broker);
    let mut lane = lane(&client, &broker);
    let refused = ErrorCode::NOT_LEADER_OR_FOLLOWER;
    let fault = broker.inject(
        Fault::on(ApiKey::PRODUCE)
            .topic("t")
            .partition(1)
            .times(1)
            .error(refused),
    );
    for partition in 0..3 {
        lane.push(batch(partition, "a"));
    }
    let outcomes = outcomes(&mut lane, 3);
    assert_eq!(fault.hits(), 1);
    let codes: Vec<_> = outcomes.iter().map(code).collect();
    assert_eq!(codes, [None, Some(refused), None]);
    assert!(!outcomes[1].possibly_written);
    lane.push(outcomes[1].batch.clone());
    crate::outcomes(&mut lane, 1)[0].result.as_ref().unwrap();
    assert_eq!(logs(&mut client, 3), [["a"], ["a"], ["a"]]);
}

#[test]
fn a_partition_that_kept_others_waiting_travels_alone_until_it_is_well() {
    let broker = broker();
    let client = client(&broker);
    let mut lane = lane(&client, &broker);
    let fault = broker.inject(
        Fault::on(ApiKey::PRODUCE)
            .topic("t")
            .partition(1)
            .times(2)
            .error(ErrorCode::NOT_ENOUGH_REPLICAS),
    );
    for partition in 0..3 {
        lane.push(batch(partition, "a"));
    }
    outcomes(&mut lane, 3);
    let alone: Vec<_> = lane.in_trouble().cloned().collect();
    assert_eq!(alone, [TopicPartition::new("t", 1)]);
    // With the others, in a request of its own, refused once more; and then again, stored.
    for requests in [3, 5] {
        for partition in 0..3 {
            lane.push(batch(partition, "b"));
        }
        outcomes(&mut lane, 3);
        assert_eq!(broker.requests(ApiKey::PRODUCE), requests);
    }
    assert_eq!(fault.hits(), 2);
    assert_eq!(lane.in_trouble().count(), 0);
    for partition in 0..3 {
        lane.push(batch(partition, "c"));
    }
    outcomes(&mut lane, 3);
    assert_eq!(broker.requests(ApiKey::PRODUCE), 6);
}

#[test]
fn an_answer_about_another_topic_or_partition_or_none_leaves_a_batch_in_doubt() {
    type Change = fn(&mut libkafka_client::protocol::messages::ProduceResponse);
    let changes: [(&str, Change); 4] = [
        ("another partition", |r| {
            r.responses[0].partition_responses[1].index = 77
        }),
        ("none", |r| {
            drop(r.responses[0].partition_responses.remove(1))
        }),
        ("the first twice", |r| {
            r.responses[0].partition_responses[1].index = 0
        }),
        ("another topic", |r| {
            let mut other = r.responses[0].clone();
            let moved = r.responses[0].partition_responses.remove(1);
            other.partition_responses = vec![moved];
            other.name = "other".to_owned();
            other.topic_id = libkafka_client::protocol::Uuid::from(77_u128);
            r.responses.push(other);
        }),
    ];
    for (what, change) in changes {
        let broker = broker();
        let mut client = client(&broker);
        let mut lane = lane(&client, &broker);
        let fault = Fault::on(ApiKey::PRODUCE).times(1);
        let fault = broker.inject(fault.alter::<ProduceRequest>(move |_, r| change(r)));
        for partition in 0..3 {
            lane.push(batch(partition, "a"));
        }
        let outcomes = outcomes(&mut lane, 3);
        assert_eq!(fault.hits(), 1);
        for outcome in &outcomes {
            let in_doubt = outcome.batch.partition.partition == 1;
            assert_eq!(outcome.result.is_err(), in_doubt, "{what}: {outcome:?}");
            assert_eq!(outcome.possibly_written, in_doubt, "{what}");
        }
        lane.push(batch(1, "b"));
        crate::outcomes(&mut lane, 1)[0].result.as_ref().unwrap();
        assert_eq!(logs(&mut client, 3), [vec!["a"], vec!["a", "b"], vec!["a"]]);
    }
}

#[test]
fn a_moved_partition_is_refused_with_the_leader_that_has_it_now() {
    let broker = Broker::builder().nodes(2).topic("t", 2).start().unwrap();
    let client = client(&broker);
    let (old, new) = (
        broker.leader("t", 0).unwrap(),
        broker.leader("t", 1).unwrap(),
    );
    let mut lane = client.produce_lane(old, ProduceLaneOptions::new()).unwrap();
    broker.move_leader("t", 0, new);
    lane.push(batch(0, "a"));
    let outcome = outcomes(&mut lane, 1).remove(0);
    assert_eq!(code(&outcome), Some(ErrorCode::NOT_LEADER_OR_FOLLOWER));
    let leader = outcome.leader.unwrap();
    assert_eq!(leader.leader_id, new);
    assert_eq!(leader.leader_epoch, broker.leader_epoch("t", 0));
    assert_eq!(leader.broker.unwrap().id, Some(new));
    let mut lane = client.produce_lane(new, ProduceLaneOptions::new()).unwrap();
    lane.push(outcome.batch);
    outcomes(&mut lane, 1)[0].result.as_ref().unwrap();
}
