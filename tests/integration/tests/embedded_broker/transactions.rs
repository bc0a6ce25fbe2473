//! Transactions, request by request.

use std::time::Duration;

use libkafka_batch::{Builder, ProducerInfo};
use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::InitProducerIdRequest;
use libkafka_testbroker::Broker;

use crate::cluster::{Cluster, produce_request};
use crate::on_both;
use crate::transactor::{Transactor, aborted, contents, describe, entry, fetch};
use libkafka_integration::until;

on_both! {
    fn a_transactional_id_has_one_producer_at_a_time(cluster) {
        let mut one = Transactor::new(cluster, "ids");
        let (id, epoch) = one.producer;
        assert_eq!(epoch, 0);
        let again = one.init(5, (-1, -1));
        assert_eq!((again.producer_id, again.producer_epoch), (id, 1));
        // One that says who it was goes on, and may say so twice.
        for _ in 0..2 {
            let bumped = one.init(5, (id, 1));
            assert_eq!((bumped.error_code, bumped.producer_id, bumped.producer_epoch), (ErrorCode::NONE, id, 2));
        }
        for (version, code) in [(5, ErrorCode::PRODUCER_FENCED), (3, ErrorCode::INVALID_PRODUCER_EPOCH)] {
            let fenced = one.init(version, (id, 0));
            assert_eq!((fenced.error_code, fenced.producer_id, fenced.producer_epoch), (code, -1, -1));
        }
        assert_eq!(one.init(5, (id + 1000, 2)).error_code, ErrorCode::PRODUCER_FENCED);
        assert_eq!(one.init(5, (id, -1)).error_code, ErrorCode::INVALID_REQUEST);
        let ask = |id: &str, timeout| InitProducerIdRequest {
            transactional_id: Some(id.into()),
            transaction_timeout_ms: timeout,
            ..Default::default()
        };
        for (id, timeout, code) in [
            ("", 1000, ErrorCode::INVALID_REQUEST),
            ("x", 0, ErrorCode::INVALID_TRANSACTION_TIMEOUT),
            ("x", 900_001, ErrorCode::INVALID_TRANSACTION_TIMEOUT),
        ] {
            assert_eq!(one.wire.call(5, &ask(id, timeout)).error_code, code);
        }
    }

    fn a_reader_of_committed_records_waits_for_the_end_and_learns_of_aborts(cluster) {
        cluster.topic("classic-transactions", 1, &[]);
        let topic = "classic-transactions";
        let mut one = Transactor::new(cluster, topic);
        let (id, _) = one.producer;
        assert_eq!(one.add(3, topic, &[0]), [ErrorCode::NONE]);
        assert_eq!(one.produce(11, topic, "a"), ErrorCode::NONE);
        assert_eq!(one.produce(11, topic, "b"), ErrorCode::NONE);
        let open = fetch(&mut one.wire, topic, 0);
        assert_eq!((open.last_stable_offset, open.high_watermark), (0, 2));
        assert_eq!((contents(&open), aborted(&open)), (vec![], vec![]));
        assert_eq!(one.end(4, true), ErrorCode::NONE);
        one.settle(topic, 3);

        assert_eq!(one.add(3, topic, &[0]), [ErrorCode::NONE]);
        assert_eq!(one.produce(11, topic, "c"), ErrorCode::NONE);
        assert_eq!(one.end(4, false), ErrorCode::NONE);
        let data = one.settle(topic, 5);
        let expected = [entry(0, "a", 0), entry(1, "b", 0), entry(2, "commit", 0), entry(3, "c", 0), entry(4, "abort", 0)];
        assert_eq!(contents(&data), expected);
        assert_eq!(aborted(&data), [(id, 3)]);
        // Said again, it is as it is; the opposite is refused.
        assert_eq!(one.end(4, false), ErrorCode::NONE);
        assert_eq!(one.end(4, true), ErrorCode::INVALID_TXN_STATE);
    }

    fn a_transaction_by_kip_890_joins_by_writing_and_gets_a_new_epoch_at_its_end(cluster) {
        let topic = "new-transactions";
        cluster.topic(topic, 1, &[]);
        let mut one = Transactor::new(cluster, topic);
        let (id, _) = one.producer;
        assert_eq!(one.produce(12, topic, "a"), ErrorCode::NONE);
        assert_eq!(one.produce(12, topic, "b"), ErrorCode::NONE);
        assert_eq!(describe(&mut one.wire, topic), (ErrorCode::NONE, "Ongoing".into(), 0, vec![(topic.into(), vec![0])]));
        assert_eq!(one.end(5, false), ErrorCode::NONE);
        assert_eq!(one.producer, (id, 1));
        one.settle(topic, 3);
        // The end of the epoch before, said again.
        one.producer.1 = 0;
        assert_eq!(one.end(5, false), ErrorCode::NONE);
        assert_eq!(one.producer, (id, 1));
        one.producer.1 = 0;
        assert_eq!(one.end(5, true), ErrorCode::INVALID_TXN_STATE);
        assert_eq!(one.produce(12, topic, "late"), ErrorCode::INVALID_PRODUCER_EPOCH);
        one.producer.1 = 1;
        assert_eq!(one.produce(12, topic, "c"), ErrorCode::NONE);
        assert_eq!(one.end(5, true), ErrorCode::NONE);
        assert_eq!(one.producer, (id, 2));
        let data = one.settle(topic, 5);
        let expected = [entry(0, "a", 0), entry(1, "b", 0), entry(2, "abort", 1), entry(3, "c", 1), entry(4, "commit", 2)];
        assert_eq!(contents(&data), expected);
        assert_eq!(aborted(&data), [(id, 0)]);
        // Nothing to commit is an error, nothing to abort a new epoch.
        assert_eq!(one.end(5, true), ErrorCode::INVALID_TXN_STATE);
        assert_eq!(one.end(5, false), ErrorCode::NONE);
        assert_eq!(one.producer, (id, 3));
        // Real Kafka gets there by way of PrepareAbort.
        let complete = (ErrorCode::NONE, "CompleteAbort".into(), 3, vec![]);
        until(|| (describe(&mut one.wire, topic) == complete).then_some(()));
    }

    fn a_write_that_is_in_no_transaction_is_refused(cluster) {
        let topic = "outside";
        cluster.topic(topic, 1, &[]);
        let mut one = Transactor::new(cluster, topic);
        assert_eq!(one.produce(9, topic, "x"), ErrorCode::INVALID_TXN_STATE);
        assert_eq!(one.produce(11, topic, "x"), ErrorCode::TRANSACTION_ABORTABLE);
        assert_eq!(one.end(4, true), ErrorCode::INVALID_TXN_STATE);
        let (id, epoch) = one.producer;
        one.producer = (id, epoch + 1);
        assert_eq!(one.produce(12, topic, "x"), ErrorCode::INVALID_PRODUCER_EPOCH);
        assert_eq!(one.add(3, topic, &[0]), [ErrorCode::PRODUCER_FENCED]);
        assert_eq!(one.add(1, topic, &[0]), [ErrorCode::INVALID_PRODUCER_EPOCH]);
        assert_eq!(one.end(4, true), ErrorCode::PRODUCER_FENCED);
        one.producer = (id + 1000, epoch);
        assert_eq!(one.produce(12, topic, "x"), ErrorCode::INVALID_PRODUCER_ID_MAPPING);
        assert_eq!(one.add(3, topic, &[0]), [ErrorCode::INVALID_PRODUCER_ID_MAPPING]);
        one.producer = (id, epoch);
        let some_missing = [ErrorCode::OPERATION_NOT_ATTEMPTED, ErrorCode::UNKNOWN_TOPIC_OR_PARTITION];
        assert_eq!(one.add(3, topic, &[0, 1]), some_missing);
        let mut producer = ProducerInfo { id, epoch, base_sequence: Some(0), transactional: true };
        let mut builder = Builder::new();
        builder.add((), "x").unwrap();
        let batch = builder.build_numbered(&mut producer).unwrap();
        let anonymous = produce_request(topic, -1, Some(batch));
        let response = one.wire.call(12, &anonymous);
        let code = response.responses[0].partition_responses[0].error_code;
        assert_eq!(code, ErrorCode::TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        assert_eq!(fetch(&mut one.wire, topic, 0).high_watermark, 0);
    }

    fn a_new_producer_aborts_what_the_old_one_left_open(cluster) {
        for (topic, version, end) in [("fence-old", 11, 4), ("fence-new", 12, 5)] {
            cluster.topic(topic, 1, &[]);
            let mut old = Transactor::new(cluster, topic);
            if version == 11 {
                old.add(3, topic, &[0]);
            }
            assert_eq!(old.produce(version, topic, "left"), ErrorCode::NONE);
            let request = InitProducerIdRequest {
                transactional_id: Some(topic.into()),
                transaction_timeout_ms: 1000,
                ..Default::default()
            };
            let first = old.wire.call(5, &request);
            assert_eq!(first.error_code, ErrorCode::CONCURRENT_TRANSACTIONS);
            let data = old.settle(topic, 2);
            assert_eq!(contents(&data), [entry(0, "left", 0), entry(1, "abort", 1)], "{topic}");
            let new = old.init(5, (-1, -1));
            assert_eq!((new.producer_id, new.producer_epoch), (old.producer.0, 2), "{topic}");
            assert_eq!(old.produce(version, topic, "late"), ErrorCode::INVALID_PRODUCER_EPOCH, "{topic}");
            assert_eq!(old.end(end, true), ErrorCode::PRODUCER_FENCED);
        }
    }
}

#[test]
fn a_transaction_that_is_open_for_too_long_is_aborted_by_the_broker_s_clock() {
    let cluster = Cluster::Embedded(Broker::builder().topic("late", 1).start().unwrap());
    let Cluster::Embedded(broker) = &cluster else {
        unreachable!()
    };
    broker.freeze_clock();
    let mut one = Transactor::new(&cluster, "late");
    one.add(3, "late", &[0]);
    assert_eq!(one.produce(11, "late", "a"), ErrorCode::NONE);
    broker.advance_clock(Duration::from_millis(59_999));
    assert_eq!(one.produce(11, "late", "b"), ErrorCode::NONE);
    broker.advance_clock(Duration::from_millis(1));
    let data = one.settle("late", 3);
    let expected = [entry(0, "a", 0), entry(1, "b", 0), entry(2, "abort", 1)];
    assert_eq!(contents(&data), expected);
    assert_eq!(one.end(4, true), ErrorCode::PRODUCER_FENCED);
    assert_eq!(
        one.produce(12, "late", "c"),
        ErrorCode::INVALID_PRODUCER_EPOCH
    );
}

#[test]
fn a_marker_that_is_cut_off_opens_its_transaction_again() {
    let cluster = Cluster::Embedded(Broker::builder().topic("cut", 1).start().unwrap());
    let Cluster::Embedded(broker) = &cluster else {
        unreachable!()
    };
    let mut one = Transactor::new(&cluster, "cut");
    for (value, end) in [("a", 2), ("b", 4)] {
        assert_eq!(one.produce(12, "cut", value), ErrorCode::NONE);
        assert_eq!(one.end(5, false), ErrorCode::NONE);
        one.settle("cut", end);
    }
    broker.hold_high_watermark("cut", 0, 3);
    // The second transaction has ended, but not for all replicas.
    assert_eq!(fetch(&mut one.wire, "cut", 0).last_stable_offset, 2);
    broker.release_high_watermark("cut", 0);
    broker.truncate("cut", 0, 3);
    let data = fetch(&mut one.wire, "cut", 0);
    assert_eq!((data.last_stable_offset, data.high_watermark), (2, 3));
    assert_eq!(aborted(&data), [(one.producer.0, 0)]);
    broker.truncate("cut", 0, 1);
    let data = fetch(&mut one.wire, "cut", 0);
    assert_eq!((data.last_stable_offset, data.high_watermark), (0, 1));
}
