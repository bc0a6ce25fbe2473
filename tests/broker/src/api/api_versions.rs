//! ApiVersions: what this broker speaks (KIP-35, KIP-511).
//!
//! Versions 0 to 5.
//!
//! Unlike Kafka: of the features it tells `group.version` and `transaction.version` alone.

use libkafka_protocol::messages::api_versions::{ApiVersion, FinalizedFeatureKey};
use libkafka_protocol::messages::{ApiVersionsRequest, ApiVersionsResponse};
use libkafka_protocol::{ApiKey, ErrorCode, Versions};

use super::call::{Answer, Call};
use super::handler::Api;
use super::served::served;
use crate::release::Release;

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
        let release = call.lock().release;
        Ok(Some(ApiVersionsResponse {
            api_keys: api_keys(release),
            finalized_features_epoch: 0,
            finalized_features: finalized_features(release),
            ..Default::default()
        }))
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<ApiVersionsResponse> {
        Some(ApiVersionsResponse {
            error_code,
            ..Default::default()
        })
    }
}

/// The answer, in version 0, to a version that is not among those `spoken`.
pub(super) fn unsupported(spoken: Versions) -> ApiVersionsResponse {
    ApiVersionsResponse {
        error_code: ErrorCode::UNSUPPORTED_VERSION,
        api_keys: vec![api_version(ApiKey::API_VERSIONS, spoken)],
        ..Default::default()
    }
}

fn api_keys(release: Option<Release>) -> Vec<ApiVersion> {
    let served = served(release).into_iter();
    served
        .map(|(api_key, versions)| api_version(api_key, versions))
        .collect()
}

/// What all brokers of the cluster agree upon: for clients, that transactions go by KIP-890 and
/// groups by KIP-848. Older releases know nothing of either.
fn finalized_features(release: Option<Release>) -> Vec<FinalizedFeatureKey> {
    let features = [("group.version", 1), ("transaction.version", 2)];
    let features = features.into_iter().filter(|_| release.is_none());
    features
        .map(|(name, level)| FinalizedFeatureKey {
            name: name.to_owned(),
            max_version_level: level,
            min_version_level: level,
            ..Default::default()
        })
        .collect()
}

fn api_version(api_key: ApiKey, versions: Versions) -> ApiVersion {
    ApiVersion {
        api_key,
        // librdkafka takes a broker without Produce v0 for one without compression, so Kafka
        // claims to have the versions that it has dropped (KIP-896).
        min_version: if api_key == ApiKey::PRODUCE {
            0
        } else {
            versions.min
        },
        max_version: versions.max,
        ..Default::default()
    }
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
