//! `Exchange`: a record of a request and its response.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_protocol::{ApiKey, ErrorCode, Overlooked};

use crate::broker::Broker;
use crate::error::Error;
use crate::place::{Phase, Place};
use crate::timings::Timings;

/// A record of a request and its response, for debugging and metrics.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The broker.
    pub broker: Arc<Broker>,
    /// The API.
    pub api_key: ApiKey,
    /// The version of the API that was used.
    pub version: i16,
    /// The correlation id, which links the response to the request.
    pub correlation_id: i32,
    /// Bytes written for the request, including its length field; fewer than the size of the
    /// request if writing failed.
    pub request_bytes: usize,
    /// The size of the response in bytes, including its length field; 0 if none arrived or none was
    /// asked for.
    pub response_bytes: usize,
    /// When the call began.
    pub started: Instant,
    /// How the time was spent.
    pub timings: Timings,
    /// How long the broker asks the client to hold back, or held it back itself (KIP-219).
    pub throttle: Duration,
    /// Faults of the response that were overlooked, unless
    /// [`strict_responses`](crate::Config::strict_responses) is set. Real Kafka has none.
    pub overlooked: Overlooked,
}

impl Exchange {
    /// The exchange as the place of an error.
    pub(crate) fn at(&self, phase: Phase) -> Place {
        Place {
            api: Some((self.api_key, Some(self.version))),
            written: self.request_bytes,
            ..Place::before(self.api_key, phase, &self.broker)
        }
    }
}

/// A response, and its exchange, from which errors are made.
#[derive(Debug)]
pub(crate) struct Answer<R> {
    pub(crate) response: R,
    pub(crate) exchange: Exchange,
}

/// Errors found in a response.
impl Exchange {
    /// The place of an error in the response.
    pub(crate) fn place(&self) -> Box<Place> {
        Box::new(self.at(Phase::Read))
    }

    /// The error for an error code of the broker.
    pub(crate) fn refusal(&self, code: ErrorCode, message: Option<String>) -> Error {
        Error::refusal(self.place(), code, message)
    }

    /// The error for a response that leaves out what was asked about.
    pub(crate) fn missing(&self, what: impl Into<String>) -> Error {
        Error::Missing {
            at: self.place(),
            missing: what.into(),
        }
    }

    /// # Errors
    /// [`Error::Broker`] for every code except [`ErrorCode::NONE`].
    pub(crate) fn check(&self, code: ErrorCode, message: Option<String>) -> Result<(), Error> {
        match code {
            ErrorCode::NONE => Ok(()),
            code => Err(self.refusal(code, message)),
        }
    }

    /// Finds what the response says about one partition. `topics` are those of the response, each
    /// with whether it is the one that was asked about.
    ///
    /// # Errors
    /// [`Error::Missing`]. Check the partition's error code with [`check`](Self::check).
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

/// One line, for a log.
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

/// Receives a record of every exchange of a client with a broker, in the thread that made it.
///
/// That includes exchanges that the client makes by itself: ApiVersions, SASL, Metadata. Keep it
/// short, since the call returns only afterwards.
pub trait Observer: Send + Sync {
    /// An exchange ended: successfully, or with `error`, in which case the record contains what was
    /// known by then.
    ///
    /// An error code within a response does not count as an error here.
    fn exchange(&self, exchange: &Exchange, error: Option<&Error>);
}
