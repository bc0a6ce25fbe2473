//! `Channel`: frames to a broker and back, in order.

mod failure;
mod idle;
mod sending;

use std::collections::VecDeque;
use std::mem;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_protocol::frame;
use libkafka_protocol::messages::RequestHeader;
use libkafka_protocol::{ApiKey, Overlooked, Response};

use super::request_writer::Unwritten;
use super::response_reader::{ReadError, ResponseReader};
use super::unanswered::Unanswered;
use crate::broker::Broker;
use crate::config::Config;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::net::{Interest, Transport, is_not_ready};
use crate::place::{Phase, Place};
use crate::timings::Timings;

/// The maximum size of an answer before the broker is known and trusted, in bytes: many times what
/// any needs.
pub(super) const SMALL_ANSWER: usize = 1024 * 1024;

/// The size of the correlation id, with which every response starts, in bytes.
const CORRELATION_ID_SIZE: usize = 4;

/// A transport and the work in progress on it: requests that are partly written, responses that are
/// partly read, and which response comes next.
///
/// With a deadline that has passed, every method does what it can without waiting, and continues
/// from there when it is called again.
pub(super) struct Channel {
    pub(super) config: Arc<Config>,
    pub(super) broker: Arc<Broker>,
    /// The time that opening and authenticating took, until an exchange includes it.
    pub(super) opening: Timings,
    /// The place of exchanges and their errors while the connection is being opened or its session
    /// renewed: what they write is not the caller's request.
    pub(super) stage: Option<Place>,
    /// The exchange that broke the connection.
    pub(super) broken_by: Option<Exchange>,
    /// When something was last written or read.
    pub(super) used: Instant,
    transport: Box<dyn Transport>,
    header: RequestHeader,
    /// The buffer in which requests are built.
    buffer: Vec<u8>,
    reader: ResponseReader,
    /// Requests that are not completely written.
    unwritten: VecDeque<Unwritten>,
    /// Requests that are written, and whose responses have not been read.
    in_flight: VecDeque<Exchange>,
    /// Requests without a response since the last response.
    unanswered: Option<Unanswered>,
    /// Out of step or lost: must not be used again.
    broken: bool,
}

/// The state of a request after sending.
#[derive(Debug)]
pub(crate) enum Sent {
    /// It is written, and its response is awaited.
    Awaited,
    /// It is written, and has no response.
    Over(Exchange),
    /// The rest of it is kept, to be written when the broker accepts it.
    Unwritten,
}

impl Channel {
    pub(super) fn new(
        config: Arc<Config>,
        broker: Arc<Broker>,
        transport: Box<dyn Transport>,
        opening: Timings,
    ) -> Self {
        Self {
            header: RequestHeader {
                client_id: config.client_id.clone(),
                ..Default::default()
            },
            config,
            broker,
            opening,
            stage: None,
            broken_by: None,
            used: Instant::now(),
            transport,
            buffer: Vec::new(),
            reader: ResponseReader::new(),
            unwritten: VecDeque::new(),
            in_flight: VecDeque::new(),
            unanswered: None,
            broken: false,
        }
    }

    /// Marks the connection as broken: it is not used again.
    pub(super) fn break_up(&mut self) {
        self.broken = true;
    }

    /// Whether an error lost the connection or put it out of step.
    pub(super) fn is_broken(&self) -> bool {
        self.broken
    }

    /// The number of requests whose responses have not been received.
    pub(super) fn in_flight(&self) -> usize {
        let unwritten = self.unwritten.iter().filter(|request| request.answered);
        self.in_flight.len() + unwritten.count()
    }

    /// Whether every request is completely written.
    pub(super) fn is_written(&self) -> bool {
        self.unwritten.is_empty()
    }

    /// Whether nothing is in flight, and nothing left to write.
    pub(super) fn is_idle(&self) -> bool {
        self.in_flight.is_empty() && self.unwritten.is_empty()
    }

    /// Whether part of an incomplete response has arrived.
    pub(super) fn has_begun_to_answer(&self) -> bool {
        !self.reader.is_empty()
    }

    /// What must happen before a step can succeed.
    pub(super) fn interest(&self) -> Interest<'_> {
        let readiness = self.transport.readiness();
        if self.reader.has_frame() {
            Interest::now()
        } else if self.unwritten.is_empty() {
            Interest::to_read(readiness)
        } else if self.in_flight.is_empty() {
            Interest::to_write(readiness)
        } else {
            // A broker may read no more before somebody reads what it writes.
            Interest::to_read_or_write(readiness)
        }
    }

    /// Reads the response to the earliest request, and checks its correlation id; `None` if it has
    /// not arrived by the deadline, or if nothing is in flight. A response of more than `limit`
    /// bytes is an error.
    pub(super) fn receive(
        &mut self,
        limit: usize,
        deadline: Deadline,
    ) -> Result<Option<(Exchange, Bytes)>, Error> {
        if self.in_flight.is_empty() {
            return Ok(None);
        }
        let last = self.in_flight.len() == 1 && self.unwritten.is_empty();
        let result = self
            .reader
            .read(&mut *self.transport, limit, last, deadline);
        if matches!(&result, Err(ReadError::Io(error)) if is_not_ready(error)) {
            return Ok(None);
        }
        let Some(mut exchange) = self.in_flight.pop_front() else {
            return Ok(None);
        };
        let started = mem::replace(&mut self.used, Instant::now());
        exchange.timings.read = self.used - started;
        let frame = match result {
            Ok(frame) => frame,
            Err(error) => return Err(self.fail(exchange, Phase::Read, error, limit)),
        };
        exchange.response_bytes = frame.len() + frame::LENGTH_SIZE;
        let expected = exchange.correlation_id;
        match correlation_id(&frame) {
            Some(found) if found != expected => {
                let error = match self.unsolicited(Some(found), exchange.api_key) {
                    error @ Error::Unsolicited {
                        answered: Some(_), ..
                    } => error,
                    _ => Error::CorrelationId {
                        at: self.place(Phase::Read, &exchange),
                        expected,
                        found,
                    },
                };
                Err(self.break_off(exchange, error))
            }
            // One that is too short is for the decoder to name.
            _ => {
                self.unanswered = None;
                Ok(Some((exchange, frame)))
            }
        }
    }

    /// Ends an exchange, successfully or with the error that was made of it.
    pub(super) fn conclude(&self, exchange: &Exchange, error: Option<&Error>) {
        #[cfg(feature = "log")]
        match error {
            // Before that, whoever opens the connection says it.
            Some(error) if self.stage.is_none() => log::debug!("{error}"),
            Some(_) => {}
            None => log::trace!("{exchange}"),
        }
        if error.is_none() && self.stage.is_none() && exchange.response_bytes > 0 {
            self.config.learnt.set_reached();
        }
        if let Some(observer) = &self.config.observer {
            observer.exchange(exchange, error);
        }
    }

    /// The place of an error of an exchange.
    pub(super) fn place(&self, phase: Phase, exchange: &Exchange) -> Box<Place> {
        Box::new(match &self.stage {
            Some(stage) => stage.clone(),
            None => exchange.at(phase),
        })
    }

    /// Begins an exchange.
    pub(super) fn begin(&mut self, api_key: ApiKey, version: i16) -> Exchange {
        Exchange {
            broker: Arc::clone(&self.broker),
            api_key,
            version,
            correlation_id: self.header.correlation_id.wrapping_add(1),
            request_bytes: 0,
            response_bytes: 0,
            started: Instant::now(),
            timings: match self.stage {
                Some(_) => Timings::default(),
                None => mem::take(&mut self.opening),
            },
            throttle: Duration::ZERO,
            overlooked: Overlooked::default(),
        }
    }
}

/// Decodes the response of an exchange and notes which faults were overlooked; none are if
/// `strict`.
pub(super) fn decode<R: Response>(
    exchange: &mut Exchange,
    frame: &Bytes,
    strict: bool,
) -> Result<R, libkafka_protocol::Error> {
    if strict {
        let (_, response) = frame::decode_response_exact(exchange.version, frame)?;
        return Ok(response);
    }
    let (_, response, overlooked) = frame::decode_response(exchange.version, frame)?;
    #[cfg(feature = "log")]
    if !overlooked.is_empty() {
        log::debug!("{exchange}: overlooked {overlooked}");
    }
    exchange.overlooked = overlooked;
    Ok(response)
}

fn correlation_id(frame: &[u8]) -> Option<i32> {
    let id = frame.first_chunk::<CORRELATION_ID_SIZE>()?;
    Some(i32::from_be_bytes(*id))
}
