//! Encoding allocates nothing if the buffer has room.

#[path = "hostile/allocations.rs"]
mod allocations;

use allocations::Allocations;
use libkafka_protocol::messages::ApiVersionsResponse;
use libkafka_protocol::messages::api_versions::{
    ApiVersion, FinalizedFeatureKey, SupportedFeatureKey,
};
use libkafka_protocol::{ApiKey, KafkaWire, WireStruct};

/// All that a broker says, in tagged fields too.
fn api_versions() -> ApiVersionsResponse {
    let api = |key| ApiVersion {
        api_key: ApiKey(key),
        max_version: key % 14,
        ..Default::default()
    };
    let features = ["metadata.version", "group.version", "kraft.version"];
    let supported = |name: &str| SupportedFeatureKey {
        name: name.into(),
        max_version: 2,
        ..Default::default()
    };
    let finalized = |name: &str| FinalizedFeatureKey {
        name: name.into(),
        max_version_level: 2,
        min_version_level: 1,
        ..Default::default()
    };
    ApiVersionsResponse {
        api_keys: (0..93).map(api).collect(),
        supported_features: features.map(supported).into(),
        finalized_features_epoch: 7,
        finalized_features: features.map(finalized).into(),
        ..Default::default()
    }
}

#[test]
fn api_versions_is_encoded_without_an_allocation() {
    let response = api_versions();
    for version in ApiVersionsResponse::SCHEMA.versions.iter() {
        let mut out = Vec::new();
        response.encode(version, &mut out).unwrap();
        let first = out.clone();
        out.clear();
        let (result, count) = Allocations::of(|| response.encode(version, &mut out));
        result.unwrap();
        assert_eq!(count.total, 0, "version {version}: {count:?}");
        assert_eq!(out, first, "version {version}");
    }
}
