//! A transactional producer and what a reader sees of it, request by request.

use libkafka_batch::{Builder, Control, ProducerInfo, RecordSet};
use libkafka_protocol::messages::add_partitions_to_txn::{
    AddPartitionsToTxnTopic, AddPartitionsToTxnTransaction,
};
use libkafka_protocol::messages::fetch::{FetchPartition, FetchTopic, PartitionData};
use libkafka_protocol::messages::{
    AddPartitionsToTxnRequest, DescribeTransactionsRequest, EndTxnRequest, FetchRequest,
    FindCoordinatorRequest, InitProducerIdRequest, InitProducerIdResponse,
};
use libkafka_protocol::{ErrorCode, Response};

use crate::cluster::{Cluster, produce_request};
use crate::wire::Wire;
use libkafka_integration::until;

/// A transactional producer, one request at a time.
pub(crate) struct Transactor {
    pub(crate) wire: Wire,
    pub(crate) id: &'static str,
    pub(crate) producer: (i64, i16),
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
    pub(crate) fn new(cluster: &Cluster, id: &'static str) -> Self {
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

    pub(crate) fn init(&mut self, version: i16, expected: (i64, i16)) -> InitProducerIdResponse {
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

    pub(crate) fn until_patient<T>(
        &mut self,
        mut call: impl FnMut(&mut Wire) -> (ErrorCode, T),
    ) -> T {
        until(|| {
            let (code, response) = call(&mut self.wire);
            (!is_patient(code)).then_some(response)
        })
    }

    pub(crate) fn add(&mut self, version: i16, topic: &str, partitions: &[i32]) -> Vec<ErrorCode> {
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

    pub(crate) fn verify(&mut self, version: i16, verify_only: bool, topic: &str) -> ErrorCode {
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

    pub(crate) fn produce(&mut self, version: i16, topic: &str, value: &str) -> ErrorCode {
        let mut producer = ProducerInfo {
            id: self.producer.0,
            epoch: self.producer.1,
            base_sequence: Some(self.sequence),
            transactional: true,
        };
        let mut builder = Builder::new();
        builder.add((), value).unwrap();
        let records = builder.build_numbered(&mut producer).unwrap();
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
    pub(crate) fn end(&mut self, version: i16, committed: bool) -> ErrorCode {
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
    pub(crate) fn settle(&mut self, topic: &str, offset: i64) -> PartitionData {
        let wire = &mut self.wire;
        until(|| {
            let data = fetch(wire, topic, 0);
            (data.last_stable_offset == offset).then_some(data)
        })
    }
}

/// What a reader of committed records gets of partition 0.
pub(crate) fn fetch(wire: &mut Wire, topic: &str, offset: i64) -> PartitionData {
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
pub(crate) fn contents(data: &PartitionData) -> Vec<(i64, String, i16)> {
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

pub(crate) fn aborted(data: &PartitionData) -> Vec<(i64, i64)> {
    let aborted = data.aborted_transactions.iter().flatten();
    aborted.map(|a| (a.producer_id, a.first_offset)).collect()
}

pub(crate) fn entry(offset: i64, text: &str, epoch: i16) -> (i64, String, i16) {
    (offset, text.into(), epoch)
}

/// The state, the epoch and the topics with their partitions.
pub(crate) fn describe(
    wire: &mut Wire,
    id: &str,
) -> (ErrorCode, String, i16, Vec<(String, Vec<i32>)>) {
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

/// Waits until there is a coordinator: real Kafka takes a moment to make one.
pub(crate) fn coordinator(wire: &mut Wire, key_type: i8, key: &str) {
    let request = FindCoordinatorRequest {
        key_type,
        coordinator_keys: vec![key.into()],
        ..Default::default()
    };
    until(|| wire.call(4, &request).first_error().is_none().then_some(()));
}
