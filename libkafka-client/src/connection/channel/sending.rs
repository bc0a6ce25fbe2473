//! Sending of requests.

use std::collections::VecDeque;
use std::time::Instant;
use std::{io, mem};

use bytes::Bytes;
use libkafka_protocol::frame::{self, Frame};
use libkafka_protocol::{ApiKey, Request};

use super::super::request_writer::{Unwritten, write};
use super::super::response_reader::ReadError;
use super::super::unanswered::Unanswered;
use super::{Channel, Sent};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::net::{Transport, is_not_ready};
use crate::place::Phase;

/// A buffer larger than this is not kept for the next request. Only small batches are in it.
const LARGE_REQUEST: usize = 1024 * 1024;

/// The frame of a request, or why there is none.
type BuiltFrame<'a> = Result<Frame<'a>, libkafka_protocol::Error>;

impl Channel {
    /// Sends a request. If it is not `answered`, there is no response. What is not written by the
    /// deadline is kept for [`flush`](Self::flush).
    pub(in super::super) fn send<R: Request>(
        &mut self,
        request: &R,
        version: i16,
        answered: bool,
        deadline: Deadline,
    ) -> Result<Sent, Error> {
        let free = self.flush(deadline)?;
        let (exchange, frame) = self.begin_request(request, version);
        self.send_frame(exchange, frame, answered, free, deadline)
    }

    /// Like [`send`](Self::send), for a caller that waits: it is an error if not everything is
    /// written by the deadline.
    pub(in super::super) fn send_whole<R: Request>(
        &mut self,
        request: &R,
        version: i16,
        answered: bool,
        deadline: Deadline,
    ) -> Result<Option<Exchange>, Error> {
        let (exchange, frame) = self.begin_request(request, version);
        self.send_whole_frame(exchange, frame, answered, deadline)
    }

    /// Begins the exchange of a request, and builds its frame.
    fn begin_request<'a, R: Request>(
        &mut self,
        request: &'a R,
        version: i16,
    ) -> (Exchange, BuiltFrame<'a>) {
        let exchange = self.begin_header(R::API_KEY, version);
        let buffer = mem::take(&mut self.buffer);
        let frame = frame::request_frame(&self.header, request, buffer);
        (exchange, frame)
    }

    /// Begins the exchange of a request, and sets the header for it. This and all below is compiled
    /// once, and not for each type of request.
    fn begin_header(&mut self, api_key: ApiKey, version: i16) -> Exchange {
        let exchange = self.begin(api_key, version);
        self.header.request_api_key = api_key;
        self.header.request_api_version = version;
        self.header.correlation_id = exchange.correlation_id;
        exchange
    }

    /// Sends a frame, if the channel is `free`, or keeps it.
    fn send_frame(
        &mut self,
        exchange: Exchange,
        frame: BuiltFrame<'_>,
        answered: bool,
        free: bool,
        deadline: Deadline,
    ) -> Result<Sent, Error> {
        self.transmit(exchange, frame, answered, |transport, frame, exchange| {
            match free && write(transport, frame, deadline, exchange)? {
                true => Ok(None),
                // The frame borrows from the request, which the caller wants back.
                false => Ok(Some(frame.rest(exchange.request_bytes).collect())),
            }
        })
    }

    fn send_whole_frame(
        &mut self,
        exchange: Exchange,
        frame: BuiltFrame<'_>,
        answered: bool,
        deadline: Deadline,
    ) -> Result<Option<Exchange>, Error> {
        let write = |transport: &mut dyn Transport, frame: &Frame<'_>, exchange: &mut Exchange| {
            match write(transport, frame, deadline, exchange)? {
                true => Ok(None),
                false => Err(io::ErrorKind::TimedOut.into()),
            }
        };
        match self.transmit(exchange, frame, answered, write)? {
            Sent::Over(exchange) => Ok(Some(exchange)),
            Sent::Awaited | Sent::Unwritten => Ok(None),
        }
    }

    /// Has `write` write a frame and return what is left of it.
    fn transmit(
        &mut self,
        mut exchange: Exchange,
        frame: BuiltFrame<'_>,
        answered: bool,
        write: impl FnOnce(
            &mut dyn Transport,
            &Frame<'_>,
            &mut Exchange,
        ) -> io::Result<Option<VecDeque<Bytes>>>,
    ) -> Result<Sent, Error> {
        let frame = match frame {
            Ok(frame) => frame,
            Err(source) => {
                let at = self.place(Phase::Write, &exchange);
                return Err(Error::Encode { at, source });
            }
        };
        let result = write(&mut *self.transport, &frame, &mut exchange);
        self.buffer = frame.into_buffer();
        if self.buffer.capacity() > LARGE_REQUEST {
            // One such request does not make the next one large.
            self.buffer = Vec::new();
        }
        let rest = match result {
            Ok(rest) => rest,
            Err(source) => {
                exchange.timings.write = exchange.started.elapsed();
                let error = ReadError::Io(source);
                return Err(self.fail(exchange, Phase::Write, error, 0));
            }
        };
        let is_written = rest.is_none();
        let request = Unwritten {
            exchange,
            rest: rest.unwrap_or_default(),
            answered,
        };
        if is_written {
            return Ok(self.written(request));
        }
        self.unwritten.push_back(request);
        Ok(Sent::Unwritten)
    }

    /// Writes what is left of requests. Returns false if some is left at the deadline.
    pub(in super::super) fn flush(&mut self, deadline: Deadline) -> Result<bool, Error> {
        while let Some(mut request) = self.unwritten.pop_front() {
            match request.write(&mut *self.transport, deadline) {
                Ok(()) => drop(self.written(request)),
                Err(error) if is_not_ready(&error) => {
                    self.unwritten.push_front(request);
                    return Ok(false);
                }
                Err(error) => {
                    let error = ReadError::Io(error);
                    return Err(self.fail(request.exchange, Phase::Write, error, 0));
                }
            }
        }
        Ok(true)
    }

    fn written(&mut self, request: Unwritten) -> Sent {
        let mut exchange = request.exchange;
        self.used = Instant::now();
        exchange.timings.write = self.used - exchange.started;
        if request.answered {
            self.in_flight.push_back(exchange);
            return Sent::Awaited;
        }
        self.conclude(&exchange, None);
        self.unanswered = Some(Unanswered::and(self.unanswered.as_ref(), &exchange));
        Sent::Over(exchange)
    }
}
