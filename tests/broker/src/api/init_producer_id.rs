//! InitProducerId: an id for an idempotent producer (KIP-98).

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::{InitProducerIdRequest, InitProducerIdResponse};

use super::{Answer, Api, Call};
use crate::fault::Target;

impl Api for InitProducerIdRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<InitProducerIdResponse> {
        if self.transactional_id.is_some() {
            // No transactions yet.
            return Ok(Some(InitProducerIdResponse {
                error_code: ErrorCode::COORDINATOR_NOT_AVAILABLE,
                producer_epoch: -1,
                ..Default::default()
            }));
        }
        let mut state = call.lock();
        let producer_id = state.next_producer_id;
        state.next_producer_id += 1;
        Ok(Some(InitProducerIdResponse {
            producer_id,
            ..Default::default()
        }))
    }

    fn targets(&self) -> Vec<Target> {
        let id = self.transactional_id.iter();
        id.map(|id| Target::Group(id.clone())).collect()
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<InitProducerIdResponse> {
        Some(InitProducerIdResponse {
            error_code,
            producer_epoch: -1,
            ..Default::default()
        })
    }
}
