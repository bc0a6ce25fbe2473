//! Defaults of every kind: what `Default` gives, what counts as not set, and
//! what a version without the field reads.

use libkafka_protocol::{
    ApiKey, BrokerIds, Bytes, ErrorCode, ErrorKind, KafkaWire, Uuid, WireStruct,
};

use crate::{assert_error, both_ways, encode, refused};

const LIMIT: i32 = 1 << 20;

const fn twice(n: i64) -> i64 {
    2 * n
}

fn pair<A: Default, B: Default>() -> (A, B) {
    Default::default()
}

/// Absent in version 0, so that what is not at its default is refused.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1", flexible = "1+")]
struct Defaults {
    #[kafka(versions = "1+", default = -1)]
    negative: i32,
    #[kafka(versions = "1+", default = true)]
    boolean: bool,
    #[kafka(versions = "1+", default = 0x7fff_ffff)]
    hexadecimal: i32,
    #[kafka(versions = "1+", default = -9223372036854775808)]
    least: i64,
    #[kafka(versions = "1+", default = 0.5)]
    float: f64,
    #[kafka(versions = "1+", default = LIMIT)]
    constant: i32,
    #[kafka(versions = "1+", default = twice(21) + 1)]
    call: i64,
    #[kafka(versions = "1+", default = {
        let (number, _) = pair::<i32, u32>();
        number + 9
    })]
    block: i32,
    #[kafka(versions = "1+", default = ErrorCode::UNKNOWN_SERVER_ERROR)]
    error_code: ErrorCode,
    #[kafka(versions = "1+", default = ApiKey(18))]
    api_key: ApiKey,
    #[kafka(versions = "1+", default = Uuid([1; 16]))]
    id: Uuid,
    #[kafka(versions = "1+", default = "PLAIN")]
    text: String,
    #[kafka(versions = "1+", default = "PLAIN")]
    optional_text: Option<String>,
    #[kafka(versions = "1+", default = "")]
    empty_text: Option<String>,
    #[kafka(versions = "1+", default = b"ab")]
    bytes: Bytes,
    #[kafka(versions = "1+", default = b"ab")]
    optional_bytes: Option<Bytes>,
    #[kafka(versions = "1+", default = b"")]
    empty_bytes: Option<Bytes>,
    #[kafka(versions = "1+", default = [3, 4])]
    array: Vec<i32>,
    #[kafka(versions = "1+", default = [3, 4])]
    optional_array: Option<Vec<i32>>,
    #[kafka(versions = "1+", default = [])]
    empty_array: Option<Vec<i32>>,
    #[kafka(versions = "1+", default = [1, 2, 3])]
    brokers: BrokerIds,
    #[kafka(versions = "1+")]
    null: Option<String>,
    #[kafka(versions = "1+")]
    inner: Inner,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct Inner {
    #[kafka(default = 7)]
    number: i8,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1", flexible = "1+")]
struct Borrowed<'a> {
    #[kafka(versions = "1+", default = "PLAIN")]
    text: &'a str,
    #[kafka(versions = "1+", default = "PLAIN")]
    optional_text: Option<&'a str>,
    #[kafka(versions = "1+", default = b"ab")]
    bytes: &'a [u8],
    #[kafka(versions = "1+", default = b"ab")]
    optional_bytes: Option<&'a [u8]>,
}

#[test]
fn default_gives_what_the_annotations_say() {
    let expected = Defaults {
        negative: -1,
        boolean: true,
        hexadecimal: i32::MAX,
        least: i64::MIN,
        float: 0.5,
        constant: 1 << 20,
        call: 43,
        block: 9,
        error_code: ErrorCode(-1),
        api_key: ApiKey(18),
        id: Uuid([1; 16]),
        text: "PLAIN".into(),
        optional_text: Some("PLAIN".into()),
        empty_text: Some(String::new()),
        bytes: Bytes::from_static(b"ab"),
        optional_bytes: Some(Bytes::from_static(b"ab")),
        empty_bytes: Some(Bytes::new()),
        array: vec![3, 4],
        optional_array: Some(vec![3, 4]),
        empty_array: Some(vec![]),
        brokers: BrokerIds::from([1, 2, 3]),
        null: None,
        inner: Inner { number: 7 },
    };
    assert_eq!(Defaults::default(), expected);
    // A version that has none of the fields takes no bytes.
    both_ways(0, &[], expected);

    let expected = Borrowed {
        text: "PLAIN",
        optional_text: Some("PLAIN"),
        bytes: b"ab",
        optional_bytes: Some(b"ab"),
    };
    assert_eq!(Borrowed::default(), expected);
    both_ways(0, &[], expected);
}

#[test]
fn every_field_that_is_not_at_its_default_is_refused_where_it_is_absent() {
    macro_rules! refuses {
        ($message:ident: $($field:ident = $value:expr;)*) => {$(
            // A field that was empty or zero is set too, if its default is not that.
            let message = $message { $field: $value, ..Default::default() };
            let error = refused(&message, 0);
            assert_error(&error, stringify!($field), None, ErrorKind::NotInVersion);
        )*};
    }
    refuses! { Defaults:
        negative = 0;
        boolean = false;
        hexadecimal = 0;
        least = 0;
        float = 0.0;
        constant = 0;
        call = 0;
        block = 0;
        error_code = ErrorCode::NONE;
        api_key = ApiKey(0);
        id = Uuid::ZERO;
        text = String::new();
        text = "plain".into();
        optional_text = None;
        optional_text = Some(String::new());
        empty_text = None;
        empty_text = Some("x".into());
        bytes = Bytes::new();
        optional_bytes = None;
        optional_bytes = Some(Bytes::new());
        empty_bytes = None;
        array = vec![];
        array = vec![4, 3];
        optional_array = None;
        optional_array = Some(vec![]);
        empty_array = None;
        brokers = BrokerIds::new();
        null = Some(String::new());
        inner = Inner { number: 0 };
    }
    refuses! { Borrowed:
        text = "";
        optional_text = None;
        optional_text = Some("");
        bytes = b"";
        optional_bytes = None;
        optional_bytes = Some(b"");
    }
}

#[test]
fn what_is_at_its_default_is_written_where_it_is_present() {
    let bytes = encode(&Borrowed::default(), 1);
    assert_eq!(bytes, b"\x06PLAIN\x06PLAIN\x03ab\x03ab\0");
}

#[test]
fn the_schema_shows_defaults_as_they_are_written() {
    let default_of = |name| {
        let fields = Defaults::SCHEMA.fields;
        fields.iter().find(|f| f.name == name).unwrap().default
    };
    assert_eq!(default_of("negative"), Some("-1"));
    assert_eq!(default_of("boolean"), Some("true"));
    assert_eq!(default_of("optionalText"), Some("PLAIN"));
    assert_eq!(default_of("emptyArray"), Some(""));
    assert_eq!(default_of("null"), None);
    assert_eq!(default_of("inner"), None);
}
