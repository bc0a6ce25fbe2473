//! InitProducerId: assigns an id to an idempotent producer, and an epoch to a transactional one
//! (KIP-98, KIP-360).
//!
//! Versions 0 to 5.
//!
//! Unlike Kafka: the flags for two-phase commit (version 6, KIP-939) are not supported; 4.4.0
//! itself calls that version unstable.

use std::time::Duration;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::{InitProducerIdRequest, InitProducerIdResponse};

use super::authorize::CLUSTER;
use super::call::{Answer, Call};
use super::handler::Api;
use crate::fault::Targets;
use crate::state::{ProducerId, State, operation, resource_type};

impl Api for InitProducerIdRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<InitProducerIdResponse> {
        let mut state = call.lock();
        let given = match (self.producer_id, self.producer_epoch) {
            (-1, -1) => init(&self, None, call, &mut state),
            (-1, _) | (_, -1) => Err(ErrorCode::INVALID_REQUEST),
            (id, epoch) => init(&self, Some(ProducerId { id, epoch }), call, &mut state),
        };
        Ok(Some(match given {
            Ok(producer) => InitProducerIdResponse {
                producer_id: producer.id,
                producer_epoch: producer.epoch,
                ..Default::default()
            },
            Err(code) => refused(fenced_before(4, code, call)),
        }))
    }

    fn targets(&self, targets: &mut Targets) {
        targets.transactional_ids(&self.transactional_id);
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<InitProducerIdResponse> {
        Some(refused(error_code))
    }
}

fn init(
    request: &InitProducerIdRequest,
    expected: Option<ProducerId>,
    call: &Call<'_>,
    state: &mut State,
) -> Result<ProducerId, ErrorCode> {
    let Some(id) = &request.transactional_id else {
        let may = call.may(
            state,
            operation::IDEMPOTENT_WRITE,
            resource_type::CLUSTER,
            CLUSTER,
        );
        if !(may || call.may_write_somewhere(state)) {
            return Err(ErrorCode::CLUSTER_AUTHORIZATION_FAILED);
        }
        return Ok(ProducerId {
            id: state.fresh_producer_id(),
            epoch: 0,
        });
    };
    if id.is_empty() {
        return Err(ErrorCode::INVALID_REQUEST);
    }
    let longest = state.configs.number("transaction.max.timeout.ms", 900_000);
    let timeout = request.transaction_timeout_ms;
    if !(1..=longest).contains(&i64::from(timeout)) {
        return Err(ErrorCode::INVALID_TRANSACTION_TIMEOUT);
    }
    state.check_coordinator(call.node(), id)?;
    let timeout = Duration::from_millis(timeout.unsigned_abs().into());
    let given = state.init_transactions(id, expected, timeout);
    state.mark_changed();
    given
}

/// The error code for clients before `version`, which only know one code for a producer that has
/// been replaced.
pub(super) fn fenced_before(version: i16, code: ErrorCode, call: &Call<'_>) -> ErrorCode {
    if call.version < version && code == ErrorCode::PRODUCER_FENCED {
        ErrorCode::INVALID_PRODUCER_EPOCH
    } else {
        code
    }
}

fn refused(error_code: ErrorCode) -> InitProducerIdResponse {
    InitProducerIdResponse {
        error_code,
        producer_epoch: -1,
        ..Default::default()
    }
}
