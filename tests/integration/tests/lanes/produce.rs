//! `ProduceLane`, and everything that can go wrong with one request for several partitions.

use libkafka_client::protocol::messages::ProduceRequest;
use libkafka_client::protocol::{ApiKey, ErrorCode};
use libkafka_client::{Acks, Error};
use libkafka_testbroker::Fault;

use super::*;

fn broker() -> Broker {
    Broker::builder().topic("t", 6).start().unwrap()
}

fn lane(client: &Client, broker: &Broker) -> ProduceLane {
    lane_with(client, broker, ProduceLaneOptions::new())
}

fn lane_with(client: &Client, broker: &Broker, options: ProduceLaneOptions) -> ProduceLane {
    client.produce_lane(broker.ids()[0], options).unwrap()
}

/// What each partition has in its log.
fn logs(client: &mut Client, partitions: i32) -> Vec<Vec<String>> {
    let values = |partition| values(&mut client.fetcher("t", partition).unwrap());
    (0..partitions).map(values).collect()
}

fn code(outcome: &LaneOutcome) -> Option<ErrorCode> {
    outcome.result.as_ref().err().and_then(|error| error.code())
}

#[test]
fn batches_of_many_partitions_leave_in_one_request_and_each_has_its_outcome() {
    let broker = broker();
    let mut client = client(&broker);
    let mut lane = lane(&client, &broker);
    for partition in 0..6 {
        lane.push(batch(partition, &format!("p{partition}")));
    }
    let outcomes = outcomes(&mut lane, 6);
    assert_eq!(broker.requests(ApiKey::PRODUCE), 1);
    for (partition, outcome) in outcomes.iter().enumerate() {
        assert_eq!(outcome.batch.partition.partition, partition as i32);
        assert_eq!(outcome.result.as_ref().unwrap().base_offset, Some(0));
        assert!(!outcome.possibly_written);
        assert_eq!(outcome.exchange.as_ref().unwrap().api_key, ApiKey::PRODUCE);
    }
    assert!(lane.is_idle());
    assert_eq!(
        logs(&mut client, 6),
        [0, 1, 2, 3, 4, 5].map(|p| vec![format!("p{p}")])
    );
}

#[test]
fn batches_of_a_partition_keep_their_order_over_requests_in_flight() {
    let broker = broker();
    let mut client = client(&broker);
    let mut lane = lane(&client, &broker);
    let expected: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    for value in &expected {
        lane.push(batch(0, value));
        lane.push(batch(1, value));
    }
    for outcome in outcomes(&mut lane, 80) {
        outcome.result.unwrap();
    }
    assert_eq!(logs(&mut client, 2), [expected.clone(), expected]);
}

#[test]
fn a_request_takes_no_more_bytes_than_it_may() {
    let broker = broker();
    let client = client(&broker);
    let size = batch(0, "value").bytes.len();
    let options = ProduceLaneOptions::new().max_request_bytes(2 * size);
    let mut lane = lane_with(&client, &broker, options);
    for partition in 0..6 {
        lane.push(batch(partition, "value"));
    }
    outcomes(&mut lane, 6);
    assert_eq!(broker.requests(ApiKey::PRODUCE), 3);
}

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
    super::outcomes(&mut lane, 1)[0].result.as_ref().unwrap();
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
        super::outcomes(&mut lane, 1)[0].result.as_ref().unwrap();
        assert_eq!(logs(&mut client, 3), [vec!["a"], vec!["a", "b"], vec!["a"]]);
    }
}

#[test]
fn a_response_cut_at_any_byte_leaves_all_its_batches_in_doubt_and_the_lane_works_again() {
    let broker = broker();
    let mut client = client(&broker);
    let whole = {
        let mut lane = lane(&client, &broker);
        for partition in 0..3 {
            lane.push(batch(partition, "whole"));
        }
        let outcomes = outcomes(&mut lane, 3);
        outcomes[0].exchange.as_ref().unwrap().response_bytes
    };
    let mut expected = vec!["whole".to_owned()];
    for at in 0..whole {
        let mut lane = lane(&client, &broker);
        let fault = broker.inject(Fault::on(ApiKey::PRODUCE).times(1).cut(at));
        for partition in 0..3 {
            lane.push(batch(partition, &at.to_string()));
        }
        for outcome in outcomes(&mut lane, 3) {
            let error = outcome.result.unwrap_err();
            assert!(
                matches!(*error, Error::Closed { .. }),
                "cut at {at}: {error:?}"
            );
            assert!(outcome.possibly_written, "cut at {at}");
        }
        assert_eq!(fault.hits(), 1);
        // The broker had taken them: nothing is sent twice.
        expected.push(at.to_string());
        lane.push(batch(3, "again"));
        outcomes(&mut lane, 1)[0].result.as_ref().unwrap();
    }
    assert_eq!(
        logs(&mut client, 3),
        [expected.clone(), expected.clone(), expected]
    );
}

#[test]
fn bytes_that_nobody_asked_for_end_the_connection_and_nothing_is_sent_twice() {
    for garbage in [false, true] {
        let broker = broker();
        let mut client = client(&broker);
        let mut lane = lane(&client, &broker);
        let fault = Fault::on(ApiKey::PRODUCE).times(1);
        let fault = broker.inject(match garbage {
            true => fault.garbage(),
            false => fault.wrong_correlation_id(),
        });
        for partition in 0..3 {
            lane.push(batch(partition, "a"));
        }
        for outcome in outcomes(&mut lane, 3) {
            assert!(outcome.result.is_err());
            assert!(outcome.possibly_written);
        }
        assert_eq!(fault.hits(), 1);
        lane.push(batch(0, "b"));
        outcomes(&mut lane, 1)[0].result.as_ref().unwrap();
        assert_eq!(logs(&mut client, 2), [vec!["a", "b"], vec!["a"]]);
    }
}

#[test]
fn a_batch_whose_deadline_passes_is_given_up_alone_and_in_doubt_only_if_it_was_sent() {
    let broker = broker();
    let mut client = client(&broker);
    let options = ProduceLaneOptions::new().max_in_flight(1);
    let mut lane = lane_with(&client, &broker, options);
    let fault = broker.inject(Fault::on(ApiKey::PRODUCE).times(1).pause());
    let short = Duration::from_millis(300);
    lane.push(batch_by(0, "sent", short));
    lane.advance().unwrap();
    let until = Instant::now() + LONG;
    while fault.hits() == 0 {
        assert!(Instant::now() < until);
        lane.advance().unwrap();
        wait(&[&lane], Deadline::after(Duration::from_millis(10))).unwrap();
    }
    lane.push(batch_by(1, "not sent", short / 2));
    lane.push(batch(2, "patient"));
    let outcomes = outcomes(&mut lane, 2);
    fault.release();
    for outcome in &outcomes {
        let error = outcome.result.as_ref().unwrap_err();
        assert!(matches!(**error, Error::Timeout { .. }), "{error:?}");
        let sent = outcome.batch.partition.partition == 0;
        assert_eq!(outcome.possibly_written, sent);
    }
    super::outcomes(&mut lane, 1)[0].result.as_ref().unwrap();
    assert_eq!(
        logs(&mut client, 3)[1..],
        [vec![], vec!["patient".to_owned()]]
    );
}

#[test]
fn one_broker_that_stands_still_does_not_hold_up_another() {
    let broker = Broker::builder().nodes(2).topic("t", 2).start().unwrap();
    let client = client(&broker);
    let of = |partition| broker.leader("t", partition).unwrap();
    let mut slow = client
        .produce_lane(of(0), ProduceLaneOptions::new())
        .unwrap();
    let mut quick = client
        .produce_lane(of(1), ProduceLaneOptions::new())
        .unwrap();
    let fault = broker.inject(Fault::on(ApiKey::PRODUCE).node(of(0)).pause());
    slow.push(batch(0, "a"));
    let until = Instant::now() + LONG;
    let mut stored = 0;
    while stored < 20 || fault.hits() == 0 {
        assert!(Instant::now() < until, "{stored} stored");
        if quick.is_idle() {
            quick.push(batch(1, "b"));
        }
        slow.advance().unwrap();
        quick.advance().unwrap();
        while let Some(outcome) = quick.next_outcome() {
            outcome.result.unwrap();
            stored += 1;
        }
        assert!(slow.next_outcome().is_none());
        if !quick.is_idle() {
            wait(&[&slow, &quick], Deadline::after(LONG)).unwrap();
        }
    }
    fault.release();
    outcomes(&mut slow, 1)[0].result.as_ref().unwrap();
}

#[test]
fn without_acknowledgement_a_batch_is_done_once_it_is_sent() {
    let broker = broker();
    let mut client = client(&broker);
    let mut lane = lane_with(&client, &broker, ProduceLaneOptions::new().acks(Acks::None));
    for partition in 0..3 {
        lane.push(batch(partition, "a"));
    }
    for outcome in outcomes(&mut lane, 3) {
        assert_eq!(outcome.result.unwrap().base_offset, None);
    }
    // Answers on the same connection come after it, and there is none but for these.
    let until = Instant::now() + LONG;
    while logs(&mut client, 3) != [["a"], ["a"], ["a"]] {
        assert!(Instant::now() < until);
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

#[test]
fn what_has_not_been_sent_can_be_taken_back() {
    let broker = broker();
    let client = client(&broker);
    let mut lane = lane(&client, &broker);
    lane.push(batch(0, "a"));
    lane.push(batch(1, "b"));
    let taken = lane.take_partition(&TopicPartition::new("t", 0));
    assert_eq!(taken.len(), 1);
    assert_eq!(
        (lane.waiting(), lane.waiting_bytes()),
        (1, taken[0].bytes.len())
    );
    outcomes(&mut lane, 1);
    assert_eq!(broker.offsets("t", 0), 0..0);
}
