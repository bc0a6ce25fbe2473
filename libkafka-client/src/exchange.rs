//! `Exchange`: what is known of a request and its response afterwards.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_protocol::{ApiKey, ErrorCode, Overlooked};

use crate::broker::Broker;
use crate::error::Error;
use crate::place::{Phase, Place};
use crate::timings::Timings;

/// A request and its response, as a record for debugging and metrics.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The broker it was with.
    pub broker: Arc<Broker>,
    /// The API.
    pub api_key: ApiKey,
    /// The version that was spoken.
    pub version: i16,
    /// The id that ties the response to the request.
    pub correlation_id: i32,
    /// Bytes written for the request, its length field included; fewer than the request has if
    /// writing failed.
    pub request_bytes: usize,
    /// Bytes of the response, its length field included; 0 if none came or none was wanted.
    pub response_bytes: usize,
    /// When the call began.
    pub started: Instant,
    /// Where the time went.
    pub timings: Timings,
    /// For how long the broker asks the client to hold back, or held it back (KIP-219).
    pub throttle: Duration,
    /// Faults of the response that were overlooked, unless
    /// [`strict_responses`](crate::Config::strict_responses) is set: real Kafka has none.
    pub overlooked: Overlooked,
}

impl Exchange {
    /// It, as the place of an error.
    pub(crate) fn at(&self, phase: Phase) -> Place {
        Place {
            api: Some((self.api_key, Some(self.version))),
            written: self.request_bytes,
            ..Place::before(self.api_key, phase, &self.broker)
        }
    }
}

/// A response, and the exchange that brought it: errors are made of the latter.
#[derive(Debug)]
pub(crate) struct Answer<R> {
    pub(crate) response: R,
    pub(crate) exchange: Exchange,
}

/// Errors found in a response.
impl Exchange {
    /// Where an error in the response is.
    pub(crate) fn place(&self) -> Box<Place> {
        Box::new(self.at(Phase::Read))
    }

    /// The error that the broker answered with a code.
    pub(crate) fn refusal(&self, code: ErrorCode, message: Option<String>) -> Error {
        Error::refusal(self.place(), code, message)
    }

    /// The error that the response says nothing of what was asked for.
    pub(crate) fn missing(&self, what: impl Into<String>) -> Error {
        Error::Missing {
            at: self.place(),
            missing: what.into(),
        }
    }

    /// # Errors
    /// [`Error::Broker`] for every code but [`ErrorCode::NONE`].
    pub(crate) fn check(&self, code: ErrorCode, message: Option<String>) -> Result<(), Error> {
        match code {
            ErrorCode::NONE => Ok(()),
            code => Err(self.refusal(code, message)),
        }
    }

    /// What the response says about one partition. `topics` are those of the response, each with
    /// whether it is the one that was asked about.
    ///
    /// # Errors
    /// [`Error::Missing`]; the partition's error code is for [`check`](Self::check).
    pub(crate) fn partition<P, I: IntoIterator<Item = P>>(
        &self,
        topics: impl IntoIterator<Item = (bool, I)>,
        index_of: impl Fn(&P) -> i32,
        topic: &str,
        index: i32,
    ) -> Result<P, Error> {
        let ours = topics.into_iter().filter(|(is_ours, _)| *is_ours);
        let mut partitions = ours.flat_map(|(_, partitions)| partitions);
        let found = partitions.find(|partition| index_of(partition) == index);
        found.ok_or_else(|| self.missing(format!("partition {topic}-{index}")))
    }
}

/// In one line, for a log.
impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} v{} with {}: {} bytes out in {:?}, {} bytes back after {:?}",
            self.api_key,
            self.version,
            self.broker,
            self.request_bytes,
            self.timings.write,
            self.response_bytes,
            self.timings.read,
        )
    }
}

/// Is told of every exchange of a client with a broker, in the thread that made it.
///
/// Among them are those that the client makes on its own account: ApiVersions, SASL, Metadata.
/// Kept short, since the call returns after it.
pub trait Observer: Send + Sync {
    /// An exchange came to its end: well, or by `error`, in which case the record holds what
    /// was known by then.
    ///
    /// An error code within a response is no error here.
    fn exchange(&self, exchange: &Exchange, error: Option<&Error>);
}
