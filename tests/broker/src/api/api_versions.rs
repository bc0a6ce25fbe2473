//! ApiVersions: what this broker speaks (KIP-35, KIP-511).

use libkafka_protocol::messages::api_versions::ApiVersion;
use libkafka_protocol::messages::{ApiVersionsRequest, ApiVersionsResponse};
use libkafka_protocol::{ApiKey, ErrorCode, Request};

use super::{Answer, Api, Call, SERVED};

impl Api for ApiVersionsRequest {
    fn serve(self, call: &mut Call<'_>) -> Answer<ApiVersionsResponse> {
        if call.version >= 3
            && !(is_software(&self.client_software_name)
                && is_software(&self.client_software_version))
        {
            return Ok(Some(ApiVersionsResponse {
                error_code: ErrorCode::INVALID_REQUEST,
                ..Default::default()
            }));
        }
        Ok(Some(ApiVersionsResponse {
            api_keys: api_keys(),
            finalized_features_epoch: 0,
            ..Default::default()
        }))
    }
}

/// The answer, in version 0, to a version that nobody here knows.
pub(super) fn unsupported() -> ApiVersionsResponse {
    let mut api_keys = api_keys();
    api_keys.retain(|api| api.api_key == ApiVersionsRequest::API_KEY);
    ApiVersionsResponse {
        error_code: ErrorCode::UNSUPPORTED_VERSION,
        api_keys,
        ..Default::default()
    }
}

fn api_keys() -> Vec<ApiVersion> {
    SERVED
        .iter()
        .map(|(api_key, versions)| ApiVersion {
            api_key: *api_key,
            // librdkafka takes a broker without Produce v0 for one without compression, so Kafka
            // claims to have the versions that it has dropped (KIP-896).
            min_version: if *api_key == ApiKey::PRODUCE {
                0
            } else {
                versions.min
            },
            max_version: versions.max,
            ..Default::default()
        })
        .collect()
}

/// What Kafka takes for the name or version of a client: `[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?`.
fn is_software(text: &str) -> bool {
    let inner = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.');
    let ends = [text.bytes().next(), text.bytes().next_back()];
    text.bytes().all(inner)
        && ends
            .iter()
            .all(|c| c.is_some_and(|c| c.is_ascii_alphanumeric()))
}
