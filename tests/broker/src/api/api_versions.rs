//! ApiVersions: returns the APIs and versions of this broker (KIP-35, KIP-511).
//!
//! Versions 0 to 5.

use libkafka_protocol::messages::api_versions::{
    ApiVersion, FinalizedFeatureKey, SupportedFeatureKey,
};
use libkafka_protocol::messages::{ApiVersionsRequest, ApiVersionsResponse};
use libkafka_protocol::{ApiKey, ErrorCode, Versions};

use super::call::{Answer, Call};
use super::handler::Api;
use super::served::served;
use crate::release::Release;
use crate::state::{FEATURES, Features};

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
        let state = call.lock();
        let answer = ApiVersionsResponse {
            api_keys: api_keys(state.release),
            ..Default::default()
        };
        if state.release.is_some() {
            // Older releases know nothing of features.
            return Ok(Some(answer));
        }
        Ok(Some(ApiVersionsResponse {
            supported_features: supported_features(call.version),
            finalized_features_epoch: state.metadata_offset(),
            finalized_features: finalized_features(&state.features),
            ..answer
        }))
    }

    fn refuse(&self, error_code: ErrorCode) -> Option<ApiVersionsResponse> {
        Some(ApiVersionsResponse {
            error_code,
            ..Default::default()
        })
    }
}

/// The answer, in version 0, to a version that is not among the `spoken` ones.
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

/// The features of this broker. Before v4, clients cannot be told about features that may be off.
fn supported_features(version: i16) -> Vec<SupportedFeatureKey> {
    let features = FEATURES.iter();
    let features = features.filter(|feature| version >= 4 || feature.least > 0);
    features
        .map(|feature| SupportedFeatureKey {
            name: feature.name.to_owned(),
            min_version: feature.least,
            max_version: feature.most,
            ..Default::default()
        })
        .collect()
}

/// The features that all brokers of the cluster have agreed on.
fn finalized_features(features: &Features) -> Vec<FinalizedFeatureKey> {
    features
        .finalized()
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

/// Whether Kafka accepts the text as the name or version of a client:
/// `[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?`.
fn is_software(text: &str) -> bool {
    let inner = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.');
    let ends = [text.bytes().next(), text.bytes().next_back()];
    text.bytes().all(inner)
        && ends
            .iter()
            .all(|c| c.is_some_and(|c| c.is_ascii_alphanumeric()))
}
