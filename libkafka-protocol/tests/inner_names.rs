//! Structs inside the messages of an API that has modules `request` and `response`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The names of the public structs in a part of a message file.
fn structs(source: &str) -> BTreeSet<&str> {
    source
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub struct "))
        .filter_map(|rest| rest.split([' ', '<']).next())
        .collect()
}

#[test]
fn a_struct_can_be_named_without_request_or_response_unless_both_have_one_of_its_name() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/messages");
    let mut apis = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let source = fs::read_to_string(&path).unwrap();
        let Some((reexports, rest)) = source.split_once("\npub mod request {") else {
            continue;
        };
        let (request, response) = rest.split_once("\npub mod response {").unwrap();
        let (request, response) = (structs(request), structs(response));
        let words: BTreeSet<_> = reexports
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| request.contains(word) || response.contains(word))
            .collect();
        let expected: BTreeSet<_> = request.symmetric_difference(&response).copied().collect();
        assert_eq!(words, expected, "{}", path.display());
        apis += 1;
    }
    assert_eq!(apis, 11);
}

#[test]
fn the_error_of_a_uuid_that_cannot_be_parsed_can_be_named() {
    fn parse(text: &str) -> Result<libkafka_protocol::Uuid, libkafka_protocol::ParseUuidError> {
        text.parse()
    }
    assert!(parse("AAAAAAAAAAAAAAAAAAAAAA").unwrap().is_zero());
    assert!(parse("zero").is_err());
}
