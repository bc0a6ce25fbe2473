extern crate std;

use std::collections::HashMap;
use std::string::ToString;
use std::{format, vec::Vec};

use super::*;

struct GoldenApi {
    key: i16,
    constant: &'static str,
    name: &'static str,
    /// By version: those of the request header and of the response header.
    headers: HashMap<i16, (i16, i16)>,
}

fn golden() -> Vec<GoldenApi> {
    include_str!("../../tests/golden/apis.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let [key, constant, name, headers] = line
                .split('\t')
                .collect::<Vec<_>>()
                .try_into()
                .expect("four columns");
            let headers = headers
                .split(' ')
                .filter(|header| *header != "-")
                .map(|header| {
                    let numbers: Vec<i16> = header
                        .split(':')
                        .map(|number| number.parse().expect("a number"))
                        .collect();
                    (numbers[0], (numbers[1], numbers[2]))
                });
            GoldenApi {
                key: key.parse().expect("a number"),
                constant,
                name,
                headers: headers.collect(),
            }
        })
        .collect()
}

#[test]
fn constants_keys_and_names_equal_kafkas_own_in_ascending_order() {
    let ours: Vec<_> = CONSTANTS
        .iter()
        .map(|(constant, key)| (key.0, *constant, key.name().expect("a known key")))
        .collect();
    let golden: Vec<_> = golden()
        .iter()
        .map(|api| (api.key, api.constant, api.name))
        .collect();
    assert_eq!(ours, golden);
    assert!(ApiKey::known().eq(CONSTANTS.iter().map(|(_, key)| *key)));
    assert!(ApiKey::known().is_sorted_by(|a, b| a < b));
}

#[test]
fn versions_and_header_versions_equal_kafkas_own_and_no_other_version_has_any() {
    for api in golden() {
        let key = ApiKey(api.key);
        for version in (-100..=100).chain([i16::MIN, i16::MAX]) {
            let headers = api.headers.get(&version);
            let valid = key
                .versions()
                .is_some_and(|versions| versions.contains(&version));
            assert_eq!(valid, headers.is_some(), "{key} v{version}");
            assert_eq!(
                key.request_header_version(version),
                headers.map(|(request, _)| *request),
                "{key} v{version}"
            );
            assert_eq!(
                key.response_header_version(version),
                headers.map(|(_, response)| *response),
                "{key} v{version}"
            );
        }
    }
}

#[test]
fn requests_that_kafka_dropped_have_a_name_but_no_versions() {
    let dropped: Vec<_> = ApiKey::known()
        .filter(|key| key.versions().is_none())
        .collect();
    assert_eq!(
        dropped,
        [
            ApiKey::LEADER_AND_ISR,
            ApiKey::STOP_REPLICA,
            ApiKey::UPDATE_METADATA,
            ApiKey::CONTROLLED_SHUTDOWN,
        ]
    );
}

#[test]
fn the_response_header_of_api_versions_is_never_flexible() {
    let key = ApiKey::API_VERSIONS;
    for version in key.versions().expect("a known key") {
        assert_eq!(key.response_header_version(version), Some(0));
    }
    assert_eq!(key.request_header_version(3), Some(2));
}

#[test]
fn every_key_of_sixteen_bits_survives_and_an_unknown_one_has_nothing_else() {
    let known: Vec<_> = ApiKey::known().collect();
    for number in i16::MIN..=i16::MAX {
        let key = ApiKey::from(number);
        assert_eq!(i16::from(key), number);
        if !known.contains(&key) {
            assert_eq!(key.name(), None);
            assert_eq!(key.versions(), None);
            assert_eq!(key.request_header_version(0), None);
            assert_eq!(key.response_header_version(0), None);
        }
    }
}

#[test]
fn keys_print_their_name_and_number() {
    assert_eq!(ApiKey::API_VERSIONS.to_string(), "ApiVersions (18)");
    assert_eq!(format!("{:?}", ApiKey::LEADER_AND_ISR), "LeaderAndIsr (4)");
    assert_eq!(format!("{:?}", ApiKey(-1)), "unknown API key -1");
}
