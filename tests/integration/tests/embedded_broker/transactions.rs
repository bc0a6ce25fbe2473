//! Transactions, request by request.

use std::time::Duration;

use libkafka_batch::{Builder, Control, Producer, RecordSet};
use libkafka_protocol::messages::add_partitions_to_txn::{
    AddPartitionsToTxnTopic, AddPartitionsToTxnTransaction,
};
use libkafka_protocol::messages::fetch::{FetchPartition, FetchTopic, PartitionData};
use libkafka_protocol::messages::offset_fetch::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopics,
};
use libkafka_protocol::messages::txn_offset_commit::{
    TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic,
};
use libkafka_protocol::messages::write_txn_markers::{WritableTxnMarker, WritableTxnMarkerTopic};
use libkafka_protocol::messages::{
    AddOffsetsToTxnRequest, AddPartitionsToTxnRequest, DescribeTransactionsRequest, EndTxnRequest,
    FetchRequest, FindCoordinatorRequest, InitProducerIdRequest, InitProducerIdResponse,
    ListTransactionsRequest, OffsetFetchRequest, TxnOffsetCommitRequest, WriteTxnMarkersRequest,
};
use libkafka_protocol::{ErrorCode, Response};
use libkafka_testbroker::Broker;

use crate::cluster::{Cluster, produce_request, until};
use crate::on_both;
use crate::wire::Wire;

/// A transactional producer, one request at a time.
struct Transactor {
    wire: Wire,
    id: &'static str,
    producer: (i64, i16),
    sequence: i32,
}

/// Real Kafka takes a moment, for a coordinator that is new and for markers that are on their way.
fn is_patient(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::COORDINATOR_LOAD_IN_PROGRESS
            | ErrorCode::COORDINATOR_NOT_AVAILABLE
            | ErrorCode::NOT_COORDINATOR
            | ErrorCode::CONCURRENT_TRANSACTIONS
    )
}

impl Transactor {
    fn new(cluster: &Cluster, id: &'static str) -> Self {
        let mut wire = cluster.wire();
        coordinator(&mut wire, 1, id);
        let mut transactor = Self {
            wire,
            id,
            producer: (-1, -1),
            sequence: 0,
        };
        let response = transactor.init(5, (-1, -1));
        assert_eq!(response.error_code, ErrorCode::NONE);
        transactor.producer = (response.producer_id, response.producer_epoch);
        transactor
    }

    fn init(&mut self, version: i16, expected: (i64, i16)) -> InitProducerIdResponse {
        let request = InitProducerIdRequest {
            transactional_id: Some(self.id.into()),
            transaction_timeout_ms: 60_000,
            producer_id: expected.0,
            producer_epoch: expected.1,
            ..Default::default()
        };
        self.until_patient(|wire| {
            let response = wire.call(version, &request);
            (response.error_code, response)
        })
    }

    fn until_patient<T>(&mut self, mut call: impl FnMut(&mut Wire) -> (ErrorCode, T)) -> T {
        until(|| {
            let (code, response) = call(&mut self.wire);
            (!is_patient(code)).then_some(response)
        })
    }

    fn add(&mut self, version: i16, topic: &str, partitions: &[i32]) -> Vec<ErrorCode> {
        let topics = vec![AddPartitionsToTxnTopic {
            name: topic.into(),
            partitions: partitions.to_vec(),
            ..Default::default()
        }];
        let request = AddPartitionsToTxnRequest {
            v3_and_below_transactional_id: self.id.into(),
            v3_and_below_producer_id: self.producer.0,
            v3_and_below_producer_epoch: self.producer.1,
            v3_and_below_topics: topics,
            ..Default::default()
        };
        self.until_patient(|wire| {
            let response = wire.call(version, &request);
            let results = response.results_by_topic_v3_and_below[0]
                .results_by_partition
                .iter();
            let codes: Vec<_> = results.map(|p| p.partition_error_code).collect();
            (codes[0], codes)
        })
    }

    fn verify(&mut self, version: i16, verify_only: bool, topic: &str) -> ErrorCode {
        let request = AddPartitionsToTxnRequest {
            transactions: vec![AddPartitionsToTxnTransaction {
                transactional_id: self.id.into(),
                producer_id: self.producer.0,
                producer_epoch: self.producer.1,
                verify_only,
                topics: vec![AddPartitionsToTxnTopic {
                    name: topic.into(),
                    partitions: vec![0],
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        };
        self.until_patient(|wire| {
            let response = wire.call(version, &request);
            let results = &response.results_by_transaction[0].topic_results[0];
            let code = results.results_by_partition[0].partition_error_code;
            (code, code)
        })
    }

    fn produce(&mut self, version: i16, topic: &str, value: &str) -> ErrorCode {
        let mut builder = Builder::new();
        builder.producer = Some(Producer {
            id: self.producer.0,
            epoch: self.producer.1,
            base_sequence: self.sequence,
            transactional: true,
        });
        builder.add((), value).unwrap();
        let records = builder.build_bytes().unwrap();
        let mut request = produce_request(topic, -1, Some(records));
        request.transactional_id = Some(self.id.into());
        let code = self.until_patient(|wire| {
            let response = wire.call(version, &request);
            let code = response.responses[0].partition_responses[0].error_code;
            (code, code)
        });
        self.sequence += i32::from(code.is_ok());
        code
    }

    /// Ends the transaction; takes over a new epoch.
    fn end(&mut self, version: i16, committed: bool) -> ErrorCode {
        let (id, (producer_id, producer_epoch)) = (self.id, self.producer);
        let request = EndTxnRequest {
            transactional_id: id.into(),
            producer_id,
            producer_epoch,
            committed,
            ..Default::default()
        };
        let response = self.until_patient(|wire| {
            let response = wire.call(version, &request);
            (response.error_code, response)
        });
        if version >= 5 && response.error_code.is_ok() {
            self.producer = (response.producer_id, response.producer_epoch);
            self.sequence = 0;
        }
        response.error_code
    }

    /// Waits until the markers are there: the last stable offset reaches `offset`.
    fn settle(&mut self, topic: &str, offset: i64) -> PartitionData {
        let wire = &mut self.wire;
        until(|| {
            let data = fetch(wire, topic, 0);
            (data.last_stable_offset == offset).then_some(data)
        })
    }
}

/// What a reader of committed records gets of partition 0.
fn fetch(wire: &mut Wire, topic: &str, offset: i64) -> PartitionData {
    let request = FetchRequest {
        isolation_level: 1,
        topics: vec![FetchTopic {
            topic: topic.into(),
            partitions: vec![FetchPartition {
                fetch_offset: offset,
                partition_max_bytes: 1 << 20,
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let response = wire.call(12, &request);
    let data = response.responses[0].partitions[0].clone();
    assert_eq!(data.error_code, ErrorCode::NONE);
    data
}

/// Each record: its offset, and its value or what the marker says, with the producer epoch.
fn contents(data: &PartitionData) -> Vec<(i64, String, i16)> {
    let mut contents = Vec::new();
    for batch in RecordSet::new(data.records.as_ref().unwrap()) {
        let batch = batch.unwrap();
        for record in &batch.records().unwrap() {
            let record = record.unwrap();
            let text = if batch.header.attributes.is_control() {
                match Control::parse(&record).unwrap() {
                    Control::Commit { .. } => "commit".into(),
                    Control::Abort { .. } => "abort".into(),
                    other => format!("{other:?}"),
                }
            } else {
                String::from_utf8(record.value.unwrap().to_vec()).unwrap()
            };
            contents.push((record.offset, text, batch.header.producer_epoch));
        }
    }
    contents
}

fn aborted(data: &PartitionData) -> Vec<(i64, i64)> {
    let aborted = data.aborted_transactions.iter().flatten();
    aborted.map(|a| (a.producer_id, a.first_offset)).collect()
}

fn entry(offset: i64, text: &str, epoch: i16) -> (i64, String, i16) {
    (offset, text.into(), epoch)
}

fn commit_offset(
    transactor: &mut Transactor,
    version: i16,
    group: &str,
    topic: &str,
    offset: i64,
) -> ErrorCode {
    let request = TxnOffsetCommitRequest {
        transactional_id: transactor.id.into(),
        group_id: group.into(),
        producer_id: transactor.producer.0,
        producer_epoch: transactor.producer.1,
        topics: vec![TxnOffsetCommitRequestTopic {
            name: topic.into(),
            partitions: vec![TxnOffsetCommitRequestPartition {
                committed_offset: offset,
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    transactor.until_patient(|wire| {
        let response = wire.call(version, &request);
        let code = response.topics[0].partitions[0].error_code;
        (code, code)
    })
}

fn add_offsets(transactor: &mut Transactor, group: &str) -> ErrorCode {
    let request = AddOffsetsToTxnRequest {
        transactional_id: transactor.id.into(),
        producer_id: transactor.producer.0,
        producer_epoch: transactor.producer.1,
        group_id: group.into(),
        ..Default::default()
    };
    transactor.until_patient(|wire| {
        let code = wire.call(3, &request).error_code;
        (code, code)
    })
}

/// The committed offset of partition 0, and the error.
fn fetch_offset(
    wire: &mut Wire,
    group: &str,
    topic: &str,
    require_stable: bool,
) -> (i64, ErrorCode) {
    let request = OffsetFetchRequest {
        groups: vec![OffsetFetchRequestGroup {
            group_id: group.into(),
            topics: Some(vec![OffsetFetchRequestTopics {
                name: topic.into(),
                partition_indexes: vec![0],
                ..Default::default()
            }]),
            ..Default::default()
        }],
        require_stable,
        ..Default::default()
    };
    let response = wire.call(8, &request);
    let partition = &response.groups[0].topics[0].partitions[0];
    (partition.committed_offset, partition.error_code)
}

/// The state, the epoch and the topics with their partitions.
fn describe(wire: &mut Wire, id: &str) -> (ErrorCode, String, i16, Vec<(String, Vec<i32>)>) {
    let request = DescribeTransactionsRequest {
        transactional_ids: vec![id.into()],
        ..Default::default()
    };
    let state = wire.call(0, &request).transaction_states.remove(0);
    let topics = state.topics.into_iter().map(|t| (t.topic, t.partitions));
    (
        state.error_code,
        state.transaction_state,
        state.producer_epoch,
        topics.collect(),
    )
}

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
        let mut builder = Builder::new();
        builder.producer = Some(Producer { id, epoch, base_sequence: 0, transactional: true });
        builder.add((), "x").unwrap();
        let anonymous = produce_request(topic, -1, Some(builder.build_bytes().unwrap()));
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

    fn offsets_are_committed_with_their_transaction(cluster) {
        let topic = "offsets-in-transactions";
        cluster.topic(topic, 1, &[]);
        let mut one = Transactor::new(cluster, topic);
        let group = "transacted";
        coordinator(&mut one.wire, 0, group);
        assert_eq!(commit_offset(&mut one, 3, group, topic, 5), ErrorCode::INVALID_TXN_STATE);
        assert_eq!(commit_offset(&mut one, 4, group, topic, 5), ErrorCode::TRANSACTION_ABORTABLE);
        assert_eq!(add_offsets(&mut one, group), ErrorCode::NONE);
        assert_eq!(commit_offset(&mut one, 3, group, topic, 5), ErrorCode::NONE);
        assert_eq!(fetch_offset(&mut one.wire, group, topic, false), (-1, ErrorCode::NONE));
        assert_eq!(fetch_offset(&mut one.wire, group, topic, true), (-1, ErrorCode::UNSTABLE_OFFSET_COMMIT));
        assert_eq!(one.end(4, true), ErrorCode::NONE);
        until(|| (fetch_offset(&mut one.wire, group, topic, true) == (5, ErrorCode::NONE)).then_some(()));

        // By KIP-890 the group joins by the commit.
        assert_eq!(commit_offset(&mut one, 5, group, topic, 9), ErrorCode::NONE);
        assert_eq!(fetch_offset(&mut one.wire, group, topic, false), (5, ErrorCode::NONE));
        assert_eq!(one.end(5, false), ErrorCode::NONE);
        until(|| (fetch_offset(&mut one.wire, group, topic, true) == (5, ErrorCode::NONE)).then_some(()));
        assert_eq!(commit_offset(&mut one, 5, group, "no-such-topic", 9), ErrorCode::UNKNOWN_TOPIC_OR_PARTITION);
        assert_eq!(commit_offset(&mut one, 5, "", topic, 9), ErrorCode::INVALID_GROUP_ID);
        one.producer.1 -= 1;
        assert_eq!(commit_offset(&mut one, 5, group, topic, 9), ErrorCode::INVALID_PRODUCER_EPOCH);
    }

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
        assert_eq!(describe(&mut one.wire, "nobody").0, ErrorCode::TRANSACTIONAL_ID_NOT_FOUND);
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
}

/// Waits until there is a coordinator: real Kafka takes a moment to make one.
fn coordinator(wire: &mut Wire, key_type: i8, key: &str) {
    let request = FindCoordinatorRequest {
        key_type,
        coordinator_keys: vec![key.into()],
        ..Default::default()
    };
    until(|| wire.call(4, &request).first_error().is_none().then_some(()));
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
