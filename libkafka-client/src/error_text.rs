//! The text of an `Error`: what happened, and what to change about it.

use std::error::Error as StdError;
use std::fmt;

use libkafka_protocol::{ApiKey, ErrorCode};

use crate::error::Error;
use crate::escaped::Escaped;
use crate::place::Phase;

/// The most mechanisms of a broker that an error lists.
const MECHANISMS: usize = 10;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(at) = self.at() {
            write!(f, "{at}: ")?;
        }
        match self {
            Self::Bootstrap(source) => write!(f, "bootstrap: {source}"),
            Self::Config { option, reason } => write!(f, "{option}: {reason}"),
            Self::Timeout { .. } => f.write_str("the deadline passed"),
            Self::Io { source, .. } => write!(f, "{}", Escaped(&source.to_string())),
            Self::Closed { .. } => f.write_str("the broker closed the connection"),
            Self::Unsolicited {
                answered: Some(api),
                ..
            } => write!(
                f,
                "the broker answered a {api} request that asks for no answer"
            ),
            Self::Unsolicited { answered: None, .. } => {
                f.write_str("the broker sent bytes that no request had asked for")
            }
            #[cfg(feature = "tls")]
            Self::Tls { source, .. } => write!(f, "{}", Escaped(&source.to_string())),
            Self::Mechanism {
                mechanism, broker, ..
            } => {
                write!(f, "the broker does not support {mechanism}, but")?;
                for (i, name) in broker.iter().take(MECHANISMS).enumerate() {
                    let comma = if i == 0 { "" } else { "," };
                    write!(f, "{comma} {}", Escaped(name))?;
                }
                match broker.len() {
                    0 => f.write_str(" no other either"),
                    n if n > MECHANISMS => write!(f, " and {} more", n - MECHANISMS),
                    _ => Ok(()),
                }
            }
            Self::Authenticate {
                mechanism, source, ..
            } => write!(f, "{mechanism}: {source}"),
            Self::Encode { source, .. } => write!(f, "{source}"),
            Self::Decode { source, .. } => write!(f, "the response cannot be read: {source}"),
            Self::ResponseLength { .. } if self.hint().is_some() => {
                f.write_str("the bytes that arrived are not a response")
            }
            Self::ResponseLength { length, limit, .. } => write!(
                f,
                "the response claims {length} bytes; the limit is {limit}"
            ),
            Self::CorrelationId {
                expected, found, ..
            } => write!(
                f,
                "the response is for request {found}, not for request {expected}"
            ),
            Self::Version { broker, client, .. } if broker.is_empty() => {
                write!(
                    f,
                    "the broker lacks this API; this client has versions {client}"
                )
            }
            Self::Version { broker, client, .. } => {
                write!(
                    f,
                    "the broker has versions {broker}, this client has {client}"
                )
            }
            Self::Broker { code, message, .. } => broker_said(f, *code, message.as_deref()),
            Self::OffsetOutOfRange {
                offset,
                log_start_offset,
                end_offset,
                ..
            } => {
                write!(f, "offset {offset} is out of range")?;
                match (log_start_offset, end_offset) {
                    (Some(start), Some(end)) => write!(f, "; the log is from {start} to {end}"),
                    _ => Ok(()),
                }
            }
            Self::Missing { missing, .. } => write!(f, "the response says nothing of {missing}"),
            Self::NoLeader {
                topic, partition, ..
            } => write!(f, "{topic}-{partition} has no leader"),
            Self::UnknownBroker { id } => write!(f, "broker {id} is not known"),
            Self::NoBroker => f.write_str("no broker is known"),
            Self::NoCommittedOffset { topic, partition } => write!(
                f,
                "no offset is committed for {topic}-{partition}, and no other start is configured"
            ),
            Self::NoTarget { api, kind } => write!(
                f,
                "{api} must go to one particular broker ({kind:?}): name it with Client::call_to"
            ),
            Self::NotIdempotent => {
                f.write_str("the producer is not idempotent: enable ProducerOptions::idempotent")
            }
            Self::Batch(source) => write!(f, "{source}"),
            Self::Diverged {
                epoch, end_offset, ..
            } => write!(
                f,
                "the log has diverged from epoch {epoch}, offset {end_offset} on"
            ),
            Self::BatchTooLarge {
                offset, max_bytes, ..
            } => write!(
                f,
                "the batch at offset {offset} does not fit into {max_bytes} bytes: raise max_bytes"
            ),
            Self::BufferFull { partition, cause } => {
                write!(
                    f,
                    "the memory for batches is used up, mostly by {partition}"
                )?;
                caused(f, cause.as_deref())
            }
            Self::RecordTooLarge { size, limit } => write!(
                f,
                "the record needs a batch of {size} bytes; the limit is {limit}"
            ),
            Self::UnknownTopic { topic, cause } => {
                write!(f, "the partitions of {} are not known", Escaped(topic))?;
                caused(f, cause.as_deref())
            }
            Self::UnknownPartition {
                partition,
                partitions,
            } => write!(
                f,
                "{partition} does not exist: the topic has {partitions} partitions"
            ),
            Self::Unfinished {
                partition,
                partitions,
                cause,
            } => {
                write!(
                    f,
                    "batches of {partitions} partitions are unfinished, such as {partition}"
                )?;
                caused(f, cause.as_deref())
            }
            Self::ProducerClosed => f.write_str("the producer was closed"),
            Self::InFlight { in_flight } => write!(
                f,
                "{in_flight} requests are in flight, which is the maximum; collect a response first"
            ),
            Self::Uncollected { in_flight } => write!(
                f,
                "{in_flight} requests are in flight; collect all their responses first"
            ),
        }?;
        match self.hint() {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// Writes the cause, if it is known.
fn caused(f: &mut fmt::Formatter<'_>, cause: Option<&Error>) -> fmt::Result {
    cause.map_or(Ok(()), |cause| write!(f, ": {cause}"))
}

/// Writes a code with the broker's message about it and its general meaning.
fn broker_said(f: &mut fmt::Formatter<'_>, code: ErrorCode, message: Option<&str>) -> fmt::Result {
    write!(f, "{code}")?;
    if let Some(message) = message {
        write!(f, ": {}", Escaped(message.trim_end_matches('.')))?;
    }
    match (message, code.description()) {
        (Some(_), Some(description)) => write!(f, ". {description}"),
        (None, Some(description)) => write!(f, ": {description}"),
        (_, None) => Ok(()),
    }
}

/// The same as [`Display`](fmt::Display).
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // `Display` tells what these say, so that they are passed over here.
        match self {
            Self::Bootstrap(source) => source.source(),
            Self::Io { source, .. } => source.source(),
            #[cfg(feature = "tls")]
            Self::Tls { source, .. } => source.source(),
            Self::Authenticate { source, .. } => source.source(),
            Self::Encode { source, .. } | Self::Decode { source, .. } => source.source(),
            Self::Batch(source) => source.source(),
            _ => None,
        }
    }
}

impl Error {
    /// What to change if this looks like a mistake in the configuration or the set-up: TLS or SASL
    /// with a port that does not have it or requires it, a port that is not a broker's, or a topic
    /// that does not exist. `Display` ends with it.
    pub fn hint(&self) -> Option<&'static str> {
        const NO_TLS: &str =
            "a port without TLS causes this: connect without Config::tls, or to the TLS port";
        match self {
            Self::ResponseLength { length, .. } => match length.to_be_bytes() {
                // An alert of TLS or its forerunner.
                [0x15, 0x03, ..] => Some(
                    "it is a TLS alert: the port wants TLS, so set Config::tls or \
                     connect to a plain port",
                ),
                [b'H', b'T', b'T', b'P'] => {
                    Some("it is an HTTP response: the port belongs to a web server")
                }
                bytes if bytes.iter().all(|byte| (b' '..=b'~').contains(byte)) => {
                    Some("it is text: the port does not belong to a broker")
                }
                _ => None,
            },
            #[cfg(feature = "tls")]
            Self::Tls {
                source: rustls::Error::InvalidMessage(_),
                ..
            } => Some(NO_TLS),
            Self::Closed { at } if at.phase == Phase::Tls => Some(NO_TLS),
            Self::Closed { at } if at.reached_before => None,
            Self::Closed { at } => match at.phase {
                Phase::Negotiate => {
                    Some("the port may require TLS (Config::tls), or may not belong to a broker")
                }
                Phase::Write | Phase::Read => Some(
                    "it was the first request: the listener may require SASL (Config::sasl) or TLS \
                     (Config::tls)",
                ),
                _ => None,
            },
            Self::Broker { at, code, .. }
                if at.phase == Phase::Authenticate && *code == ErrorCode::ILLEGAL_SASL_STATE =>
            {
                Some(
                    "the listener has no SASL: connect without Config::sasl, or to a listener with \
                     SASL",
                )
            }
            Self::Version { at, broker, .. } if broker.is_empty() => match at.api {
                Some((ApiKey::METADATA, _)) => Some(
                    "a KRaft controller lacks it: use the addresses of brokers as bootstrap \
                     addresses",
                ),
                _ => None,
            },
            Self::UnknownTopic {
                cause: Some(cause), ..
            } if cause.code() == Some(ErrorCode::UNKNOWN_TOPIC_OR_PARTITION) => {
                Some("a producer creates no topics: create it first, as with Client::create_topic")
            }
            _ => None,
        }
    }
}
