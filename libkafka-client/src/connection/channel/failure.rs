//! Failures of exchanges, which end the connection.

use super::super::response_reader::ReadError;
use super::Channel;
use crate::error::Error;
use crate::exchange::Exchange;
use crate::place::{Phase, Place};

impl Channel {
    /// The error that the deadline passed, for the earliest request that is not over.
    pub(in super::super) fn time_out(&mut self) -> Error {
        let unwritten = self.unwritten.pop_front();
        let (phase, exchange) = match self.in_flight.pop_front() {
            Some(exchange) => (Phase::Read, Some(exchange)),
            None => (Phase::Write, unwritten.map(|request| request.exchange)),
        };
        match exchange {
            Some(exchange) => {
                let at = self.place(phase, &exchange);
                self.break_off(exchange, Error::Timeout { at })
            }
            None => {
                self.broken = true;
                let api = self.header.request_api_key;
                let at = Place::before(api, phase, &self.broker);
                let at = Box::new(self.stage.clone().unwrap_or(at));
                Error::Timeout { at }
            }
        }
    }

    /// The error for a response that is not what it should be, so nothing after it can be trusted
    /// either.
    pub(in super::super) fn undecodable(
        &mut self,
        exchange: Exchange,
        source: libkafka_protocol::Error,
    ) -> Error {
        let at = self.place(Phase::Read, &exchange);
        self.break_off(exchange, Error::Decode { at, source })
    }

    pub(super) fn fail(
        &mut self,
        exchange: Exchange,
        phase: Phase,
        error: ReadError,
        limit: usize,
    ) -> Error {
        let mut at = self.place(phase, &exchange);
        if exchange.request_bytes == 0
            && let Some(requests) = self.unanswered.take()
        {
            // They may have been refused, so that this is no connection that simply went.
            at = requests.place();
        }
        let error = match error {
            ReadError::Io(source) => Error::from_io(at, source),
            ReadError::Closed => Error::Closed { at },
            ReadError::Length(length) => Error::ResponseLength { at, length, limit },
        };
        self.break_off(exchange, error)
    }

    pub(super) fn break_off(&mut self, exchange: Exchange, mut error: Error) -> Error {
        self.broken = true;
        self.config.note_reached(&mut error);
        self.conclude(&exchange, Some(&error));
        self.broken_by = Some(exchange);
        error
    }
}
