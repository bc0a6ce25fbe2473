//! SaslHandshake: agrees on the mechanism to authenticate with (KIP-43).
//!
//! Versions 0 to 1.
//!
//! Unlike Kafka: GSSAPI is not supported.

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::{SaslHandshakeRequest, SaslHandshakeResponse};

use super::call::{Answer, Call};
use super::handler::Api;
use crate::sasl::{MECHANISMS, Mechanism, Sasl};

impl Api for SaslHandshakeRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<SaslHandshakeResponse> {
        let now = call.lock().clock.now();
        let session = call.peer.session.as_ref();
        let renews = matches!(call.peer.sasl, Sasl::Done)
            && session.is_some_and(|session| session.may_be_renewed(now));
        if !matches!(call.peer.sasl, Sasl::Awaited) && !renews {
            return Ok(self.refuse(ErrorCode::ILLEGAL_SASL_STATE));
        }
        let Some(mechanism) = Mechanism::new(&self.mechanism) else {
            call.hang_up_after = true;
            return Ok(self.refuse(ErrorCode::UNSUPPORTED_SASL_MECHANISM));
        };
        if let Some(session) = &mut call.peer.session {
            session.renewal = Some(now);
        }
        call.peer.sasl = match call.version {
            0 => Sasl::Raw(mechanism),
            _ => Sasl::Exchange(mechanism),
        };
        Ok(self.refuse(ErrorCode::NONE))
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<SaslHandshakeResponse> {
        let tells = error_code != ErrorCode::ILLEGAL_SASL_STATE;
        let mechanisms = MECHANISMS.iter().filter(|_| tells);
        Some(SaslHandshakeResponse {
            error_code,
            mechanisms: mechanisms.map(|name| (*name).to_owned()).collect(),
        })
    }
}
