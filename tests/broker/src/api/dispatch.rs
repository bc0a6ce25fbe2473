//! [`dispatch`]: from the bytes of a request to the bytes of its response.

use std::collections::BTreeSet;

use bytes::Bytes;
use libkafka_protocol::frame::encode_response;
use libkafka_protocol::messages::*;
use libkafka_protocol::{ApiKey, Limits, Request, Response};

use super::api_versions;
use super::authorize::authorize;
use super::call::{Call, Hangup};
use super::handler::{Api, Throttled};
use super::served::{for_each_served, versions};
use super::strike::strikes;
use crate::clock::Time;
use crate::fault::Scope;
use crate::peer::Peer;
use crate::sasl::Sasl;

/// A request of at most this many bytes can only name a few things.
const SMALL: usize = 512;
/// The approximate maximum size of a decoded request in memory, besides its bytes.
const MAX_DECODED: usize = 16 * 1024 * 1024;

macro_rules! dispatch {
    ($($request:ident -> $response:ident,)* ; unthrottled $($plain:ident -> $plain_response:ident,)*) => {
        /// Answers a request whose bytes are `body`, and appends the frame of the response to `out`
        /// if there is one.
        pub(crate) fn dispatch(
            call: &mut Call<'_>,
            body: &Bytes,
            out: &mut Vec<u8>,
        ) -> Result<(), Hangup> {
            match call.header.request_api_key {
                $(key if key == $request::API_KEY => serve::<$request>(call, body, out),)*
                $(key if key == $plain::API_KEY => serve::<$plain>(call, body, out),)*
                _ => Err(Hangup::NotServed),
            }
        }

        $(impl Throttled for $response {
            fn throttle(&mut self, ms: i32) {
                self.throttle_time_ms = ms;
            }
        })*
        $(impl Throttled for $plain_response {
            fn throttle(&mut self, _ms: i32) {}
        })*
    };
}

for_each_served!(dispatch);

/// Whether the client may send this request: before it has authenticated, or after its session has
/// ended, few are allowed.
fn may_ask(peer: &Peer, api: ApiKey, now: Time) -> bool {
    let session = peer.session.as_ref();
    let has_ended = session.is_some_and(|session| now >= session.ends);
    match peer.sasl {
        Sasl::Done if has_ended => api == ApiKey::SASL_HANDSHAKE,
        Sasl::NotAsked | Sasl::Done => true,
        Sasl::Awaited => [ApiKey::API_VERSIONS, ApiKey::SASL_HANDSHAKE].contains(&api),
        Sasl::Exchange(_) | Sasl::Raw(_) => api == ApiKey::SASL_AUTHENTICATE,
    }
}

/// The limits for decoding. Small requests may take much more memory than their length. Large ones
/// are mostly records, which are not copied.
fn limits(body: &Bytes) -> Limits {
    let mut limits = Limits::default();
    let factor = MAX_DECODED / body.len().max(1);
    limits.memory_factor = factor.clamp(1, limits.memory_factor);
    limits
}

fn serve<R: Api>(call: &mut Call<'_>, body: &Bytes, out: &mut Vec<u8>) -> Result<(), Hangup> {
    let version = call.version;
    let correlation_id = call.header.correlation_id;
    let hang_up = |error| {
        log::debug!("{error}");
        Hangup::ByBroker
    };
    let mut state = call.lock();
    *state.requests.entry(R::API_KEY).or_default() += 1;
    let spoken = versions(R::API_KEY, R::VERSIONS, state.release);
    let throttle = state.throttle;
    let now = state.clock.now();
    drop(state);
    if !may_ask(call.peer, R::API_KEY, now) {
        return Err(Hangup::ByBroker);
    }
    if !spoken.contains(version) {
        if R::API_KEY != ApiKey::API_VERSIONS {
            return Err(Hangup::NotServed);
        }
        let response = api_versions::unsupported(spoken);
        return encode_response(0, correlation_id, &response, out).map_err(hang_up);
    }
    let (request, _) = R::decode_with(version, body, limits(body)).map_err(hang_up)?;
    call.strikes = strikes(call, &request, |state, targets| {
        request.targets(targets);
        request.remembered_targets(state, targets);
    })?;
    let denied = authorize(call, |state, targets| {
        request.targets(targets);
        request.remembered_targets(state, targets);
    });
    call.strikes.denied = denied.topics;
    if let Some(code) = denied.whole {
        match request.refuse_in(version, code) {
            Some(response) => {
                count_errors(call, R::API_KEY, &response);
                return encode_response(version, correlation_id, &response, out).map_err(hang_up);
            }
            // Each part of it is refused.
            None => {
                call.strikes.denied.clear();
                call.strikes.errors.insert(0, (Scope::default(), code));
            }
        }
    }
    if call.strikes.drop_request {
        return Ok(());
    }
    if R::ASKS_FOR_MUCH && body.len() > SMALL {
        call.build_alone();
    }
    let altered = call.strikes.alters().then(|| request.clone());
    let refusal = call
        .strikes
        .errors
        .first()
        .and_then(|(_, code)| request.refuse_in(version, *code));
    let response = match refusal {
        Some(response) => Some(response),
        None => request.serve(call)?,
    };
    let Some(mut response) = response else {
        return Ok(());
    };
    if !throttle.is_zero() {
        response.throttle(i32::try_from(throttle.as_millis()).unwrap_or(i32::MAX));
    }
    if let Some(request) = altered {
        call.strikes.alter(&request, &mut response);
    }
    count_errors(call, R::API_KEY, &response);
    encode_response(version, correlation_id, &response, out).map_err(hang_up)
}

fn count_errors(call: &Call<'_>, api: ApiKey, response: &impl Response) {
    let mut errors = BTreeSet::new();
    response.error_codes(&mut |code| {
        if !code.is_ok() {
            errors.insert(code);
        }
    });
    if errors.is_empty() {
        return;
    }
    let mut state = call.lock();
    for code in errors {
        *state.errors.entry((api, code)).or_default() += 1;
    }
}
