//! Fields that come and go, and null that comes later than its field.

use libkafka_protocol::{ErrorKind, KafkaWire};

use crate::{assert_error, both_ways, encode, refused};

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "2-9", flexible = "8+")]
struct Timeline {
    always: i8,
    #[kafka(versions = "3+")]
    from_three: i8,
    #[kafka(versions = "0-4")]
    until_four: i8,
    #[kafka(versions = "4-6", ignorable)]
    four_to_six: i8,
    #[kafka(versions = "5")]
    only_five: i8,
    #[kafka(nullable = "6+", default = "")]
    null_from_six: Option<String>,
    #[kafka(nullable = "none", default = "")]
    never_null: Option<String>,
}

fn at_defaults() -> Timeline {
    let (null_from_six, never_null) = (Some(String::new()), Some(String::new()));
    Timeline {
        null_from_six,
        never_null,
        ..Default::default()
    }
}

#[test]
fn each_version_carries_the_fields_that_it_has() {
    let message = |from_three, until_four, four_to_six, only_five| Timeline {
        always: 1,
        from_three,
        until_four,
        four_to_six,
        only_five,
        ..at_defaults()
    };
    both_ways(2, &[1, 3, 0, 0, 0, 0], message(0, 3, 0, 0));
    both_ways(3, &[1, 2, 3, 0, 0, 0, 0], message(2, 3, 0, 0));
    both_ways(4, &[1, 2, 3, 4, 0, 0, 0, 0], message(2, 3, 4, 0));
    both_ways(5, &[1, 2, 4, 5, 0, 0, 0, 0], message(2, 0, 4, 5));
    both_ways(6, &[1, 2, 4, 0, 0, 0, 0], message(2, 0, 4, 0));
    both_ways(7, &[1, 2, 0, 0, 0, 0], message(2, 0, 0, 0));
    // Two empty compact strings and no tags.
    both_ways(8, &[1, 2, 1, 1, 0], message(2, 0, 0, 0));
}

#[test]
fn a_field_that_is_set_and_absent_is_refused_or_ignored_as_it_says() {
    for (version, path, message) in [
        (
            2,
            "from_three",
            Timeline {
                from_three: 1,
                ..at_defaults()
            },
        ),
        (
            5,
            "until_four",
            Timeline {
                until_four: 1,
                ..at_defaults()
            },
        ),
        (
            4,
            "only_five",
            Timeline {
                only_five: 1,
                ..at_defaults()
            },
        ),
        (
            6,
            "only_five",
            Timeline {
                only_five: 1,
                ..at_defaults()
            },
        ),
    ] {
        let error = refused(&message, version);
        assert_error(&error, path, None, ErrorKind::NotInVersion);
        assert_eq!(
            (error.message_name(), error.version()),
            (Some("Timeline"), Some(version))
        );
    }
    let ignored = Timeline {
        four_to_six: 1,
        ..at_defaults()
    };
    assert_eq!(encode(&ignored, 3), encode(&at_defaults(), 3));
    assert_eq!(encode(&ignored, 7), encode(&at_defaults(), 7));
}

#[test]
fn null_is_refused_in_versions_before_it_is_allowed() {
    let null = Timeline {
        null_from_six: None,
        ..at_defaults()
    };
    both_ways(6, &[0, 0, 0, 0xff, 0xff, 0, 0], null.clone());
    both_ways(8, &[0, 0, 0, 1, 0], null.clone());
    assert_error(
        &refused(&null, 5),
        "null_from_six",
        None,
        ErrorKind::UnexpectedNull,
    );
    let error = Timeline::decode_exact(3, &[0, 0, 0, 0xff, 0xff, 0, 0]).unwrap_err();
    assert_error(&error, "null_from_six", Some(5), ErrorKind::UnexpectedNull);

    let never = Timeline {
        never_null: None,
        ..at_defaults()
    };
    assert_error(
        &refused(&never, 9),
        "never_null",
        None,
        ErrorKind::UnexpectedNull,
    );
    let error = Timeline::decode_exact(9, &[0, 0, 1, 0, 0]).unwrap_err();
    assert_error(&error, "never_null", Some(4), ErrorKind::UnexpectedNull);
}

#[test]
fn a_version_that_does_not_exist_is_refused_both_ways() {
    for version in [-1, 0, 1, 10, i16::MAX, i16::MIN] {
        let kind = ErrorKind::UnsupportedVersion {
            supported: Timeline::VERSIONS,
        };
        let error = refused(&at_defaults(), version);
        assert_error(&error, "", None, kind.clone());
        assert_eq!(
            (error.message_name(), error.version()),
            (Some("Timeline"), Some(version))
        );
        let error = Timeline::decode(version, &[0; 64]).unwrap_err();
        assert_error(&error, "", None, kind);
    }
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1", flexible = "0+")]
struct Lengths {
    compact: String,
    #[kafka(not_flexible)]
    old: Option<String>,
    compact_again: Vec<i16>,
}

#[test]
fn a_length_that_is_not_flexible_keeps_its_old_form() {
    let message = Lengths {
        compact: "a".into(),
        old: Some("b".into()),
        compact_again: vec![258],
    };
    both_ways(1, &[2, b'a', 0, 1, b'b', 2, 1, 2, 0], message.clone());
    let null = Lengths {
        old: None,
        ..message
    };
    both_ways(1, &[2, b'a', 0xff, 0xff, 2, 1, 2, 0], null);
}
