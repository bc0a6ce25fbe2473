//! AddPartitionsToTxn: adds partitions to a transaction, or asks whether it has them (KIP-98,
//! KIP-890).
//!
//! Versions 0 to 5.

use libkafka_protocol::messages::add_partitions_to_txn::{
    AddPartitionsToTxnPartitionResult, AddPartitionsToTxnResult, AddPartitionsToTxnTopic,
    AddPartitionsToTxnTopicResult, AddPartitionsToTxnTransaction,
};
use libkafka_protocol::messages::{AddPartitionsToTxnRequest, AddPartitionsToTxnResponse};
use libkafka_protocol::{ErrorCode, Uuid};

use super::call::{Answer, Call};
use super::handler::Api;
use super::init_producer_id::fenced_before;
use crate::fault::Targets;
use crate::state::{ProducerId, State};

impl Api for AddPartitionsToTxnRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<AddPartitionsToTxnResponse> {
        let mut state = call.lock();
        if call.version >= 4 {
            let transactions = self.transactions.iter();
            return Ok(Some(AddPartitionsToTxnResponse {
                results_by_transaction: transactions
                    .map(|transaction| AddPartitionsToTxnResult {
                        transactional_id: transaction.transactional_id.clone(),
                        topic_results: add(transaction, call, &mut state),
                        ..Default::default()
                    })
                    .collect(),
                ..Default::default()
            }));
        }
        let transaction = AddPartitionsToTxnTransaction {
            transactional_id: self.v3_and_below_transactional_id,
            producer_id: self.v3_and_below_producer_id,
            producer_epoch: self.v3_and_below_producer_epoch,
            topics: self.v3_and_below_topics,
            ..Default::default()
        };
        Ok(Some(AddPartitionsToTxnResponse {
            results_by_topic_v3_and_below: add(&transaction, call, &mut state),
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        let ids = self.transactions.iter().map(|t| &t.transactional_id);
        let older = [&self.v3_and_below_transactional_id];
        let older = older.into_iter().filter(|_| self.transactions.is_empty());
        targets.transactional_ids(ids.chain(older));
        let topics = self.transactions.iter().flat_map(|t| &t.topics);
        for topic in topics.chain(&self.v3_and_below_topics) {
            targets.partitions(&topic.name, Uuid::ZERO, topic.partitions.iter().copied());
        }
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<AddPartitionsToTxnResponse> {
        if self.transactions.is_empty() {
            return None;
        }
        Some(AddPartitionsToTxnResponse {
            error_code,
            ..Default::default()
        })
    }
}

fn add(
    asked: &AddPartitionsToTxnTransaction,
    call: &Call<'_>,
    state: &mut State,
) -> Vec<AddPartitionsToTxnTopicResult> {
    let struck = |topic: &str, index| call.strikes.error(topic, Some(index));
    let check = |topic: &str, index| match state.partition(topic, index) {
        _ if struck(topic, index).is_some() => struck(topic, index),
        None => Some(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION),
        Some(_) => None,
    };
    let codes = each(&asked.topics, |topic, index| {
        check(topic, index).unwrap_or(ErrorCode::NONE)
    });
    let mut partitions = codes.iter().flat_map(|topic| &topic.results_by_partition);
    if partitions.any(|partition| !partition.partition_error_code.is_ok()) {
        // All or none.
        return each(&asked.topics, |topic, index| {
            check(topic, index).unwrap_or(ErrorCode::OPERATION_NOT_ATTEMPTED)
        });
    }
    let producer = ProducerId {
        id: asked.producer_id,
        epoch: asked.producer_epoch,
    };
    let id = &asked.transactional_id;
    let coordinated = match id.as_str() {
        "" => Err(ErrorCode::INVALID_REQUEST),
        id => state.check_coordinator(call.node(), id),
    };
    if asked.verify_only {
        return each(&asked.topics, |topic, index| {
            let verified = coordinated.and_then(|()| {
                let key = (topic.to_owned(), index);
                state.verify_in_transaction(id, producer, |t| t.partitions.contains(&key))
            });
            verified.err().unwrap_or(ErrorCode::NONE)
        });
    }
    let topics = asked.topics.iter();
    let all = topics.flat_map(|t| t.partitions.iter().map(|p| (t.name.clone(), *p)));
    let now = state.start();
    let added = coordinated
        .and_then(|()| state.transaction(id))
        .and_then(|transaction| transaction.add(producer, all, None, now));
    state.mark_changed();
    let code = added.err().unwrap_or(ErrorCode::NONE);
    let code = fenced_before(2, code, call);
    each(&asked.topics, |_, _| code)
}

fn each(
    topics: &[AddPartitionsToTxnTopic],
    mut code: impl FnMut(&str, i32) -> ErrorCode,
) -> Vec<AddPartitionsToTxnTopicResult> {
    let topics = topics.iter();
    topics
        .map(|topic| AddPartitionsToTxnTopicResult {
            name: topic.name.clone(),
            results_by_partition: topic
                .partitions
                .iter()
                .map(|index| AddPartitionsToTxnPartitionResult {
                    partition_index: *index,
                    partition_error_code: code(&topic.name, *index),
                    ..Default::default()
                })
                .collect(),
            ..Default::default()
        })
        .collect()
}
