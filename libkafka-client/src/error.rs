//! `Error`: what can go wrong, and what a caller needs to know of it in order to act.

use std::io;
use std::sync::Arc;

use libkafka_protocol::{ApiKey, ErrorCode, TargetKind, Versions};

use crate::address::ParseAddressError;
use crate::place::{Phase, Place};
use crate::sasl_error::SaslError;
use crate::topic_partition::TopicPartition;

mod retry;

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryMethod {
    /// The same call may succeed if made again.
    Retry,
    /// The same call may succeed once it is known anew who leads the partition, coordinates the
    /// group or controls the cluster: `refresh()`, then retry.
    Refresh,
    /// The same call fails again.
    GiveUp,
}

/// Why a call failed.
///
/// Whatever it was, the next call on the same client stands on its own: a connection that an
/// error left in doubt has been dropped.
///
/// `Display` gives one line with the whole story: what the client was doing and where, what went
/// wrong, and what to change if it looks like a mistake in the configuration. Text that came from
/// a broker is escaped and cut. `Debug` gives the same, so that a `main` that returns the error
/// prints it readably. [`source`](std::error::Error::source) gives what caused the error that the
/// line ends with, if anything did.
#[non_exhaustive]
pub enum Error {
    /// A bootstrap address cannot be read.
    Bootstrap(ParseAddressError),
    /// An option of the configuration has a value that makes no sense.
    Config {
        /// Name of the option.
        option: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The deadline passed.
    Timeout {
        /// Where.
        at: Box<Place>,
    },
    /// The name was not resolved, or the connection refused or lost.
    Io {
        /// Where.
        at: Box<Place>,
        /// What the system said.
        source: io::Error,
    },
    /// The broker closed the connection: before its response, or within it.
    ///
    /// A produce request with [`Acks::None`](crate::Acks::None) has no response, so a broker that
    /// refuses one can do nothing else. The next call that finds it returns this error, with the
    /// place of that request: it, and others before it, may not have taken effect.
    Closed {
        /// Where.
        at: Box<Place>,
    },
    /// The broker sent bytes that nobody had asked for.
    Unsolicited {
        /// Where: the request that is answered, or what the client was about to do.
        at: Box<Place>,
        /// The API of a request that asks for no answer, if they are an answer to it.
        answered: Option<ApiKey>,
    },
    /// TLS failed: one side refuses the other's certificate, or cannot agree on a version.
    #[cfg(feature = "tls")]
    Tls {
        /// Where: with TLS 1.3, a broker's refusal of this side's certificate shows only when the
        /// first response is read.
        at: Box<Place>,
        /// What was refused, by whom.
        source: rustls::Error,
    },
    /// The broker does not know the SASL mechanism.
    Mechanism {
        /// Where.
        at: Box<Place>,
        /// The mechanism that was asked for.
        mechanism: String,
        /// Those that the broker has.
        broker: Vec<String>,
    },
    /// Authentication failed on this side. A refusal by the broker is an [`Error::Broker`] with
    /// [`ErrorCode::SASL_AUTHENTICATION_FAILED`].
    Authenticate {
        /// Where.
        at: Box<Place>,
        /// The SASL mechanism.
        mechanism: String,
        /// Why.
        source: SaslError,
    },
    /// The request cannot be written in the version that was negotiated: most often because a
    /// field is set that this version lacks.
    Encode {
        /// Where.
        at: Box<Place>,
        /// Which field, and why.
        source: libkafka_protocol::Error,
    },
    /// What came back is no response to the request.
    Decode {
        /// Where.
        at: Box<Place>,
        /// Which field, at which byte, and why.
        source: libkafka_protocol::Error,
    },
    /// A response claims a length that is negative or above the limit of
    /// [`max_response_bytes`](crate::Config::max_response_bytes).
    ResponseLength {
        /// Where.
        at: Box<Place>,
        /// The claimed length in bytes.
        length: i32,
        /// The most that is allowed.
        limit: usize,
    },
    /// A response carries another correlation id than the request that it should answer.
    CorrelationId {
        /// Where.
        at: Box<Place>,
        /// The id of the request.
        expected: i32,
        /// The id in the response.
        found: i32,
    },
    /// Broker and client have no version of the API in common.
    Version {
        /// Where.
        at: Box<Place>,
        /// Versions that the broker has; [`Versions::NONE`] if it lacks the API.
        broker: Versions,
        /// Versions that the request has, up to [`max_version`](crate::Config::max_version).
        client: Versions,
    },
    /// The broker answered with an error code.
    Broker {
        /// Where.
        at: Box<Place>,
        /// The code.
        code: ErrorCode,
        /// What the broker said about it.
        message: Option<String>,
        /// Whether the request may have taken effect all the same: the broker gave up waiting,
        /// or lost the partition while it was waiting for other replicas.
        in_doubt: bool,
    },
    /// A fetch from an offset that the log does not have.
    OffsetOutOfRange {
        /// Where.
        at: Box<Place>,
        /// The offset that was asked for.
        offset: i64,
        /// The first offset that there is, if it was looked up: a
        /// [`PartitionFetcher`](crate::PartitionFetcher) does so.
        log_start_offset: Option<i64>,
        /// The offset of the next record to come, as far as this fetcher may see, if it was looked
        /// up.
        end_offset: Option<i64>,
    },
    /// The broker answered, but not about what it was asked.
    Missing {
        /// Where.
        at: Box<Place>,
        /// What it should have been about.
        missing: String,
    },
    /// The partition exists but has no leader now.
    NoLeader {
        /// Where.
        at: Box<Place>,
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
    },
    /// The cluster has no broker of this id that the client knows of.
    UnknownBroker {
        /// The id.
        id: i32,
    },
    /// The cluster named no broker at all, and no bootstrap address is known either.
    NoBroker,
    /// The group has committed no offset for the partition, and
    /// [`StartAt::Error`](crate::StartAt::Error) names no other start.
    NoCommittedOffset {
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
    },
    /// The request has to go to a broker of this kind, and which one it is cannot be told from
    /// the request: [`Client::call_to`](crate::Client::call_to) takes what is missing.
    NoTarget {
        /// The API.
        api: ApiKey,
        /// The kind of broker.
        kind: TargetKind,
    },
    /// A producer that is not idempotent has no numbers to give:
    /// [`idempotent`](crate::ProducerOptions::idempotent) makes it so.
    NotIdempotent,
    /// What was given as a batch is not one.
    Batch(libkafka_batch::Error),
    /// The epoch of the last record that was read is not in the log as it is now: what follows
    /// `end_offset` was lost with a leader and written anew (KIP-320).
    Diverged {
        /// Where.
        at: Box<Place>,
        /// The last epoch up to the one read that the log has.
        epoch: i32,
        /// Where that epoch ends; what was read from here on is no longer in the log.
        end_offset: i64,
    },
    /// The next batch did not come whole, so that there is no getting past it with this
    /// `max_bytes`.
    BatchTooLarge {
        /// Where.
        at: Box<Place>,
        /// The offset that was fetched from.
        offset: i64,
        /// Bytes of the batch, if enough came to tell.
        size: Option<usize>,
        /// The fetcher's limit.
        max_bytes: i32,
    },
    /// The memory for batches is used up ([`ProducerConfig::memory`](crate::ProducerConfig::memory)),
    /// and none was free again in time. The record was not taken.
    BufferFull {
        /// The partition whose batches take up most of the memory that the record would have
        /// needed: that of the record itself if its share is used up.
        partition: TopicPartition,
        /// What keeps these batches from being sent; `None` if nothing failed, and they only take
        /// their time.
        cause: Option<Arc<Error>>,
    },
    /// No batch can hold the record.
    RecordTooLarge {
        /// Bytes of a batch with nothing else in it.
        size: usize,
        /// The most that it may have.
        limit: usize,
    },
    /// It was not known in time which partitions the topic has. The record was not taken.
    UnknownTopic {
        /// The topic.
        topic: String,
        /// What brokers said of the topic, or why none could be asked.
        cause: Option<Arc<Error>>,
    },
    /// The topic does not have this partition. The record was not taken.
    UnknownPartition {
        /// The partition that does not exist.
        partition: TopicPartition,
        /// How many the topic has.
        partitions: i32,
    },
    /// The fate of batches was not known in time.
    Unfinished {
        /// One of their partitions.
        partition: TopicPartition,
        /// How many partitions have such batches.
        partitions: usize,
        /// What keeps those of `partition` from being stored; `None` if nothing failed, and they
        /// only take their time.
        cause: Option<Arc<Error>>,
    },
    /// The producer was closed, and takes no more records.
    ProducerClosed,
    /// As many requests are in flight as may be
    /// ([`max_in_flight`](crate::Config::max_in_flight)): collect a response, then send again.
    InFlight {
        /// How many.
        in_flight: usize,
    },
    /// The call needs the connection to itself, and responses to earlier requests have not been
    /// collected: collect them all first.
    Uncollected {
        /// How many.
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

/// The place in an error, borrowed as the error is.
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
    /// Where it happened; none for an error that was found before any broker was involved.
    pub fn at(&self) -> Option<&Place> {
        place_of!(self)
    }

    pub(crate) fn at_mut(&mut self) -> Option<&mut Place> {
        place_of!(self)
    }

    /// The error code that the broker answered with, if it answered.
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
    /// The error that the broker answered with a code.
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

/// The error that an I/O error is.
pub(crate) fn io_error(at: Box<Place>, source: io::Error) -> Error {
    #[cfg(feature = "tls")]
    if let Some(source) = source.get_ref().and_then(|e| e.downcast_ref()) {
        let source = rustls::Error::clone(source);
        return Error::Tls { at, source };
    }
    match source.kind() {
        io::ErrorKind::TimedOut => Error::Timeout { at },
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof
            if at.phase != Phase::Connect =>
        {
            Error::Closed { at }
        }
        _ => Error::Io { at, source },
    }
}
