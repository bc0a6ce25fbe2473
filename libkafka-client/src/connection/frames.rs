//! A connection to one broker: requests out, responses in, in order.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::mem;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_protocol::frame::Frame;
use libkafka_protocol::messages::RequestHeader;
use libkafka_protocol::{ApiKey, Request, Response, Versions, frame};
use smallvec::SmallVec;

use super::response_reader::{ReadError, ResponseReader};
use super::versions::BrokerVersions;
use crate::broker::Broker;
use crate::config::Config;
use crate::deadline::Deadline;
use crate::error::{Error, io_error};
use crate::exchange::{Answer, Exchange};
use crate::net::Transport;
use crate::place::{Phase, Place};
use crate::timings::Timings;

/// Pause after which a connection is looked at before it is used: the broker may have closed it
/// meanwhile. Below it, the look would cost more than it finds.
const TRUSTED_PAUSE: Duration = Duration::from_millis(1);

/// Bytes of the correlation id, which every response starts with.
const CORRELATION_ID_SIZE: usize = 4;

/// An open connection of which the broker's versions are known.
pub(crate) struct Connection {
    pub(crate) config: Arc<Config>,
    pub(crate) broker: Arc<Broker>,
    pub(crate) versions: BrokerVersions,
    /// What opening took, until an exchange takes it over.
    pub(crate) opening: Timings,
    /// Where exchanges count to, and their errors, while the connection is being opened or its
    /// session renewed: what they write is not the caller's request.
    pub(crate) stage: Option<Place>,
    /// The exchange that broke the connection.
    pub(crate) broken_by: Option<Exchange>,
    /// When to authenticate again, if at all.
    pub(crate) session_ends: Option<Instant>,
    transport: Box<dyn Transport>,
    header: RequestHeader,
    /// Requests are built in it.
    buffer: Vec<u8>,
    reader: ResponseReader,
    /// Requests whose responses have not been read.
    in_flight: VecDeque<Exchange>,
    opened: Instant,
    used: Instant,
    /// Until when the broker asked for a pause.
    hold_until: Option<Instant>,
    /// Out of step or gone: never to be used again.
    broken: bool,
}

impl Connection {
    /// A connection of which nothing is known but the transport.
    pub(crate) fn new(
        config: Arc<Config>,
        broker: Arc<Broker>,
        transport: Box<dyn Transport>,
        opening: Timings,
    ) -> Self {
        let now = Instant::now();
        Self {
            header: RequestHeader {
                client_id: config.client_id.clone(),
                ..Default::default()
            },
            config,
            broker,
            versions: BrokerVersions::default(),
            opening,
            stage: None,
            broken_by: None,
            session_ends: None,
            transport,
            buffer: Vec::new(),
            reader: ResponseReader::new(),
            in_flight: VecDeque::new(),
            opened: now,
            used: now,
            hold_until: None,
            broken: false,
        }
    }

    /// How many responses have not been collected.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.len()
    }

    /// Never to be used again.
    pub(crate) fn break_up(&mut self) {
        self.broken = true;
    }

    /// Was it lost, or put out of step, by an error?
    pub(crate) fn is_broken(&self) -> bool {
        self.broken
    }

    /// Whether a request may be sent: what the broker did meanwhile is looked at, as far as it
    /// can be seen without waiting.
    pub(crate) fn is_usable(&mut self) -> bool {
        if self.broken || !self.in_flight.is_empty() {
            return !self.broken;
        }
        let now = Instant::now();
        let pause = now - self.used;
        self.broken = now - self.opened > self.config.max_age
            || pause > self.config.max_idle
            || (pause > TRUSTED_PAUSE && !self.transport.is_usable());
        !self.broken
    }

    /// The version to speak: the last of `range` that broker, request and configuration allow.
    ///
    /// # Errors
    /// [`Error::Version`]
    pub(crate) fn version<R: Request>(&self, range: Versions) -> Result<i16, Error> {
        let broker = self.versions.of(R::API_KEY);
        let allowed = Versions::new(0, self.config.max_version_of(R::API_KEY));
        let client = R::VERSIONS.intersect(range).intersect(allowed);
        let common = broker.intersect(client);
        if common.is_empty() {
            return Err(Error::Version {
                at: Box::new(Place::before(R::API_KEY, Phase::Negotiate, &self.broker)),
                broker,
                client,
            });
        }
        Ok(common.max)
    }

    /// Sends a request and waits for its response.
    pub(crate) fn exchange<R: Request>(
        &mut self,
        request: &R,
        version: i16,
        deadline: Deadline,
    ) -> Result<Answer<R::Response>, Error> {
        if !self.in_flight.is_empty() {
            let in_flight = self.in_flight.len();
            return Err(Error::InFlight { in_flight });
        }
        self.send(request, version, true, deadline)?;
        self.receive(deadline)
    }

    /// Sends a request whose response [`receive`](Self::receive) reads if it is `answered`, and
    /// gives the exchange if it is over with that.
    pub(crate) fn send<R: Request>(
        &mut self,
        request: &R,
        version: i16,
        answered: bool,
        deadline: Deadline,
    ) -> Result<Option<Exchange>, Error> {
        let exchange = self.write(request, version, deadline)?;
        if answered {
            self.in_flight.push_back(exchange);
            return Ok(None);
        }
        self.conclude(&exchange, None);
        Ok(Some(exchange))
    }

    fn write<R: Request>(
        &mut self,
        request: &R,
        version: i16,
        deadline: Deadline,
    ) -> Result<Exchange, Error> {
        let mut exchange = self.begin(R::API_KEY, version);
        self.hold_back(&exchange, deadline)?;
        self.header.request_api_key = R::API_KEY;
        self.header.request_api_version = version;
        self.header.correlation_id = exchange.correlation_id;

        let buffer = mem::take(&mut self.buffer);
        let frame = match frame::request_frame(&self.header, request, buffer) {
            Ok(frame) => frame,
            Err(source) => {
                let at = self.at_exchange(Phase::Write, &exchange);
                return Err(Error::Encode { at, source });
            }
        };
        let started = Instant::now();
        let written = &mut exchange.request_bytes;
        let result = write_all(&mut *self.transport, &frame, deadline, written);
        self.buffer = frame.into_buffer();
        let now = Instant::now();
        self.used = now;
        exchange.timings.write = now - started;
        match result {
            Ok(()) => Ok(exchange),
            Err(source) => Err(self.fail(exchange, Phase::Write, ReadError::Io(source))),
        }
    }

    /// Reads the response to the request that was sent first of those in flight.
    pub(crate) fn receive<R: Response>(&mut self, deadline: Deadline) -> Result<Answer<R>, Error> {
        let (mut exchange, frame) = self.receive_frame(deadline)?;
        match frame::decode_response::<R>(exchange.version, &frame) {
            Ok((_, response)) => {
                if let Some(throttle @ 1..) = response.throttle_time_ms() {
                    exchange.throttle = Duration::from_millis(throttle as u64);
                    self.hold_until = self.used.checked_add(exchange.throttle);
                }
                self.conclude(&exchange, None);
                Ok(Answer { response, exchange })
            }
            Err(source) => Err(self.undecodable(exchange, source)),
        }
    }

    /// Reads the next response as it is, its correlation id checked.
    pub(crate) fn receive_frame(&mut self, deadline: Deadline) -> Result<(Exchange, Bytes), Error> {
        let Some(mut exchange) = self.in_flight.pop_front() else {
            return Err(Error::InFlight { in_flight: 0 });
        };
        let started = self.used;
        let result = self.reader.read(
            &mut *self.transport,
            self.config.max_response_bytes,
            self.in_flight.is_empty(),
            deadline,
        );
        let now = Instant::now();
        self.used = now;
        exchange.timings.read = now - started;
        let frame = match result {
            Ok(frame) => frame,
            Err(error) => return Err(self.fail(exchange, Phase::Read, error)),
        };
        exchange.response_bytes = frame.len() + frame::LENGTH_SIZE;
        let expected = exchange.correlation_id;
        match frame.first_chunk::<CORRELATION_ID_SIZE>() {
            Some(&id) if i32::from_be_bytes(id) != expected => {
                let error = Error::CorrelationId {
                    at: self.at_exchange(Phase::Read, &exchange),
                    expected,
                    found: i32::from_be_bytes(id),
                };
                Err(self.break_off(exchange, error))
            }
            // One that is too short is for the decoder to name.
            _ => Ok((exchange, frame)),
        }
    }

    /// Ends an exchange well, or with an error that has been made of it.
    pub(crate) fn conclude(&self, exchange: &Exchange, error: Option<&Error>) {
        #[cfg(feature = "log")]
        match error {
            // Before that, whoever opens the connection says it.
            Some(error) if self.stage.is_none() => log::debug!("{error}"),
            Some(_) => {}
            None => log::trace!("{exchange}"),
        }
        if let Some(observer) = &self.config.observer {
            observer.exchange(exchange, error);
        }
    }

    /// The response is not what it should be, so nothing behind it can be trusted either.
    pub(crate) fn undecodable(
        &mut self,
        exchange: Exchange,
        source: libkafka_protocol::Error,
    ) -> Error {
        let at = self.at_exchange(Phase::Read, &exchange);
        self.break_off(exchange, Error::Decode { at, source })
    }

    pub(crate) fn at_exchange(&self, phase: Phase, exchange: &Exchange) -> Box<Place> {
        Box::new(match &self.stage {
            Some(stage) => stage.clone(),
            None => exchange.at(phase),
        })
    }

    fn begin(&mut self, api_key: ApiKey, version: i16) -> Exchange {
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
        }
    }

    /// Waits as long as the broker asked for, where the configuration wants that.
    fn hold_back(&mut self, exchange: &Exchange, deadline: Deadline) -> Result<(), Error> {
        let Some(until) = self.hold_until.filter(|_| self.config.honour_throttle) else {
            return Ok(());
        };
        if until > deadline.instant() {
            let at = self.at_exchange(Phase::Write, exchange);
            return Err(Error::Timeout { at });
        }
        thread::sleep(until.saturating_duration_since(Instant::now()));
        self.hold_until = None;
        Ok(())
    }

    fn fail(&mut self, exchange: Exchange, phase: Phase, error: ReadError) -> Error {
        let at = self.at_exchange(phase, &exchange);
        let error = match error {
            ReadError::Io(source) => io_error(at, source),
            ReadError::Closed => Error::Closed { at },
            ReadError::Length(length) => Error::ResponseLength {
                at,
                length,
                limit: self.config.max_response_bytes,
            },
        };
        self.break_off(exchange, error)
    }

    fn break_off(&mut self, exchange: Exchange, error: Error) -> Error {
        self.broken = true;
        self.conclude(&exchange, Some(&error));
        self.broken_by = Some(exchange);
        error
    }
}

/// Writes all of a frame, and counts the bytes in `written` as they go.
fn write_all(
    transport: &mut dyn Transport,
    frame: &Frame<'_>,
    deadline: Deadline,
    written: &mut usize,
) -> io::Result<()> {
    let mut parts: SmallVec<[IoSlice<'_>; 4]> = frame.parts().map(IoSlice::new).collect();
    let mut parts = &mut parts[..];
    while !parts.is_empty() {
        match transport.write(parts, deadline)? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            n => {
                *written += n;
                IoSlice::advance_slices(&mut parts, n);
            }
        }
    }
    Ok(())
}
