//! `Request` and `Response`: messages that have an API key.

use alloc::vec::Vec;

use crate::api_key::ApiKey;
use crate::error_code::ErrorCode;
use crate::message::KafkaWire;
use crate::wire::Decode;

/// The broker that a request must be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TargetKind {
    /// Any broker.
    Any,
    /// The leader of the partition that the request is about.
    Leader,
    /// The controller of the cluster.
    Controller,
    /// The coordinator of the group that the request is about.
    GroupCoordinator,
    /// The coordinator of the transactional id that the request is about.
    TransactionCoordinator,
    /// The coordinator of the share group's partition state (KIP-932).
    ShareCoordinator,
}

/// A request. It knows its API, the broker that it must be sent to, and its response.
///
/// Derived for structs with an `api_key` whose name ends in `Request` or that have a `response`.
///
/// A request owns its fields, so that a server can decode it: with `R: Request`,
/// [`R::decode`](KafkaWire::decode) and
/// [`frame::decode_request::<R>`](crate::frame::decode_request) need no further bound.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Kafka request",
    label = "needs `#[derive(KafkaWire)]` and `#[kafka(api_key = ..., versions = \"...\")]`",
    note = "the name of a request ends in `Request`, or it has `#[kafka(response = ...)]`"
)]
pub trait Request: KafkaWire + for<'de> Decode<'de> {
    /// The API.
    const API_KEY: ApiKey;

    /// The broker that the request must be sent to.
    const TARGET: TargetKind;

    /// The message that answers the request.
    type Response: Response;

    /// The version of the [`RequestHeader`](crate::messages::RequestHeader) in front of a request
    /// of this `version`.
    fn header_version(version: i16) -> i16 {
        if Self::FLEXIBLE.contains(version) {
            2
        } else {
            1
        }
    }
}

/// A response. It knows its API, its throttle time and its error codes.
///
/// Derived for structs with an `api_key` whose name ends in `Response`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a Kafka response",
    label = "needs `#[derive(KafkaWire)]` and `#[kafka(api_key = ..., versions = \"...\")]`",
    note = "the name of a response ends in `Response`"
)]
pub trait Response: KafkaWire + for<'de> Decode<'de> {
    /// The API.
    const API_KEY: ApiKey;

    /// The version of the [`ResponseHeader`](crate::messages::ResponseHeader) in front of a
    /// response of this `version`.
    ///
    /// It is always 0 for ApiVersions, whose reader does not know yet which versions the broker has
    /// (KIP-511).
    fn header_version(version: i16) -> i16 {
        let flexible = Self::FLEXIBLE.contains(version);
        i16::from(flexible && Self::API_KEY != ApiKey::API_VERSIONS)
    }

    /// The time for which the broker wants the client to send nothing (KIP-219), in milliseconds;
    /// before Kafka 2.0, the time for which the broker held the response back. `None` if the
    /// response has no such field.
    fn throttle_time_ms(&self) -> Option<i32> {
        None
    }

    /// Every error code in the response, in wire order, including [`ErrorCode::NONE`].
    fn all_error_codes(&self) -> Vec<ErrorCode> {
        let mut codes = Vec::new();
        self.error_codes(&mut |code| codes.push(code));
        codes
    }

    /// The first error code that is not [`ErrorCode::NONE`].
    fn first_error(&self) -> Option<ErrorCode> {
        let mut first = None;
        self.error_codes(&mut |code| {
            if !code.is_ok() {
                first.get_or_insert(code);
            }
        });
        first
    }
}
