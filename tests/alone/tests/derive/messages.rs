//! Requests and responses of a user's own.

use libkafka_protocol::frame::{
    decode_request, decode_response_exact, encode_request, encode_response,
};
use libkafka_protocol::messages::RequestHeader;
use libkafka_protocol::wire::Value;
use libkafka_protocol::{
    ApiKey, Bytes, ErrorCode, KafkaWire, Request, Response, TargetKind, UnknownTags,
};

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 1000, versions = "0-1", flexible = "1+")]
struct AuditRequest {
    user: String,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 1000, versions = "0-1", flexible = "1+")]
struct AuditResponse {
    error_code: ErrorCode,
    entries: Vec<AuditEntry>,
    throttle_time_ms: i32,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct AuditEntry {
    name: String,
    error: ErrorCode,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 1001, versions = "0", response = Generic<i32>, broker = "share_coordinator")]
struct Ask {}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 1001, versions = "0")]
struct GenericResponse<T> {
    value: T,
}

type Generic<T> = GenericResponse<T>;

#[test]
fn a_request_knows_its_api_its_broker_and_what_answers_it() {
    fn answer<R: Request>() -> (ApiKey, TargetKind, &'static str) {
        (
            R::API_KEY,
            R::TARGET,
            std::any::type_name::<R::Response>()
                .rsplit("::")
                .next()
                .unwrap(),
        )
    }
    assert_eq!(
        answer::<AuditRequest>(),
        (ApiKey(1000), TargetKind::Any, "AuditResponse")
    );
    assert_eq!(
        answer::<Ask>(),
        (
            ApiKey(1001),
            TargetKind::ShareCoordinator,
            "GenericResponse<i32>"
        )
    );
    assert_eq!(
        (
            AuditRequest::header_version(0),
            AuditRequest::header_version(1)
        ),
        (1, 2)
    );
    assert_eq!(
        (
            AuditResponse::header_version(0),
            AuditResponse::header_version(1)
        ),
        (0, 1)
    );
}

#[test]
fn a_frame_of_a_users_own_message_has_length_header_and_body() {
    let header = RequestHeader {
        request_api_key: AuditRequest::API_KEY,
        request_api_version: 1,
        correlation_id: 5,
        client_id: Some("c".into()),
        ..Default::default()
    };
    let mut bytes = Vec::new();
    encode_request(&header, &AuditRequest { user: "u".into() }, &mut bytes).unwrap();
    let expected = [
        0, 0, 0, 15, // length
        3, 232, 0, 1, 0, 0, 0, 5, // key, version, correlation id
        0, 1, b'c', 0, // client id in the old form, tags
        2, b'u', 0, // body
    ];
    assert_eq!(bytes, expected);

    let response = AuditResponse {
        error_code: ErrorCode::NONE,
        entries: vec![AuditEntry {
            name: "n".into(),
            error: ErrorCode(3),
        }],
        throttle_time_ms: 258,
    };
    let mut bytes = Vec::new();
    encode_response(1, 5, &response, &mut bytes).unwrap();
    let expected = [
        0, 0, 0, 18, // length
        0, 0, 0, 5, 0, // correlation id, tags
        0, 0, // error code
        2, 2, b'n', 0, 3, 0, // one entry
        0, 0, 1, 2, 0, // throttle time, tags
    ];
    assert_eq!(bytes, expected);
    let frame = Bytes::from(bytes).slice(4..);
    assert_eq!(decode_response_exact(1, &frame).unwrap(), (5, response));
}

#[test]
fn a_response_tells_its_errors_and_its_throttle_time() {
    let mut response = AuditResponse {
        error_code: ErrorCode::NONE,
        entries: vec![AuditEntry {
            name: String::new(),
            error: ErrorCode(3),
        }],
        throttle_time_ms: 258,
    };
    assert_eq!(response.all_error_codes(), [ErrorCode(0), ErrorCode(3)]);
    assert_eq!(response.first_error(), Some(ErrorCode(3)));
    assert_eq!(response.throttle_time_ms(), Some(258));
    response.entries.clear();
    assert_eq!(response.first_error(), None);
    let answer = GenericResponse::<i32>::decode_exact(0, &[0, 0, 0, 9]).unwrap();
    assert_eq!((answer.value, answer.throttle_time_ms()), (9, None));
}

/// Structs by the names of types that hold no error code.
mod misleading {
    use libkafka_protocol::{ErrorCode, KafkaWire};

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub(crate) struct Bytes {
        pub(crate) error_code: ErrorCode,
    }

    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    pub(crate) struct Uuid(pub(crate) ErrorCode);
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 1002, versions = "0-1", flexible = "1+")]
struct MisleadingResponse {
    name: String,
    one: misleading::Bytes,
    many: Vec<misleading::Bytes>,
    maybe: Option<misleading::Bytes>,
    boxed: Option<Box<misleading::Bytes>>,
    newtype: misleading::Uuid,
    #[kafka(versions = "1+", tag = 0)]
    tagged: misleading::Bytes,
    unknown_tags: UnknownTags,
}

#[test]
fn a_type_says_whether_it_holds_error_codes_and_not_its_name() {
    use misleading::{Bytes, Uuid};
    let with = |code| Bytes {
        error_code: ErrorCode(code),
    };
    let response = MisleadingResponse {
        one: with(1),
        many: vec![with(2), with(3)],
        maybe: Some(with(4)),
        boxed: Some(Box::new(with(5))),
        newtype: Uuid(ErrorCode(6)),
        tagged: with(7),
        ..Default::default()
    };
    assert_eq!(response.first_error(), Some(ErrorCode(1)));
    assert_eq!(
        response.all_error_codes(),
        [1, 2, 3, 4, 5, 6, 7].map(ErrorCode)
    );

    const { assert!(MisleadingResponse::HOLDS_ERROR_CODES) };
    const { assert!(<Option<Vec<Box<Bytes>>>>::HOLDS_ERROR_CODES) };
    const { assert!(!<Option<Vec<libkafka_protocol::Bytes>>>::HOLDS_ERROR_CODES) };
    const { assert!(!<Vec<i32>>::HOLDS_ERROR_CODES) };
}

/// What a server does with any request.
fn serve<R: Request + PartialEq + std::fmt::Debug>(frame: &Bytes) -> (i32, R) {
    let (header, request, overlooked) = decode_request::<R>(frame).unwrap();
    assert!(overlooked.is_empty());
    let (_, body) = frame.split_at(frame.len() - 3);
    assert_eq!(R::decode_exact(1, body).unwrap(), request);
    (header.correlation_id, request)
}

#[test]
fn a_server_decodes_any_request_by_its_trait_alone() {
    // As in the frame above, without its length.
    let frame = Bytes::from_static(&[3, 232, 0, 1, 0, 0, 0, 5, 0, 1, b'c', 0, 2, b'u', 0]);
    let expected = AuditRequest { user: "u".into() };
    assert_eq!(serve(&frame), (5, expected));
}

#[test]
fn a_main_that_returns_the_error_prints_a_sentence() {
    let error = AuditRequest::decode_exact(0, &[0]).unwrap_err();
    let sentence = "AuditRequest v0: user: 2 bytes are needed, and 1 are left (at byte 0)";
    assert_eq!(error.to_string(), sentence);
    let error: Box<dyn std::error::Error> = error.into();
    assert_eq!(format!("{error:?}"), sentence);
}
