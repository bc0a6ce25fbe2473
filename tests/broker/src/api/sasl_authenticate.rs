//! SaslAuthenticate: handles a message of the agreed mechanism (KIP-152).
//!
//! Versions 0 to 2.

use std::sync::Arc;
use std::time::Duration;

use libkafka_protocol::ErrorCode;
use libkafka_protocol::messages::{SaslAuthenticateRequest, SaslAuthenticateResponse};

use super::call::{Answer, Call, Hangup};
use super::handler::Api;
use crate::sasl::{Sasl, Session};

impl Api for SaslAuthenticateRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<SaslAuthenticateResponse> {
        let Sasl::Exchange(mechanism) = &mut call.peer.sasl else {
            return Ok(Some(refused(
                ErrorCode::ILLEGAL_SASL_STATE,
                "SaslAuthenticate request received after successful authentication".to_owned(),
            )));
        };
        // A session goes on by the mechanism that it began with.
        let session = call.peer.session.as_ref();
        if session.is_some_and(|session| session.mechanism != mechanism.name()) {
            return Err(Hangup::ByBroker);
        }
        let state = call.shared.lock();
        let users = Arc::clone(&state.users);
        let now_ms = state.clock.wall_ms();
        let lifetime = state.configs.milliseconds("connections.max.reauth.ms", 0);
        let now = state.clock.now();
        drop(state);
        let step = mechanism
            .step(&self.auth_bytes, &users, now_ms)
            .and_then(|step| match (session, &step.user) {
                (Some(session), Some(user)) if session.user != *user => Err(format!(
                    "Cannot change principals during re-authentication from User.{}: User.{user}",
                    session.user
                )),
                _ => Ok(step),
            });
        let step = match step {
            Ok(step) => step,
            Err(why) if why.is_empty() => return Err(Hangup::ByBroker),
            Err(why) => {
                call.hang_up_after = true;
                return Ok(Some(refused(ErrorCode::SASL_AUTHENTICATION_FAILED, why)));
            }
        };
        let mut response = SaslAuthenticateResponse {
            auth_bytes: step.challenge.into(),
            ..Default::default()
        };
        if let Some(user) = step.user {
            // A token that ends sooner than the session ends it.
            let left = step
                .expires_ms
                .map(|ms| u64::try_from(ms - now_ms).unwrap_or(0));
            let left = left.map_or(lifetime, Duration::from_millis);
            let lifetime = lifetime.min(left);
            call.peer.principal = format!("User:{user}");
            let session = Session {
                user,
                mechanism: mechanism.name(),
                renewal: session.and_then(|session| session.renewal),
                ends: now + lifetime,
            };
            call.peer.session = (!lifetime.is_zero()).then_some(session);
            call.peer.sasl = Sasl::Done;
            let lifetime = i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX);
            response.session_lifetime_ms = lifetime;
        }
        Ok(Some(response))
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
