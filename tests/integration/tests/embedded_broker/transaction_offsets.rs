//! Offsets that are committed with a transaction.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::offset_fetch::{
    OffsetFetchRequestGroup, OffsetFetchRequestTopics,
};
use libkafka_protocol::messages::txn_offset_commit::{
    TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic,
};
use libkafka_protocol::messages::{
    AddOffsetsToTxnRequest, OffsetFetchRequest, TxnOffsetCommitRequest,
};

use crate::on_both;
use crate::transactor::{Transactor, coordinator};
use crate::wire::Wire;
use libkafka_integration::until;

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

on_both! {
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
}
