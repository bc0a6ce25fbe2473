//! Decodes the ApiVersions responses of brokers that do not know the version of the request.
//!
//! A client asks in its newest version before it knows any of the broker's. By KIP-511 a broker
//! that lacks that version answers UNSUPPORTED_VERSION in version 0. Other brokers answer in
//! version 1, in the requested version, or in a form of no version. All of them begin with the
//! error code.

use crate::api_key::ApiKey;
use crate::error_code::ErrorCode;
use crate::overlooked::Overlooked;
use crate::request::Response;

/// UNSUPPORTED_VERSION and an empty list, in version 0.
const WITHOUT_LIST: [u8; 6] = [0, ErrorCode::UNSUPPORTED_VERSION.0 as u8, 0, 0, 0, 0];

/// Decodes a refusal in whichever form it has. Returns `None` for any other response.
pub(super) fn decode<R: Response>(version: i16, body: &[u8]) -> Option<(R, Overlooked)> {
    if !is_refusal::<R>(body) {
        return None;
    }
    // Version 2 has the form of 1; all later versions have that of 3.
    let forms = [0, version, 1, 3];
    if let Some(response) = forms
        .into_iter()
        .find_map(|v| R::decode_exact(v, body).ok())
    {
        return Some((response, Overlooked::default()));
    }
    let (response, trailing_bytes) = match R::decode(0, body) {
        Ok((response, rest)) => (response, rest.len()),
        Err(_) => {
            let response = R::decode_exact(0, &WITHOUT_LIST).ok()?;
            (response, body.len() - size_of::<ErrorCode>())
        }
    };
    let overlooked = Overlooked {
        trailing_bytes,
        ..Default::default()
    };
    Some((response, overlooked))
}

/// Decodes a refusal in version 0. Returns `None` for any other response.
pub(super) fn decode_exact<R: Response>(body: &[u8]) -> Option<R> {
    if !is_refusal::<R>(body) {
        return None;
    }
    R::decode_exact(0, body).ok()
}

fn is_refusal<R: Response>(body: &[u8]) -> bool {
    R::API_KEY == ApiKey::API_VERSIONS && body.starts_with(&WITHOUT_LIST[..2])
}
