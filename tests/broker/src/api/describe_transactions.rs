//! DescribeTransactions: describes transactional ids known to their coordinator (KIP-664).
//!
//! Version 0.

use std::collections::{BTreeMap, BTreeSet};

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::describe_transactions::{TopicData, TransactionState};
use libkafka_protocol::messages::{DescribeTransactionsRequest, DescribeTransactionsResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{CONSUMER_OFFSETS, State};

impl Api for DescribeTransactionsRequest {
    const ASKS_FOR_MUCH: bool = true;

    fn serve(self, call: &mut Call<'_>) -> Answer<DescribeTransactionsResponse> {
        let state = call.lock();
        for id in &self.transactional_ids {
            let transaction = state.transactions.get(id);
            let partitions = transaction.map_or(0, |transaction| transaction.partitions.len());
            let topics = partitions * size_of::<TopicData>();
            call.grow(size_of::<TransactionState>() + id.len() + 2 * topics)?;
        }
        let ids = self.transactional_ids.iter();
        let transaction_states = ids.map(|id| match describe(id, call, &state) {
            Ok(described) => described,
            Err(code) => refused(id, code),
        });
        Ok(Some(DescribeTransactionsResponse {
            transaction_states: transaction_states.collect(),
            ..Default::default()
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.transactional_ids(&self.transactional_ids);
    }

    fn refuse(&self, code: ErrorCode) -> Option<DescribeTransactionsResponse> {
        let ids = self.transactional_ids.iter();
        Some(DescribeTransactionsResponse {
            transaction_states: ids.map(|id| refused(id, code)).collect(),
            ..Default::default()
        })
    }
}

fn describe(id: &str, call: &Call<'_>, state: &State) -> Result<TransactionState, ErrorCode> {
    if id.is_empty() {
        return Err(ErrorCode::INVALID_REQUEST);
    }
    state.check_coordinator(call.node(), id)?;
    let transaction = state.transactions.get(id);
    let transaction = transaction.ok_or(ErrorCode::TRANSACTIONAL_ID_NOT_FOUND)?;
    let mut topics: BTreeMap<&str, BTreeSet<i32>> = BTreeMap::new();
    for (topic, partition) in &transaction.partitions {
        topics.entry(topic).or_default().insert(*partition);
    }
    for group in &transaction.groups {
        let partitions = topics.entry(CONSUMER_OFFSETS).or_default();
        partitions.insert(state.offsets_partition(group));
    }
    let topics = topics.into_iter();
    Ok(TransactionState {
        transactional_id: id.to_owned(),
        transaction_state: transaction.phase.name().to_owned(),
        transaction_timeout_ms: i32::try_from(transaction.timeout.as_millis()).unwrap_or(i32::MAX),
        transaction_start_time_ms: transaction.started.map_or(-1, |start| start.wall_ms),
        producer_id: transaction.producer.id,
        producer_epoch: transaction.producer.epoch,
        topics: topics
            .map(|(topic, partitions)| TopicData {
                topic: topic.to_owned(),
                partitions: partitions.into_iter().collect(),
                ..Default::default()
            })
            .collect(),
        ..Default::default()
    })
}

fn refused(id: &str, error_code: ErrorCode) -> TransactionState {
    TransactionState {
        error_code,
        transactional_id: id.to_owned(),
        ..Default::default()
    }
}
