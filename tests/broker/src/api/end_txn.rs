//! EndTxn: commits or aborts a transaction (KIP-98, KIP-890).
//!
//! Versions 0 to 5.
//!
//! Unlike Kafka: markers are written at once, so no transaction is ever seen while it is ending.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::{EndTxnRequest, EndTxnResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use super::init_producer_id::fenced_before;
use crate::fault::Targets;
use crate::state::{End, ProducerId, State};

impl Api for EndTxnRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<EndTxnResponse> {
        let mut state = call.lock();
        Ok(Some(match end(&self, call, &mut state) {
            Ok(producer) => EndTxnResponse {
                producer_id: producer.id,
                producer_epoch: producer.epoch,
                ..Default::default()
            },
            Err(code) => refused(fenced_before(2, code, call)),
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.transactional_ids([&self.transactional_id]);
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<EndTxnResponse> {
        Some(refused(error_code))
    }
}

fn end(
    request: &EndTxnRequest,
    call: &Call<'_>,
    state: &mut State,
) -> Result<ProducerId, ErrorCode> {
    let id = &request.transactional_id;
    if !id.is_empty() {
        state.check_coordinator(call.node(), id)?;
    }
    let producer = ProducerId {
        id: request.producer_id,
        epoch: request.producer_epoch,
    };
    let end = End {
        commit: request.committed,
        bumps_epoch: call.version >= 5,
    };
    state.end_transaction(id, producer, end)
}

fn refused(error_code: ErrorCode) -> EndTxnResponse {
    EndTxnResponse {
        error_code,
        ..Default::default()
    }
}
