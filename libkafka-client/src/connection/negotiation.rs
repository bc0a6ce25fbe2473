//! `Next`: which version of ApiVersions to try next.
//!
//! The first try uses the highest version that this library has. A broker that lacks it says so
//! with error 35, in version 0 as Kafka does (KIP-511), and from Kafka 2.4 on lists the versions of
//! ApiVersions that it has. Other brokers answer error 35 in a form of their own, or close the
//! connection.

use bytes::Bytes;
use libkafka_protocol::messages::{ApiVersionsRequest, ApiVersionsResponse};
use libkafka_protocol::{ApiKey, ErrorCode, KafkaWire, frame};

use super::versions::BrokerVersions;

/// The position of the error code: after the correlation id, in every version.
const CODE: std::ops::Range<usize> = 4..6;

/// The highest version that is answered by gateways which close the connection at any higher one,
/// such as Azure Event Hubs.
const WIDELY_KNOWN: i16 = 3;

/// What follows from an answer.
#[derive(Debug)]
pub(super) enum Next {
    /// These are the broker's versions.
    Done(BrokerVersions),
    /// Ask again on the same connection, in this version.
    Ask(i16),
    /// The broker refuses, whatever the version.
    Refused(ErrorCode),
    /// The bytes are not an answer.
    Undecodable(libkafka_protocol::Error),
}

/// The request, which is the same in every version.
pub(super) fn request() -> ApiVersionsRequest {
    ApiVersionsRequest {
        client_software_name: "libkafka".to_owned(),
        client_software_version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Default::default()
    }
}

/// The version to begin with, if none above `limit` may be used.
pub(super) fn first(limit: i16) -> i16 {
    ApiVersionsRequest::VERSIONS.max.min(limit).max(0)
}

/// What follows from an answer, without its length field, to a request of this version.
pub(super) fn after_answer(version: i16, answer: &Bytes) -> Next {
    if answer.get(CODE) == Some(&ErrorCode::UNSUPPORTED_VERSION.0.to_be_bytes()) {
        return match version {
            ..=0 => Next::Refused(ErrorCode::UNSUPPORTED_VERSION),
            _ => Next::Ask(lower(version, answer)),
        };
    }
    match frame::decode_response::<ApiVersionsResponse>(version, answer) {
        Ok((_, response, _)) if response.error_code.is_ok() => Next::Done(response.into()),
        Ok((_, response, _)) => Next::Refused(response.error_code),
        Err(error) => Next::Undecodable(error),
    }
}

/// The version to try on a fresh connection after the connection was closed instead of an answer,
/// if there is any left.
pub(super) fn after_close(version: i16) -> Option<i16> {
    match version {
        ..=0 => None,
        1..=WIDELY_KNOWN => Some(0),
        _ => Some(WIDELY_KNOWN),
    }
}

/// A lower version: the one in the refusal, or else the next lower one.
fn lower(version: i16, refusal: &Bytes) -> i16 {
    let next = version - 1;
    match listed(refusal) {
        Listed::Version(listed) => listed.clamp(0, next),
        // As a broker before 2.4 says it, which has version 0 to 2 and does not list them.
        Listed::Nothing => 0,
        Listed::Other => next,
    }
}

enum Listed {
    /// The highest version of ApiVersions.
    Version(i16),
    Nothing,
    /// A form of its own.
    Other,
}

/// What a refusal lists, read as version 0, whatever follows.
fn listed(refusal: &Bytes) -> Listed {
    let Some((length, mut entries)) = refusal[CODE.end..].split_first_chunk::<4>() else {
        return Listed::Other;
    };
    let count = i32::from_be_bytes(*length);
    if count == 0 && entries.is_empty() {
        return Listed::Nothing;
    }
    for _ in 0..count {
        let Some((&[k0, k1, _, _, v0, v1], rest)) = entries.split_first_chunk::<6>() else {
            return Listed::Other;
        };
        if ApiKey(i16::from_be_bytes([k0, k1])) == ApiKey::API_VERSIONS {
            return Listed::Version(i16::from_be_bytes([v0, v1]));
        }
        entries = rest;
    }
    Listed::Other
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer with this body.
    fn answer(body: &[u8]) -> Bytes {
        [&[0, 0, 0, 1], body].concat().into()
    }

    fn asks(version: i16, body: &[u8]) -> i16 {
        match after_answer(version, &answer(body)) {
            Next::Ask(version) => version,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_refusal_in_kafkas_form_says_which_version_is_next() {
        // Since 2.4.
        let listing = |max| [&[0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0][..], &[max]].concat();
        assert_eq!(asks(5, &listing(4)), 4);
        assert_eq!(asks(5, &listing(3)), 3);
        assert_eq!(asks(5, &listing(0)), 0);
        // Nobody is asked in the same version twice.
        assert_eq!(asks(5, &listing(5)), 4);
        assert_eq!(asks(1, &listing(127)), 0);
        // Before.
        assert_eq!(asks(5, &[0, 35, 0, 0, 0, 0]), 0);
    }

    #[test]
    fn a_refusal_in_another_form_makes_the_next_lower_version_the_next() {
        // Version 1 with nothing, and with a range.
        assert_eq!(asks(5, &[0, 35, 0, 0, 0, 0, 0, 0, 0, 0]), 4);
        let range = [0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 2, 0, 0, 0, 0];
        assert_eq!(asks(5, &range), 2);
        // Version 3.
        let flexible = [0, 35, 2, 0, 18, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0];
        assert_eq!(asks(5, &flexible), 4);
        // librdkafka's mock cluster.
        let mock = [0, 35, 1, 0, 18, 0, 0, 0, 2, 0, 0, 0, 0];
        assert_eq!(asks(5, &mock), 4);
        for cut in 2..mock.len() {
            assert_eq!(asks(3, &mock[..cut]), 2, "{cut}");
        }
        // A count with no entries after it.
        assert_eq!(asks(4, &[0, 35, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3]), 3);
        assert_eq!(asks(4, &[0, 35, 0xff, 0xff, 0xff, 0xff]), 3);
    }

    #[test]
    fn version_0_is_the_last_that_is_tried() {
        let refused = after_answer(0, &answer(&[0, 35, 0, 0, 0, 0]));
        assert!(matches!(
            refused,
            Next::Refused(ErrorCode::UNSUPPORTED_VERSION)
        ));
        assert_eq!(after_close(0), None);
    }

    #[test]
    fn a_broker_that_closes_the_connection_is_asked_in_widely_known_versions() {
        assert_eq!(after_close(5), Some(3));
        assert_eq!(after_close(4), Some(3));
        assert_eq!(after_close(3), Some(0));
        assert_eq!(after_close(1), Some(0));
    }

    #[test]
    fn every_other_answer_is_final() {
        let refused = after_answer(0, &answer(&[0, 58, 0, 0, 0, 0]));
        assert!(matches!(refused, Next::Refused(ErrorCode(58))));
        let nonsense = after_answer(0, &answer(&[0, 0, 0, 0, 0, 9]));
        assert!(matches!(nonsense, Next::Undecodable(_)));
        let short = after_answer(0, &answer(&[]));
        assert!(matches!(short, Next::Undecodable(_)));
        let versions = after_answer(0, &answer(&[0, 0, 0, 0, 0, 1, 0, 1, 0, 4, 0, 11]));
        let Next::Done(versions) = versions else {
            panic!("{versions:?}")
        };
        assert_eq!(versions.of(ApiKey::FETCH).max, 11);
    }
}
