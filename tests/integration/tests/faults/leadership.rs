//! Leaders and coordinators move.

use std::time::Duration;

use bytes::Bytes;
use libkafka_client::protocol::messages::ProduceRequest;
use libkafka_client::protocol::{ApiKey, ErrorCode};
use libkafka_client::{
    Acks, Client, Deadline, Error, FetchPosition, NewTopic, OffsetSpec, PartitionProducer,
    ProducerOptions, RetryMethod, RetryPolicy, Retryable,
};
use libkafka_testbroker::{Broker, Fault};

use crate::{LONG, batch, broker, client, config, values};

fn three_nodes() -> Broker {
    Broker::builder().nodes(3).topic("t", 1).start().unwrap()
}

/// A node that does not lead.
fn other(broker: &Broker) -> i32 {
    let leader = broker.leader("t", 0).unwrap();
    (1..=3).find(|node| *node != leader).unwrap()
}

#[test]
fn the_response_itself_names_the_new_leader_and_no_metadata_is_needed() {
    let broker = three_nodes();
    let mut client = client(&broker);
    let mut producer = client.producer("t", 0).unwrap();
    let mut fetcher = client.fetcher("t", 0).unwrap();
    producer.produce(batch(&["a"])).unwrap();
    fetcher.fetch().unwrap();
    let node = other(&broker);
    broker.move_leader("t", 0, node);

    let metadata = broker.inject(Fault::on(ApiKey::METADATA).observe());
    let error = producer.produce(batch(&["b"])).unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::NOT_LEADER_OR_FOLLOWER));
    assert_eq!(error.retry_method(), RetryMethod::Refresh);
    assert!(!error.possibly_written());
    assert_eq!(producer.refresh().unwrap().id, node);
    producer.produce(batch(&["b"])).unwrap();

    let error = fetcher.fetch().unwrap_err();
    assert_eq!(error.retry_method(), RetryMethod::Refresh, "{error:?}");
    assert_eq!(fetcher.refresh().unwrap().id, node);
    assert_eq!(values(&mut fetcher), ["a", "b"]);
    assert_eq!(metadata.remove(), 0);
}

#[test]
fn a_producer_that_wants_no_answers_notices_that_the_leader_moved_and_finds_the_new_one() {
    let broker = three_nodes();
    let mut client = client(&broker);
    let options = ProducerOptions::new().acks(Acks::None);
    let mut producer = client.producer_with("t", 0, options).unwrap();
    producer.produce(batch(&["a"])).unwrap();
    let node = other(&broker);
    broker.move_leader("t", 0, node);
    let error = until_refused(&mut producer);
    assert!(matches!(error, Error::Closed { .. }), "{error:?}");
    assert_eq!(error.retry_method(), RetryMethod::Refresh);
    assert!(error.possibly_written(), "of the batches before");

    let policy = RetryPolicy::for_idempotent_calls();
    let produce = |producer: &mut PartitionProducer| producer.produce(batch(&["b"]));
    policy.run(LONG, &mut producer, produce).unwrap();
    assert_eq!(producer.refresh().unwrap().id, node);
    policy.run(LONG, &mut producer, produce).unwrap();
    let mut fetcher = client.fetcher("t", 0).unwrap();
    let deadline = Deadline::after(LONG);
    while !values(&mut fetcher).contains(&"b".to_owned()) {
        assert!(!deadline.is_past());
    }
}

/// Produces until that fails.
fn until_refused(producer: &mut PartitionProducer) -> Error {
    let deadline = Deadline::after(LONG);
    loop {
        if let Err(error) = producer.produce(batch(&["lost"])) {
            return error;
        }
        assert!(
            !deadline.is_past(),
            "batches are refused and nobody says so"
        );
    }
}

#[test]
fn a_retrying_producer_that_wants_no_answers_goes_on_with_the_new_leader() {
    let broker = three_nodes();
    let mut client = client(&broker);
    let options = ProducerOptions::new().acks(Acks::None);
    let mut producer = client.producer_with("t", 0, options).unwrap();
    let policy = RetryPolicy::for_idempotent_calls();
    for _ in 0..2 {
        let node = other(&broker);
        broker.move_leader("t", 0, node);
        let end = broker.offsets("t", 0).end;
        let deadline = Deadline::after(LONG);
        while broker.offsets("t", 0).end < end + 3 {
            let produce = |producer: &mut PartitionProducer| producer.produce(batch(&["a"]));
            policy.run(LONG, &mut producer, produce).unwrap();
            assert!(!deadline.is_past(), "nothing is stored");
        }
        assert_eq!(producer.leader().id, node);
    }
}

#[test]
fn whether_a_batch_may_be_in_the_log_is_told_by_the_code_and_by_an_offset() {
    let broker = broker();
    let mut producer = client(&broker).producer("t", 0).unwrap();
    for (code, appended, in_doubt) in [
        // From a leader that was deposed while it waited for others, and from any other broker.
        (ErrorCode::NOT_LEADER_OR_FOLLOWER, true, true),
        (ErrorCode::NOT_LEADER_OR_FOLLOWER, false, false),
        (ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, true, true),
        (ErrorCode::UNKNOWN_TOPIC_OR_PARTITION, false, false),
        (ErrorCode::KAFKA_STORAGE_ERROR, false, true),
        (ErrorCode::NOT_ENOUGH_REPLICAS_AFTER_APPEND, false, true),
        (ErrorCode::REQUEST_TIMED_OUT, false, true),
        (ErrorCode::NOT_ENOUGH_REPLICAS, false, false),
        (ErrorCode::MESSAGE_TOO_LARGE, false, false),
    ] {
        let fault = Fault::on(ApiKey::PRODUCE).times(1);
        let fault = broker.inject(fault.alter::<ProduceRequest>(move |_, response| {
            let answer = &mut response.responses[0].partition_responses[0];
            answer.error_code = code;
            if !appended {
                answer.base_offset = -1;
            }
        }));
        let error = producer.produce(batch(&["a"])).unwrap_err();
        assert_eq!(error.code(), Some(code));
        assert_eq!(error.possibly_written(), in_doubt, "{code}, {appended}");
        drop(fault);
    }
}

#[test]
fn where_the_response_names_nobody_metadata_is_asked() {
    let broker = three_nodes();
    let config = config(&broker).max_version(ApiKey::PRODUCE, 9);
    let mut client = Client::new(config).unwrap();
    let mut producer = client.producer("t", 0).unwrap();
    producer.produce(batch(&["a"])).unwrap();
    let node = other(&broker);
    broker.move_leader("t", 0, node);
    let error = producer.produce(batch(&["b"])).unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::NOT_LEADER_OR_FOLLOWER));
    let metadata = broker.inject(Fault::on(ApiKey::METADATA).observe());
    assert_eq!(producer.refresh().unwrap().id, node);
    assert_eq!(metadata.hits(), 1);
    producer.produce(batch(&["b"])).unwrap();
}

#[test]
fn a_partition_without_a_leader_is_an_error_to_refresh_after() {
    let broker = three_nodes();
    let mut client = client(&broker);
    broker.remove_leader("t", 0);
    let error = client.leader("t", 0).unwrap_err();
    assert!(matches!(error, Error::NoLeader { .. }), "{error:?}");
    assert_eq!(error.retry_method(), RetryMethod::Refresh);
    broker.move_leader("t", 0, 1);
    assert_eq!(client.leader("t", 0).unwrap().id, 1);
}

#[test]
fn a_leader_that_is_gone_is_replaced_by_a_refresh() {
    let broker = three_nodes();
    let mut client = client(&broker);
    let mut producer = client.producer("t", 0).unwrap();
    producer.produce(batch(&["a"])).unwrap();
    let (leader, node) = (broker.leader("t", 0).unwrap(), other(&broker));
    broker.stop_node(leader);
    broker.move_leader("t", 0, node);
    let error = producer.produce(batch(&["b"])).unwrap_err();
    assert_eq!(error.retry_method(), RetryMethod::Refresh, "{error:?}");
    producer.refresh().unwrap();
    producer.produce(batch(&["b"])).unwrap();
    assert_eq!(producer.last_exchange().unwrap().broker.id, Some(node));
}

#[test]
fn the_retry_helper_refreshes_and_tries_again_until_it_works() {
    let broker = three_nodes();
    let mut client = client(&broker);
    let mut producer = client.producer("t", 0).unwrap();
    producer.produce(batch(&["a"])).unwrap();
    broker.move_leader("t", 0, other(&broker));
    let fault = broker.inject(
        Fault::on(ApiKey::PRODUCE)
            .skip(1)
            .times(2)
            .error(ErrorCode::NOT_ENOUGH_REPLICAS),
    );
    let policy = RetryPolicy::default();
    let again = batch(&["b"]);
    policy
        .run(LONG, &mut producer, |p| p.produce(again.clone()))
        .unwrap();
    assert_eq!(fault.hits(), 2);
    assert_eq!(values(&mut client.fetcher("t", 0).unwrap()), ["a", "b"]);
}

#[test]
fn the_retry_helper_gives_up_at_once_where_it_must_and_in_time_where_it_cannot() {
    let broker = three_nodes();
    let mut client = client(&broker);
    let mut producer = client.producer("t", 0).unwrap();
    let policy = RetryPolicy::default();
    let long = Duration::from_secs(60);
    // For good.
    let fault = broker.inject(Fault::on(ApiKey::PRODUCE).error(ErrorCode::MESSAGE_TOO_LARGE));
    policy
        .run(long, &mut producer, |p| p.produce(batch(&["a"])))
        .unwrap_err();
    assert_eq!(fault.remove(), 1);
    // Perhaps it is there already, and this producer is not idempotent.
    let fault = broker.inject(Fault::on(ApiKey::PRODUCE).cut(0));
    policy
        .run(long, &mut producer, |p| p.produce(batch(&["a"])))
        .unwrap_err();
    assert_eq!(fault.remove(), 1);
    // Again and again, until the time is over.
    let time = Duration::from_millis(1000);
    let fault = broker.inject(Fault::on(ApiKey::PRODUCE).error(ErrorCode::NOT_ENOUGH_REPLICAS));
    let error = crate::fails_within(time, || {
        policy.run(time, &mut producer, |p| p.produce(batch(&["a"])))
    });
    assert_eq!(error.code(), Some(ErrorCode::NOT_ENOUGH_REPLICAS));
    assert!(fault.remove() > 1);
}

#[test]
fn a_coordinator_that_moves_is_found_again() {
    let broker = three_nodes();
    broker.set_coordinator("g", 1);
    let client = client(&broker);
    let mut group = client.group("g");
    let joined = group.join(&[("range", Bytes::new())]).unwrap();
    group.sync(&[(&joined.member_id, Bytes::new())]).unwrap();
    broker.set_coordinator("g", 2);
    let error = group.heartbeat().unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::NOT_COORDINATOR));
    assert_eq!(error.retry_method(), RetryMethod::Refresh);
    group.refresh().unwrap();
    group.heartbeat().unwrap();
}

#[test]
fn a_log_that_lost_what_was_read_shows_as_diverged() {
    let broker = three_nodes();
    let mut client = client(&broker);
    let mut producer = client.producer("t", 0).unwrap();
    for value in ["a", "b", "c"] {
        producer.produce(batch(&[value])).unwrap();
    }
    let mut fetcher = client.fetcher("t", 0).unwrap();
    let epoch = fetcher.leader().epoch.unwrap();
    assert_eq!(values(&mut fetcher), ["a", "b", "c"]);
    fetcher.seek(FetchPosition::new(3).last_fetched_epoch(epoch));
    // The new leader never had the last two records, and has others in their place.
    broker.truncate("t", 0, 1);
    broker.move_leader("t", 0, other(&broker));
    producer.refresh().unwrap();
    let mut producer = client.producer("t", 0).unwrap();
    for value in ["d", "e", "f"] {
        producer.produce(batch(&[value])).unwrap();
    }
    let error = fetcher.fetch().unwrap_err();
    assert_eq!(error.retry_method(), RetryMethod::Refresh, "{error:?}");
    fetcher.refresh().unwrap();
    let error = fetcher.fetch().unwrap_err();
    assert!(
        matches!(error, Error::Diverged { epoch: e, end_offset: 1, .. } if e == epoch),
        "{error:?}"
    );
    let end = fetcher.end_of_epoch(epoch).unwrap();
    assert_eq!((end.leader_epoch, end.end_offset), (Some(epoch), Some(1)));
    fetcher.seek(FetchPosition::new(1).last_fetched_epoch(epoch));
    assert_eq!(values(&mut fetcher), ["d", "e", "f"]);
}

#[test]
fn a_fetcher_with_an_older_epoch_than_the_leaders_is_fenced_until_it_knows_better() {
    let broker = broker();
    let mut client = client(&broker);
    client
        .producer("t", 0)
        .unwrap()
        .produce(batch(&["a"]))
        .unwrap();
    let mut fetcher = client.fetcher("t", 0).unwrap();
    // The same node, in a new epoch.
    broker.move_leader("t", 0, 1);
    for error in [
        fetcher.fetch().unwrap_err(),
        fetcher.seek_to(OffsetSpec::Latest).unwrap_err(),
        fetcher.end_of_epoch(0).unwrap_err(),
    ] {
        assert_eq!(error.code(), Some(ErrorCode::FENCED_LEADER_EPOCH));
        assert_eq!(error.retry_method(), RetryMethod::Refresh);
    }
    let leader = fetcher.refresh().unwrap();
    assert_eq!(leader.epoch, Some(broker.leader_epoch("t", 0)));
    assert_eq!(values(&mut fetcher), ["a"]);
}

#[test]
fn a_topic_that_was_created_anew_is_another_topic_until_a_refresh() {
    let broker = broker();
    let mut client = client(&broker);
    let mut producer = client.producer("t", 0).unwrap();
    let mut fetcher = client.fetcher("t", 0).unwrap();
    producer.produce(batch(&["old"])).unwrap();
    client.delete_topic("t").unwrap();
    client.create_topic(NewTopic::new("t")).unwrap();
    let errors = [
        producer.produce(batch(&["lost"])).unwrap_err(),
        fetcher.fetch().unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.code(), Some(ErrorCode::UNKNOWN_TOPIC_ID));
        assert_eq!(error.retry_method(), RetryMethod::Refresh);
        assert!(!error.possibly_written());
    }
    let old = fetcher.leader().topic_id;
    assert_ne!(producer.refresh().unwrap().topic_id, old);
    assert_ne!(fetcher.refresh().unwrap().topic_id, old);
    producer.produce(batch(&["new"])).unwrap();
    assert_eq!(values(&mut fetcher), ["new"]);
}

#[test]
fn a_controller_that_is_one_no_more_is_looked_up_anew() {
    let broker = broker();
    let mut client = client(&broker);
    client.create_topic(NewTopic::new("a")).unwrap();
    let fault = Fault::on(ApiKey::CREATE_TOPICS).times(1);
    let fault = broker.inject(fault.error(ErrorCode::NOT_CONTROLLER));
    let error = client.create_topic(NewTopic::new("b")).unwrap_err();
    assert_eq!(error.code(), Some(ErrorCode::NOT_CONTROLLER));
    assert_eq!(error.retry_method(), RetryMethod::Refresh);
    drop(fault);
    let metadata = broker.inject(Fault::on(ApiKey::METADATA).observe());
    client.create_topic(NewTopic::new("b")).unwrap();
    assert_eq!(metadata.hits(), 1);
}

#[test]
fn groups_are_listed_from_all_the_brokers_that_coordinate_them() {
    let broker = three_nodes();
    let mut client = client(&broker);
    for node in 1..=3 {
        let id = format!("of {node}");
        broker.set_coordinator(&id, node);
        let mut group = client.group(&id);
        group.join(&[("range", Bytes::new())]).unwrap();
    }
    let mut listed: Vec<_> = client.list_groups().unwrap();
    listed.sort_by(|a, b| a.group_id.cmp(&b.group_id));
    let ids: Vec<_> = listed.iter().map(|group| &group.group_id[..]).collect();
    assert_eq!(ids, ["of 1", "of 2", "of 3"]);
}
