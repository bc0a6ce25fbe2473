//! What goes together in a request, and what leaves when.

use super::*;

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
fn a_batch_whose_deadline_passes_is_given_up_alone_and_in_doubt_only_if_it_was_sent() {
    let broker = broker();
    let mut client = client(&broker);
    let options = ProduceLaneOptions::new().max_in_flight(1);
    let mut lane = lane_with(&client, &broker, options);
    // The lane is connected, so that the first is sent in its time.
    lane.push(batch(3, "before"));
    outcomes(&mut lane, 1)[0].result.as_ref().unwrap();
    let fault = broker.inject(Fault::on(ApiKey::PRODUCE).times(1).pause());
    let short = Duration::from_secs(2);
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
    crate::outcomes(&mut lane, 1)[0].result.as_ref().unwrap();
    // What is in doubt was stored here, and by the same connection.
    let one = |value: &str| vec![value.to_owned()];
    assert_eq!(logs(&mut client, 3), [one("sent"), vec![], one("patient")]);
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
