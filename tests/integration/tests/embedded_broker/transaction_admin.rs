//! Transactions as coordinators, leaders and admins see them.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::describe_producers::{ProducerState, TopicRequest};
use libkafka_protocol::messages::write_txn_markers::{WritableTxnMarker, WritableTxnMarkerTopic};
use libkafka_protocol::messages::{
    DescribeProducersRequest, ListTransactionsRequest, WriteTxnMarkersRequest,
};

use crate::cluster::produce;
use crate::on_both;
use crate::transactor::{Transactor, contents, describe, entry};
use crate::wire::Wire;
use libkafka_integration::{batch, until};

/// What the leader of a partition tells of its producers.
struct DescribedProducers {
    error: (ErrorCode, Option<String>),
    /// Without the time, which is each broker's own.
    producers: Vec<ProducerState>,
}

impl DescribedProducers {
    fn of(wire: &mut Wire, topic: &str, partition: i32) -> Self {
        let request = DescribeProducersRequest {
            topics: vec![TopicRequest {
                name: topic.into(),
                partition_indexes: vec![partition],
                ..Default::default()
            }],
            ..Default::default()
        };
        let mut topics = wire.call(0, &request).topics;
        assert_eq!(topics[0].name, topic);
        let mut found = topics[0].partitions.remove(0);
        assert_eq!(found.partition_index, partition);
        for producer in &mut found.active_producers {
            assert!(producer.last_timestamp > 0, "{producer:?}");
            producer.last_timestamp = -1;
        }
        Self {
            error: (found.error_code, found.error_message),
            producers: found.active_producers,
        }
    }
}

/// The producers of partition 0 of a topic, which can be described.
fn producers(wire: &mut Wire, topic: &str) -> Vec<ProducerState> {
    let described = DescribedProducers::of(wire, topic, 0);
    assert_eq!(described.error, (ErrorCode::NONE, None));
    described.producers
}

on_both! {
    fn brokers_add_and_verify_partitions_of_many_transactions(cluster) {
        let topic = "verified";
        cluster.topic(topic, 1, &[]);
        let mut one = Transactor::new(cluster, topic);
        assert_eq!(one.verify(4, true, topic), ErrorCode::TRANSACTION_ABORTABLE);
        assert_eq!(one.verify(5, false, topic), ErrorCode::NONE);
        assert_eq!(one.verify(4, true, topic), ErrorCode::NONE);
        assert_eq!(one.verify(4, true, "no-such-topic"), ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
        one.producer.1 += 1;
        assert_eq!(one.verify(4, true, topic), ErrorCode::PRODUCER_FENCED);
        one.id = "nobody-s";
        assert_eq!(one.verify(4, true, topic), ErrorCode::INVALID_PRODUCER_ID_MAPPING);
    }

    fn transactions_are_described_and_listed(cluster) {
        let topic = "listed";
        cluster.topic(topic, 2, &[]);
        let mut one = Transactor::new(cluster, topic);
        assert_eq!(describe(&mut one.wire, topic), (ErrorCode::NONE, "Empty".into(), 0, vec![]));
        // Each of the partitions that they are kept in may still be loaded: the names go to all of them.
        for name in (0..30).map(|n| format!("nobody-{n}")) {
            let is_loaded = |code| code == ErrorCode::TRANSACTIONAL_ID_NOT_FOUND;
            until(|| is_loaded(describe(&mut one.wire, &name).0).then_some(()));
        }
        assert_eq!(describe(&mut one.wire, "").0, ErrorCode::INVALID_REQUEST);
        one.add(3, topic, &[1, 0]);
        let list = |wire: &mut Wire, state: &str, pattern: Option<&str>, duration| {
            let response = wire.call(2, &ListTransactionsRequest {
                state_filters: vec![state.into()],
                transactional_id_pattern: pattern.map(str::to_owned),
                duration_filter: duration,
                ..Default::default()
            });
            let ids = response.transaction_states.into_iter();
            let ids: Vec<_> = ids.filter(|s| s.transactional_id == "listed").map(|s| s.transaction_state).collect();
            (response.error_code, response.unknown_state_filters, ids)
        };
        let found = || vec!["Ongoing".to_owned()];
        let wire = &mut one.wire;
        assert_eq!(list(wire, "Ongoing", None, -1), (ErrorCode::NONE, vec![], found()));
        assert_eq!(list(wire, "Empty", None, -1), (ErrorCode::NONE, vec![], vec![]));
        assert_eq!(list(wire, "Nonsense", None, -1), (ErrorCode::NONE, vec!["Nonsense".into()], vec![]));
        assert_eq!(list(wire, "Ongoing", Some("l.st"), -1), (ErrorCode::NONE, vec![], vec![]));
        assert_eq!(list(wire, "Ongoing", Some("l.st.*"), -1), (ErrorCode::NONE, vec![], found()));
        assert_eq!(list(wire, "Ongoing", Some("("), -1).0, ErrorCode::INVALID_REGULAR_EXPRESSION);
        assert_eq!(list(wire, "Ongoing", None, 3_600_000), (ErrorCode::NONE, vec![], vec![]));
    }

    fn a_marker_that_a_coordinator_sends_ends_a_transaction(cluster) {
        let topic = "markers";
        cluster.topic(topic, 1, &[]);
        let mut one = Transactor::new(cluster, topic);
        one.add(3, topic, &[0]);
        assert_eq!(one.produce(11, topic, "a"), ErrorCode::NONE);
        let mut mark = |producer_epoch, partition, version| {
            let request = WriteTxnMarkersRequest {
                markers: vec![WritableTxnMarker {
                    producer_id: one.producer.0,
                    producer_epoch,
                    transaction_result: true,
                    topics: vec![WritableTxnMarkerTopic {
                        name: topic.into(),
                        partition_indexes: vec![partition],
                        ..Default::default()
                    }],
                    transaction_version: version,
                    ..Default::default()
                }],
                ..Default::default()
            };
            let response = one.wire.call(2, &request);
            response.markers[0].topics[0].partitions[0].error_code
        };
        assert_eq!(mark(0, 1, 0), ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
        assert_eq!(mark(0, 0, 2), ErrorCode::INVALID_PRODUCER_EPOCH);
        assert_eq!(mark(0, 0, 0), ErrorCode::NONE);
        let data = one.settle(topic, 2);
        assert_eq!(contents(&data), [entry(0, "a", 0), entry(1, "commit", 0)]);
    }

    fn the_producers_of_a_partition_are_described(cluster) {
        let topic = "active-producers";
        cluster.topic(topic, 1, &[]);
        let mut wire = cluster.wire();
        assert_eq!(producers(&mut wire, topic), []);
        // A plain batch has no producer.
        assert_eq!(produce(&mut wire, topic, batch(&["plain"])).error_code, ErrorCode::NONE);
        assert_eq!(producers(&mut wire, topic), []);
        let mut one = Transactor::new(cluster, topic);
        let (id, _) = one.producer;
        assert_eq!(one.produce(12, topic, "a"), ErrorCode::NONE);
        assert_eq!(one.produce(12, topic, "b"), ErrorCode::NONE);
        let writing = ProducerState {
            producer_id: id,
            producer_epoch: 0,
            last_sequence: 1,
            coordinator_epoch: -1,
            current_txn_start_offset: 1,
            ..Default::default()
        };
        assert_eq!(producers(&mut wire, topic), [writing]);
        assert_eq!(one.end(5, true), ErrorCode::NONE);
        one.settle(topic, 4);
        // Its next batch is the first of the new epoch.
        let done = ProducerState {
            producer_id: id,
            producer_epoch: 1,
            ..Default::default()
        };
        assert_eq!(producers(&mut wire, topic), [done]);
        let error = |topic, partition| DescribedProducers::of(&mut cluster.wire(), topic, partition).error;
        let unknown = ErrorCode::UNKNOWN_TOPIC_OR_PARTITION;
        assert_eq!(error(topic, 1), (unknown, None));
        let (code, why) = error("nowhere", 0);
        assert_eq!((code, why.is_some()), (unknown, true));
        let (code, why) = error("no good", 0);
        assert_eq!(code, ErrorCode::INVALID_TOPIC_EXCEPTION);
        assert!(why.unwrap().starts_with("Topic name is invalid: 'no good' contains"));
    }
}
