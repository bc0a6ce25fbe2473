//! ListTransactions: the transactional ids that a node coordinates (KIP-664, KIP-994, KIP-1152).
//!
//! Versions 0 to 2.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::list_transactions::TransactionState;
use libkafka_protocol::messages::{ListTransactionsRequest, ListTransactionsResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::state::{Transaction, TransactionPhase, operation, resource_type, whole};

impl Api for ListTransactionsRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<ListTransactionsResponse> {
        let state = call.lock();
        let pattern = self.transactional_id_pattern.as_deref();
        let pattern = pattern.filter(|pattern| !pattern.is_empty());
        let pattern = match pattern.map(whole).transpose() {
            Ok(pattern) => pattern,
            Err(code) => return Ok(self.refuse(code)),
        };
        let known = |name: &String| TransactionPhase::NAMES.contains(&name.as_str());
        let (states, unknown): (Vec<String>, Vec<String>) =
            self.state_filters.iter().cloned().partition(known);
        let now = state.clock.wall_ms();
        let is_asked_for = |id: &str, transaction: &Transaction| {
            let age = now - transaction.started.map_or(-1, |start| start.wall_ms);
            (self.state_filters.is_empty() || states.iter().any(|s| s == transaction.phase.name()))
                && (self.producer_id_filters.is_empty()
                    || self.producer_id_filters.contains(&transaction.producer.id))
                && (self.duration_filter < 0 || age > self.duration_filter)
                && pattern.as_ref().is_none_or(|pattern| pattern.is_match(id))
        };
        let ours = state.transactions.iter().filter(|(id, transaction)| {
            state.check_coordinator(call.node(), id).is_ok()
                && is_asked_for(id, transaction)
                && call.may(
                    &state,
                    operation::DESCRIBE,
                    resource_type::TRANSACTIONAL_ID,
                    id,
                )
        });
        Ok(Some(ListTransactionsResponse {
            unknown_state_filters: unknown,
            transaction_states: ours
                .map(|(id, transaction)| TransactionState {
                    transactional_id: id.clone(),
                    producer_id: transaction.producer.id,
                    transaction_state: transaction.phase.name().to_owned(),
                    ..Default::default()
                })
                .collect(),
            ..Default::default()
        }))
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<ListTransactionsResponse> {
        Some(ListTransactionsResponse {
            error_code,
            ..Default::default()
        })
    }
}
