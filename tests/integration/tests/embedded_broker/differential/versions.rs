//! The versions of every API.

use libkafka_protocol::messages::ApiVersionsRequest;
use libkafka_testkafka::require;

use super::both::Both;

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
    let served: Vec<i16> = served.iter().map(|api| api.api_key.0).collect();
    let classic = 0..=3;
    let offsets_and_groups = 8..=28;
    let rest = [
        32, 33, 34, 35, 36, 37, 42, 43, 44, 45, 46, 47, 55, 57, 60, 61, 65, 66, 68, 69, 74,
    ];
    let wanted = classic.chain(offsets_and_groups).chain(rest);
    let missing: Vec<i16> = wanted.filter(|key| !served.contains(key)).collect();
    assert_eq!(missing, Vec::<i16>::new());
}
