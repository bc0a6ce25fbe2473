//! AddOffsetsToTxn: adds offsets of a group to a transaction (KIP-98).
//!
//! Versions 0 to 4.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::{AddOffsetsToTxnRequest, AddOffsetsToTxnResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use super::init_producer_id::fenced_before;
use crate::fault::Targets;
use crate::state::{ProducerId, State};

impl Api for AddOffsetsToTxnRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<AddOffsetsToTxnResponse> {
        let mut state = call.lock();
        let code = add(&self, call, &mut state).err().unwrap_or_default();
        Ok(self.refuse(fenced_before(2, code, call)))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.transactional_ids([&self.transactional_id]);
        targets.groups([&self.group_id]);
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<AddOffsetsToTxnResponse> {
        Some(AddOffsetsToTxnResponse {
            error_code,
            ..Default::default()
        })
    }
}

fn add(
    request: &AddOffsetsToTxnRequest,
    call: &Call<'_>,
    state: &mut State,
) -> Result<(), ErrorCode> {
    let id = &request.transactional_id;
    if !id.is_empty() {
        state.check_coordinator(call.node(), id)?;
    }
    let producer = ProducerId {
        id: request.producer_id,
        epoch: request.producer_epoch,
    };
    let now = state.start();
    let transaction = state.transaction(id)?;
    transaction.add(producer, [], Some(&request.group_id), now)?;
    state.mark_changed();
    Ok(())
}
