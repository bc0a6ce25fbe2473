//! The versions of every API.

use std::collections::BTreeSet;

use libkafka_protocol::messages::ApiVersionsRequest;
use libkafka_testkafka::require;

use super::both::Both;

const README: &str = include_str!("../../../../broker/README.md");

#[test]
fn every_api_is_spoken_in_the_versions_that_real_kafka_speaks() {
    require!();
    let (mut both, _ours) = Both::start("same-versions");
    let request = ApiVersionsRequest {
        client_software_name: "wire".into(),
        client_software_version: "1".into(),
        ..Default::default()
    };
    let served = both.ours.call(3, &request).api_keys;
    for version in 0..=4 {
        let theirs = both.theirs.call(version, &request).api_keys;
        let ours = both.ours.call(version, &request).api_keys;
        assert_eq!(ours, served, "v{version}");
        for api in &ours {
            assert!(theirs.contains(api), "{api:?} v{version}: {theirs:?}");
        }
    }
    let served: BTreeSet<i16> = served.iter().map(|api| api.api_key.0).collect();
    let theirs = both.theirs.call(3, &request).api_keys;
    let missing = theirs.iter().map(|api| api.api_key.0);
    let missing = missing.filter(|key| !served.contains(key)).collect();
    assert_eq!(not_served(), missing, "the README of the test broker says");
}

/// The API keys in the table of what is not served.
fn not_served() -> BTreeSet<i16> {
    let (_, table) = README.split_once("| not served | API keys |").unwrap();
    let rows = table.lines().skip(2).take_while(|row| row.starts_with('|'));
    let keys = rows.flat_map(|row| row.split('|').nth(2).unwrap().split(','));
    keys.map(|key| key.trim().parse().unwrap()).collect()
}
