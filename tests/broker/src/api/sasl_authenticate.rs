//! SaslAuthenticate: a message of the mechanism that was agreed upon (KIP-152).

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::{SaslAuthenticateRequest, SaslAuthenticateResponse};

use super::{Answer, Api, Call};
use crate::sasl::Sasl;

impl Api for SaslAuthenticateRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<SaslAuthenticateResponse> {
        let Sasl::Exchange(mechanism) = &mut call.peer.sasl else {
            return Ok(Some(refused(
                ErrorCode::ILLEGAL_SASL_STATE,
                "SaslAuthenticate request received after successful authentication".to_owned(),
            )));
        };
        let users = call.shared.lock().users.clone();
        match mechanism.step(&self.auth_bytes, &users) {
            Ok(step) => {
                if step.done {
                    call.peer.sasl = Sasl::Done;
                }
                Ok(Some(SaslAuthenticateResponse {
                    auth_bytes: step.challenge.into(),
                    ..Default::default()
                }))
            }
            Err(why) => {
                call.hang_up_after = true;
                Ok(Some(refused(ErrorCode::SASL_AUTHENTICATION_FAILED, why)))
            }
        }
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<SaslAuthenticateResponse> {
        let why = error_code.description().unwrap_or_default();
        Some(refused(error_code, why.to_owned()))
    }
}

fn refused(error_code: ErrorCode, why: String) -> SaslAuthenticateResponse {
    SaslAuthenticateResponse {
        error_code,
        error_message: Some(why),
        ..Default::default()
    }
}
