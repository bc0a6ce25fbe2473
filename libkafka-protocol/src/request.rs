//! Requests, and the responses that answer them.

use alloc::vec::Vec;

use crate::wire::Decode;
use crate::{ApiKey, ErrorCode, KafkaWire};

/// The broker that a request has to go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TargetKind {
    /// Whichever is at hand.
    Any,
    /// The leader of the partition that it is about.
    Leader,
    /// The controller of the cluster.
    Controller,
    /// The coordinator of the group that it is about.
    GroupCoordinator,
    /// The coordinator of the transactional id that it is about.
    TransactionCoordinator,
    /// The coordinator of the share group's partition state (KIP-932).
    ShareCoordinator,
}

/// A request: knows its API and what answers it.
///
/// Derived for structs with an `api_key` whose name ends in `Request`.
pub trait Request: KafkaWire {
    /// The API.
    const API_KEY: ApiKey;

    /// The broker that it has to go to.
    const TARGET: TargetKind;

    /// What answers it.
    type Response: Response;

    /// Version of the [`RequestHeader`](crate::messages::RequestHeader) in
    /// front of it.
    fn header_version(version: i16) -> i16 {
        if Self::FLEXIBLE.contains(version) {
            2
        } else {
            1
        }
    }
}

/// A response.
///
/// Derived for structs with an `api_key` whose name ends in `Response`.
pub trait Response: KafkaWire + for<'de> Decode<'de> {
    /// The API.
    const API_KEY: ApiKey;

    /// Version of the [`ResponseHeader`](crate::messages::ResponseHeader) in
    /// front of it.
    ///
    /// That of ApiVersions stays at 0, since its reader does not know yet
    /// whether the broker is one that writes tagged fields (KIP-511).
    fn header_version(version: i16) -> i16 {
        let flexible = Self::FLEXIBLE.contains(version);
        i16::from(flexible && Self::API_KEY != ApiKey::API_VERSIONS)
    }

    /// Milliseconds for which the broker held this client back or wants it to
    /// hold back (KIP-219); none if the response has no such field.
    fn throttle_time_ms(&self) -> Option<i32> {
        None
    }

    /// Every error code in the response, in wire order, those of success
    /// among them.
    fn all_error_codes(&self) -> Vec<ErrorCode> {
        let mut codes = Vec::new();
        self.error_codes(&mut |code| codes.push(code));
        codes
    }

    /// The first error code that is not a success.
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
