//! `Error`: what can go wrong, and what a caller needs to know to act on it.

use std::sync::Arc;

use libkafka_protocol::{ApiKey, ErrorCode, TargetKind, Versions};

use crate::address::ParseAddressError;
use crate::place::Place;
use crate::sasl_error::SaslError;
use crate::topic_partition::TopicPartition;

mod io;
mod retry;

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryMethod {
    /// The same call may succeed if it is made again.
    Retry,
    /// The same call may succeed after the leader, coordinator or controller has been looked up
    /// again: call `refresh()`, then retry.
    Refresh,
    /// The same call would fail again.
    GiveUp,
}

/// Why a call failed.
///
/// After any error, the next call on the same client starts afresh: if the error left a connection
/// in doubt, that connection has been dropped.
///
/// `Display` prints one line with the whole story: what the client was doing and where, what went
/// wrong and, if it looks like a mistake in the configuration, what to change. Text from a broker
/// is escaped and truncated. `Debug` prints the same, so a `main` that returns the error prints it
/// readably. [`source`](std::error::Error::source) returns the cause of the error that the line
/// ends with, if there is one.
#[non_exhaustive]
pub enum Error {
    /// A bootstrap address cannot be parsed. Write `host:port`, and separate addresses with commas.
    Bootstrap(ParseAddressError),
    /// An option of the configuration has a value that makes no sense. Change that option.
    Config {
        /// The name of the option.
        option: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The deadline passed. Every limit has a finite default, so every call can return this.
    Timeout {
        /// Where it happened.
        at: Box<Place>,
    },
    /// The name could not be resolved, or the connection was refused or lost.
    Io {
        /// Where it happened.
        at: Box<Place>,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The broker closed the connection before or during its response.
    ///
    /// A Produce request with [`Acks::None`](crate::Acks::None) has no response, so closing the
    /// connection is all that a broker can do to refuse it. The next call that notices this returns
    /// this error, with the place of that request: that request and others before it may not have
    /// taken effect.
    Closed {
        /// Where it happened.
        at: Box<Place>,
    },
    /// The broker sent bytes that no request had asked for.
    Unsolicited {
        /// Where it happened: the request that is being answered, or what the client was about to
        /// do.
        at: Box<Place>,
        /// The API of a request without a response, if the bytes are a response to it.
        answered: Option<ApiKey>,
    },
    /// TLS failed: one side refuses the other's certificate, or the two cannot agree on a version.
    #[cfg(feature = "tls")]
    Tls {
        /// Where it happened. With TLS 1.3, the broker's refusal of this side's certificate is only
        /// seen when the first response is read.
        at: Box<Place>,
        /// What was refused, and by whom.
        source: rustls::Error,
    },
    /// The broker does not support the SASL mechanism. Use one that it lists.
    Mechanism {
        /// Where it happened.
        at: Box<Place>,
        /// The mechanism that was requested.
        mechanism: String,
        /// The mechanisms that the broker supports.
        broker: Vec<String>,
    },
    /// Authentication failed on this side. If the broker refuses, the error is [`Error::Broker`]
    /// with [`ErrorCode::SASL_AUTHENTICATION_FAILED`].
    Authenticate {
        /// Where it happened.
        at: Box<Place>,
        /// The SASL mechanism.
        mechanism: String,
        /// The reason.
        source: SaslError,
    },
    /// The request cannot be encoded in the negotiated version, usually because it sets a field
    /// that the version lacks. Clear that field, or use a broker that has a version with it.
    Encode {
        /// Where it happened.
        at: Box<Place>,
        /// Which field, and why.
        source: libkafka_protocol::Error,
    },
    /// The bytes that arrived are not a response to the request.
    Decode {
        /// Where it happened.
        at: Box<Place>,
        /// Which field, at which byte, and why.
        source: libkafka_protocol::Error,
    },
    /// A response claims a length that is negative or above
    /// [`max_response_bytes`](crate::Config::max_response_bytes).
    ResponseLength {
        /// Where it happened.
        at: Box<Place>,
        /// The claimed length, in bytes.
        length: i32,
        /// The limit, in bytes.
        limit: usize,
    },
    /// A response has a correlation id other than that of the request that it should answer.
    CorrelationId {
        /// Where it happened.
        at: Box<Place>,
        /// The id of the request.
        expected: i32,
        /// The id in the response.
        found: i32,
    },
    /// The broker and the client have no version of the API in common.
    Version {
        /// Where it happened.
        at: Box<Place>,
        /// The versions that the broker has; [`Versions::NONE`] if it lacks the API.
        broker: Versions,
        /// The versions that the request has, up to [`max_version`](crate::Config::max_version).
        client: Versions,
    },
    /// The broker returned an error code.
    Broker {
        /// Where it happened.
        at: Box<Place>,
        /// The error code. Its [`description`](ErrorCode::description) says what it means.
        code: ErrorCode,
        /// The message that the broker sent with it.
        message: Option<String>,
        /// Whether the request may have taken effect all the same: the broker stopped waiting, or
        /// lost the partition while it was waiting for other replicas.
        in_doubt: bool,
    },
    /// The log does not contain the offset to fetch from. [`seek`](crate::PartitionFetcher::seek)
    /// to one that it contains.
    OffsetOutOfRange {
        /// Where it happened.
        at: Box<Place>,
        /// The requested offset.
        offset: i64,
        /// The first offset of the log, if it was looked up: a
        /// [`PartitionFetcher`](crate::PartitionFetcher) does that.
        log_start_offset: Option<i64>,
        /// The offset of the next record to come, as far as this fetcher may see, if it was looked
        /// up.
        end_offset: Option<i64>,
    },
    /// The broker answered, but left out what it was asked about.
    Missing {
        /// Where it happened.
        at: Box<Place>,
        /// What the answer should have been about.
        missing: String,
    },
    /// The partition exists but has no leader at the moment. Try again later.
    NoLeader {
        /// Where it happened.
        at: Box<Place>,
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
    },
    /// The client knows no broker with this id in the cluster.
    UnknownBroker {
        /// The id of the broker.
        id: i32,
    },
    /// The cluster named no broker, and no bootstrap address is known either.
    NoBroker,
    /// The group has committed no offset for the partition, and
    /// [`StartAt::Error`](crate::StartAt::Error) names no other start.
    NoCommittedOffset {
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
    },
    /// The request must go to a broker of this kind, but does not say which one. Use
    /// [`Client::call_to`](crate::Client::call_to), which takes the missing information.
    NoTarget {
        /// The API.
        api: ApiKey,
        /// The kind of broker.
        kind: TargetKind,
    },
    /// A producer that is not idempotent cannot number batches. Enable
    /// [`idempotent`](crate::ProducerOptions::idempotent).
    NotIdempotent,
    /// The given bytes are not a batch.
    Batch(libkafka_batch::Error),
    /// The log no longer contains the epoch of the last record that was read: what followed
    /// `end_offset` was lost with a leader and written again (KIP-320).
    Diverged {
        /// Where it happened.
        at: Box<Place>,
        /// The last epoch in the log that is not after the one read.
        epoch: i32,
        /// The offset at which that epoch ends. Records read from here on are no longer in the log.
        end_offset: i64,
    },
    /// The next batch did not arrive whole, so it is not possible to read past it with this
    /// `max_bytes`. Raise `max_bytes`.
    BatchTooLarge {
        /// Where it happened.
        at: Box<Place>,
        /// The offset of the fetch.
        offset: i64,
        /// The size of the batch in bytes, if enough of it arrived to tell.
        size: Option<usize>,
        /// The fetcher's limit, in bytes.
        max_bytes: i32,
    },
    /// The memory for batches is used up
    /// ([`ProducerConfig::memory`](crate::ProducerConfig::memory)), and none became free in time.
    /// The record was not accepted.
    BufferFull {
        /// The partition whose batches use most of the memory that the record would have needed. It
        /// is the record's own partition if that has used up its share.
        partition: TopicPartition,
        /// The error that prevents those batches from being sent; `None` if nothing failed and they
        /// only take time.
        cause: Option<Arc<Error>>,
    },
    /// The record is too large for any batch.
    RecordTooLarge {
        /// The size of a batch with only this record, in bytes.
        size: usize,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The partitions of the topic did not become known in time. The record was not accepted.
    UnknownTopic {
        /// The topic.
        topic: String,
        /// What the brokers said of the topic, or why none could be asked.
        cause: Option<Arc<Error>>,
    },
    /// The topic does not have this partition. The record was not accepted.
    UnknownPartition {
        /// The partition that does not exist.
        partition: TopicPartition,
        /// The number of partitions that the topic has.
        partitions: i32,
    },
    /// The outcome of some batches was not known in time.
    Unfinished {
        /// One of their partitions.
        partition: TopicPartition,
        /// The number of partitions with such batches.
        partitions: usize,
        /// The error that prevents the batches of `partition` from being stored; `None` if nothing
        /// failed and they only take time.
        cause: Option<Arc<Error>>,
    },
    /// The producer was closed and accepts no more records.
    ProducerClosed,
    /// The maximum number of requests is in flight
    /// ([`max_in_flight`](crate::Config::max_in_flight)). Collect a response, then send again.
    InFlight {
        /// The number of requests in flight.
        in_flight: usize,
    },
    /// The call needs the connection for itself, but responses to earlier requests have not been
    /// collected. Collect them all first.
    Uncollected {
        /// The number of requests in flight.
        in_flight: usize,
    },
}

impl From<ParseAddressError> for Error {
    fn from(source: ParseAddressError) -> Self {
        Self::Bootstrap(source)
    }
}

impl From<libkafka_batch::Error> for Error {
    fn from(source: libkafka_batch::Error) -> Self {
        Self::Batch(source)
    }
}

/// The place in an error, borrowed if the error is borrowed.
macro_rules! place_of {
    ($error:expr) => {
        match $error {
            #[cfg(feature = "tls")]
            Error::Tls { at, .. } => Some(at),
            Error::Timeout { at }
            | Error::Io { at, .. }
            | Error::Closed { at }
            | Error::Unsolicited { at, .. }
            | Error::Mechanism { at, .. }
            | Error::Authenticate { at, .. }
            | Error::Encode { at, .. }
            | Error::Decode { at, .. }
            | Error::ResponseLength { at, .. }
            | Error::CorrelationId { at, .. }
            | Error::Version { at, .. }
            | Error::Broker { at, .. }
            | Error::OffsetOutOfRange { at, .. }
            | Error::Diverged { at, .. }
            | Error::BatchTooLarge { at, .. }
            | Error::Missing { at, .. }
            | Error::NoLeader { at, .. } => Some(at),
            Error::Bootstrap(_)
            | Error::Config { .. }
            | Error::UnknownBroker { .. }
            | Error::NoBroker
            | Error::NoCommittedOffset { .. }
            | Error::NoTarget { .. }
            | Error::NotIdempotent
            | Error::Batch(_)
            | Error::BufferFull { .. }
            | Error::RecordTooLarge { .. }
            | Error::UnknownTopic { .. }
            | Error::UnknownPartition { .. }
            | Error::Unfinished { .. }
            | Error::ProducerClosed
            | Error::InFlight { .. }
            | Error::Uncollected { .. } => None,
        }
    };
}

impl Error {
    /// Where it happened; `None` for an error that was found before any broker was involved.
    pub fn at(&self) -> Option<&Place> {
        place_of!(self)
    }

    pub(crate) fn at_mut(&mut self) -> Option<&mut Place> {
        place_of!(self)
    }

    /// The error code of the broker's answer, if it answered with one.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Broker { code, .. } => Some(*code),
            Self::OffsetOutOfRange { .. } => Some(ErrorCode::OFFSET_OUT_OF_RANGE),
            Self::NoLeader { .. } => Some(ErrorCode::LEADER_NOT_AVAILABLE),
            Self::Mechanism { .. } => Some(ErrorCode::UNSUPPORTED_SASL_MECHANISM),
            _ => None,
        }
    }
}

impl Error {
    /// The error for an error code of a broker.
    pub(crate) fn refusal(at: Box<Place>, code: ErrorCode, message: Option<String>) -> Self {
        Self::Broker {
            at,
            code,
            message: message.filter(|message| !message.is_empty()),
            in_doubt: matches!(
                code,
                ErrorCode::REQUEST_TIMED_OUT
                    | ErrorCode::NOT_ENOUGH_REPLICAS_AFTER_APPEND
                    | ErrorCode::UNKNOWN_SERVER_ERROR
            ),
        }
    }
}
