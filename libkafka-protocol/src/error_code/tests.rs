extern crate std;

use std::collections::HashSet;
use std::string::ToString;
use std::{format, vec::Vec};

use super::*;

#[test]
fn the_table_equals_kafkas_own_in_every_field() {
    let golden: Vec<Vec<&str>> = include_str!("../../tests/golden/errors.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    let ours: Vec<_> = ErrorCode::known()
        .map(|code| {
            std::vec![
                code.0.to_string(),
                code.name().expect("a known code").to_string(),
                code.is_retriable().to_string(),
                code.wants_fresh_metadata().to_string(),
            ]
        })
        .collect();
    assert_eq!(ours, golden);
}

#[test]
fn known_codes_ascend_without_a_repeated_name() {
    assert!(ErrorCode::known().is_sorted_by(|a, b| a < b));
    let names: HashSet<_> = ErrorCode::known().map(ErrorCode::name).collect();
    assert_eq!(names.len(), ErrorCode::known().len());
}

#[test]
fn every_known_code_has_a_description_of_its_own() {
    let descriptions: HashSet<_> = ErrorCode::known()
        .map(|code| code.description().expect("a known code"))
        .collect();
    assert_eq!(descriptions.len(), ErrorCode::known().len());
    for text in descriptions {
        assert!(
            text.ends_with('.') && text.trim() == text && !text.contains("  "),
            "{text:?}"
        );
    }
}

#[test]
fn every_code_of_sixteen_bits_survives_and_only_known_ones_have_a_name() {
    let known: HashSet<_> = ErrorCode::known().collect();
    for code in i16::MIN..=i16::MAX {
        let error = ErrorCode::from(code);
        assert_eq!(i16::from(error), code);
        assert_eq!(error.name().is_some(), known.contains(&error));
        assert_eq!(error.description().is_some(), known.contains(&error));
        assert_eq!(error.is_ok(), code == 0);
    }
}

#[test]
fn an_unknown_code_is_neither_success_nor_retriable() {
    let code = ErrorCode(999);
    assert!(!code.is_ok() && !code.is_retriable() && !code.wants_fresh_metadata());
}

#[test]
fn only_none_is_success_and_it_is_the_default() {
    let successes: Vec<_> = ErrorCode::known().filter(|code| code.is_ok()).collect();
    assert_eq!(successes, [ErrorCode::NONE]);
    assert_eq!(ErrorCode::default(), ErrorCode::NONE);
}

#[test]
fn codes_print_their_name_and_number() {
    assert_eq!(
        format!("{}", ErrorCode::UNKNOWN_SERVER_ERROR),
        "UNKNOWN_SERVER_ERROR (-1)"
    );
    assert_eq!(format!("{:?}", ErrorCode(6)), "NOT_LEADER_OR_FOLLOWER (6)");
    assert_eq!(format!("{:?}", ErrorCode(-2)), "unknown error code -2");
}
