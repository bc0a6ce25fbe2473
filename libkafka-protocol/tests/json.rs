//! JSON of structs as a user writes them, and what is wrong with JSON that does not fit.

use libkafka_protocol::json::{FromJson, ToJson, Value};
use libkafka_protocol::messages::{
    ApiVersionsResponse, HeartbeatResponse, MetadataRequest, MetadataResponse,
};
use libkafka_protocol::{Bytes, Error, ErrorKind, KafkaWire, UnknownTags, Uuid};
use serde_json::json;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-3", flexible = "2+")]
struct Everything<T> {
    flag: bool,
    small: i8,
    port: u16,
    count: u32,
    ratio: f64,
    id: Uuid,
    blob: Bytes,
    #[kafka(nullable = "1+")]
    note: Option<String>,
    #[kafka(name = "nodeID", versions = "1+", default = -1)]
    node_id: i32,
    #[kafka(versions = "1+", ignorable)]
    hint: i64,
    parts: Vec<Part<T>>,
    next: Option<Box<Part<T>>>,
    #[kafka(versions = "3+", tag = 0, default = 5)]
    extra: i32,
    unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct Part<T> {
    value: T,
    names: Vec<Option<String>>,
    unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct Name(String);

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0")]
struct Borrowed<'a> {
    text: &'a str,
    raw: Option<&'a [u8]>,
}

fn everything() -> Everything<Name> {
    let part = Part {
        value: Name("a".into()),
        names: vec![None, Some("b".into())],
        unknown_tags: UnknownTags::new(),
    };
    Everything {
        flag: true,
        small: -128,
        port: u16::MAX,
        count: u32::MAX,
        ratio: f64::INFINITY,
        id: Uuid([0xff; 16]),
        blob: Bytes::from_static(&[0xfb, 0xff]),
        note: None,
        node_id: 3,
        hint: i64::MIN,
        parts: vec![part.clone()],
        next: Some(Box::new(part)),
        extra: 6,
        unknown_tags: UnknownTags::new(),
    }
}

/// The JSON of [`everything`] in version 3.
fn everything_as_json() -> Value {
    json!({
        "flag": true,
        "small": -128,
        "port": 65535,
        "count": 4294967295u32,
        "ratio": "Infinity",
        "id": "_____________________w",
        "blob": "+/8=",
        "note": null,
        "nodeID": 3,
        "hint": i64::MIN,
        "parts": [{"value": "a", "names": [null, "b"]}],
        "next": {"value": "a", "names": [null, "b"]},
        "extra": 6,
    })
}

/// [`everything_as_json`] with one value changed, or taken out.
fn changed(pointer: &str, value: Option<Value>) -> Result<Everything<Name>, Error> {
    let mut json = everything_as_json();
    match (value, pointer.rsplit_once('/').unwrap()) {
        (Some(value), _) => *json.pointer_mut(pointer).unwrap() = value,
        (None, (parent, field)) => {
            let parent = json.pointer_mut(parent).unwrap();
            parent.as_object_mut().unwrap().remove(field).unwrap();
        }
    }
    Everything::from_json(3, &json)
}

#[test]
fn a_users_struct_becomes_json_and_comes_back() {
    let json = everything_as_json();
    assert_eq!(everything().to_json(3), Ok(json.clone()));
    assert_eq!(Everything::from_json(3, &json), Ok(everything()));
}

#[test]
fn a_struct_that_borrows_becomes_json() {
    let borrowed = Borrowed {
        text: "\u{1f980}",
        raw: Some(b"kafka"),
    };
    let json = json!({"text": "\u{1f980}", "raw": "a2Fma2E="});
    assert_eq!(borrowed.to_json(0), Ok(json));
}

#[test]
fn a_field_that_the_version_lacks_is_left_out_at_its_default_or_if_ignorable() {
    let mut message = everything();
    message.note = Some(String::new());
    message.node_id = -1;
    message.extra = 5;
    let json = message.to_json(0).unwrap();
    assert_eq!(json.get("nodeID"), None);
    assert_eq!(json.get("hint"), None);
    assert_eq!(json.get("extra"), None);
}

#[test]
fn a_field_that_the_version_lacks_is_an_error_if_it_is_set() {
    let error = everything().to_json(2).unwrap_err();
    assert_eq!(error.path(), "extra");
    assert_eq!(*error.kind(), ErrorKind::NotInVersion);
    assert_eq!(
        (error.message_name(), error.version()),
        (Some("Everything"), Some(2))
    );
}

#[test]
fn null_is_an_error_in_a_version_that_allows_none() {
    let mut message = everything();
    (message.extra, message.node_id) = (5, -1);
    let error = message.to_json(0).unwrap_err();
    assert_eq!(error.path(), "note");
    assert_eq!(*error.kind(), ErrorKind::UnexpectedNull);

    let error = MetadataRequest::from_json(0, &json!({"topics": null})).unwrap_err();
    assert_eq!(error.path(), "topics");
    assert_eq!(*error.kind(), ErrorKind::UnexpectedNull);
}

#[test]
fn a_tagged_field_is_left_out_at_its_default_and_comes_back_as_it() {
    let mut message = everything();
    message.extra = 5;
    assert_eq!(message.to_json(3).unwrap().get("extra"), None);
    assert_eq!(changed("/extra", None), Ok(message));
}

#[test]
fn a_missing_field_is_an_error_unless_the_version_lacks_it() {
    let error = changed("/parts/0/names", None).unwrap_err();
    assert_eq!(error.path(), "parts[0].names");
    assert_eq!(*error.kind(), ErrorKind::MissingField);

    let response = HeartbeatResponse::from_json(0, &json!({"errorCode": 0}));
    assert_eq!(response, Ok(HeartbeatResponse::default()));
    let error = HeartbeatResponse::from_json(1, &json!({"errorCode": 0})).unwrap_err();
    assert_eq!(error.path(), "throttleTimeMs");
}

#[test]
fn a_field_that_the_version_lacks_is_read_and_refused_by_encoding() {
    let json = json!({"topics": [], "allowAutoTopicCreation": false});
    let request = MetadataRequest::from_json(1, &json).unwrap();
    assert!(!request.allow_auto_topic_creation);
    let error = request.encode(1, &mut Vec::new()).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::NotInVersion);
}

#[test]
fn a_struct_in_a_field_that_the_version_lacks_is_an_error() {
    let json =
        |features: Value| json!({"errorCode": 0, "apiKeys": [], "supportedFeatures": features});
    let feature = json!({"name": "metadata.version", "minVersion": 1, "maxVersion": 2});
    let error = ApiVersionsResponse::from_json(0, &json(json!([feature]))).unwrap_err();
    assert_eq!(error.path(), "supportedFeatures");
    assert_eq!(*error.kind(), ErrorKind::NotInVersion);
    let response = ApiVersionsResponse::from_json(0, &json(json!([])));
    assert_eq!(response, Ok(ApiVersionsResponse::default()));
}

#[test]
fn a_version_that_does_not_exist_is_an_error_both_ways() {
    let supported = MetadataResponse::VERSIONS;
    let kind = ErrorKind::UnsupportedVersion { supported };
    let error = MetadataResponse::default().to_json(99).unwrap_err();
    assert_eq!(*error.kind(), kind);
    let error = MetadataResponse::from_json(-1, &json!({})).unwrap_err();
    assert_eq!(*error.kind(), kind);
}

#[test]
fn a_value_that_does_not_fit_is_an_error_with_its_path() {
    let cases = [
        ("/flag", json!(1), "true or false, found 1"),
        ("/small", json!(128), "a number from -128 to 127, found 128"),
        ("/port", json!(-1), "a number from 0 to 65535, found -1"),
        ("/port", json!("1"), "a number from 0 to 65535, found \"1\""),
        (
            "/count",
            json!(1.5),
            "a number from 0 to 4294967295, found 1.5",
        ),
        (
            "/hint",
            json!(u64::MAX),
            "a number of 64 bits, found 18446744073709551615",
        ),
        (
            "/ratio",
            json!("infinite"),
            "a number, \"NaN\", \"Infinity\" or \"-Infinity\", found \"infinite\"",
        ),
        (
            "/id",
            json!("AAAA"),
            "a uuid: 22 characters of unpadded, URL-safe base64, found \"AAAA\"",
        ),
        ("/blob", json!("-_8="), "base64, found \"-_8=\""),
        ("/blob", json!([1]), "base64, found an array"),
        ("/note", json!({}), "a string, found an object"),
        ("/parts", json!({}), "an array, found an object"),
        ("/parts/0", json!(null), "an object, found null"),
        ("/parts/0/names/1", json!(true), "a string, found true"),
        ("/next/value", json!(null), "a string, found null"),
    ];
    for (pointer, value, found) in cases {
        let error = changed(pointer, Some(value)).unwrap_err();
        assert_eq!(error.kind().to_string(), format!("expected {found}"));
        let path = format!(
            "/{}",
            error.path().replace(['.', '['], "/").replace(']', "")
        );
        assert_eq!(path, pointer);
    }
}

#[test]
fn an_error_quotes_no_more_than_the_start_of_a_string() {
    let error = changed("/blob", Some(json!("\u{e9}".repeat(1000)))).unwrap_err();
    let expected = format!("expected base64, found \"{}\"...", "\u{e9}".repeat(40));
    assert_eq!(error.kind().to_string(), expected);
}

#[test]
fn numbers_that_are_not_finite_survive_as_strings() {
    for (number, text) in [
        (f64::NAN, "NaN"),
        (f64::INFINITY, "Infinity"),
        (f64::NEG_INFINITY, "-Infinity"),
    ] {
        assert_eq!(number.to_json(0), Ok(json!(text)));
        let back = f64::from_json(0, &json!(text)).unwrap();
        assert_eq!(back.to_bits(), number.to_bits());
    }
}

#[test]
fn a_number_without_a_fraction_is_good_for_a_float() {
    assert_eq!(f64::from_json(0, &json!(3)), Ok(3.0));
}
