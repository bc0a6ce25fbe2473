//! Offsets for which a transaction has others pending.

use libkafka_client::protocol::messages::txn_offset_commit::{
    TxnOffsetCommitRequestPartition, TxnOffsetCommitRequestTopic,
};
use libkafka_client::protocol::messages::{
    AddOffsetsToTxnRequest, EndTxnRequest, InitProducerIdRequest, TxnOffsetCommitRequest,
};
use libkafka_client::protocol::{ApiKey, ErrorCode};
use libkafka_client::{
    Client, Commit, Config, Offsets, OffsetsOptions, RetryMethod, Target, TopicPartition,
};

use libkafka_integration::{patiently, until};

use crate::on_both;
use crate::topics::create;
use crate::transactions::until_done;

const TOPIC: &str = "stable-offsets";

fn committed(offsets: &mut Offsets) -> Option<i64> {
    let partitions = [TopicPartition::new(TOPIC, 0)];
    let committed = offsets.fetch(&partitions).unwrap().into_result().unwrap();
    committed[0].1.as_ref().map(|committed| committed.offset)
}

on_both! {
    fn an_offset_that_a_transaction_may_replace_is_refused_only_where_it_has_to_be_stable(cluster) {
        // Later versions have topics by id, and change the producer's epoch.
        let config = Config::new(cluster.bootstrap())
            .max_version(ApiKey::TXN_OFFSET_COMMIT, 4)
            .max_version(ApiKey::END_TXN, 4);
        let mut client = Client::new(config).unwrap();
        create(&mut client, TOPIC, 1, &[]);
        let mut offsets = client.offsets(TOPIC);
        let mut stable = client.offsets_with(TOPIC, OffsetsOptions::new().require_stable(true));
        let before = Commit { topic: TOPIC, partition: 0, offset: 3, ..Default::default() };
        patiently(&mut offsets, |offsets| offsets.commit(&[before])?.into_result());

        let to = Target::TransactionCoordinator(TOPIC);
        let init = InitProducerIdRequest {
            transactional_id: Some(TOPIC.into()),
            transaction_timeout_ms: 10_000,
            ..Default::default()
        };
        let who = until_done(&mut client, |client| client.call_to(to, &init));
        let add = AddOffsetsToTxnRequest {
            transactional_id: TOPIC.into(),
            producer_id: who.producer_id,
            producer_epoch: who.producer_epoch,
            group_id: TOPIC.into(),
            ..Default::default()
        };
        until_done(&mut client, |client| client.call_to(to, &add));
        let pending = TxnOffsetCommitRequest {
            transactional_id: TOPIC.into(),
            group_id: TOPIC.into(),
            producer_id: who.producer_id,
            producer_epoch: who.producer_epoch,
            topics: vec![TxnOffsetCommitRequestTopic {
                name: TOPIC.into(),
                partitions: vec![TxnOffsetCommitRequestPartition {
                    committed_offset: 8,
                    ..Default::default()
                }],
                ..Default::default()
            }],
            ..Default::default()
        };
        let group = Target::GroupCoordinator(TOPIC);
        until_done(&mut client, |client| client.call_to(group, &pending));

        assert_eq!(committed(&mut offsets), Some(3));
        let partitions = [TopicPartition::new(TOPIC, 0)];
        let refused = stable.fetch(&partitions).unwrap().into_result().unwrap_err();
        assert_eq!(refused.code(), Some(ErrorCode::UNSTABLE_OFFSET_COMMIT));
        assert_eq!(refused.retry_method(), RetryMethod::Retry);

        let end = EndTxnRequest {
            transactional_id: TOPIC.into(),
            producer_id: who.producer_id,
            producer_epoch: who.producer_epoch,
            committed: true,
            ..Default::default()
        };
        until_done(&mut client, |client| client.call_to(to, &end));
        until(|| stable.fetch(&partitions).unwrap().into_result().ok());
        assert_eq!(committed(&mut stable), Some(8));
        assert_eq!(committed(&mut offsets), Some(8));
    }
}
