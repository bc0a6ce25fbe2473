//! Checks whether the broker closed an idle connection, or sent something on it.

use libkafka_protocol::ApiKey;

use super::super::response_reader::ReadError;
use super::{Channel, SMALL_ANSWER, correlation_id};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::net::is_not_ready;
use crate::place::{Phase, Place};

impl Channel {
    /// Whether the broker has neither closed the connection nor sent anything while nothing is in
    /// flight.
    pub(in super::super) fn is_quiet(&mut self) -> bool {
        self.reader.is_empty() && self.transport.is_usable()
    }

    /// Whether the connection is still open while nothing is in flight, before a request of `api`.
    ///
    /// # Errors
    /// [`Error::Unsolicited`] if bytes have arrived; [`Error::Closed`] if the broker closed the
    /// connection after requests without a response, which it may have refused that way.
    pub(in super::super) fn is_open(&mut self, api: ApiKey) -> Result<bool, Error> {
        let transport = &mut *self.transport;
        let read = self
            .reader
            .read(transport, SMALL_ANSWER, true, Deadline::now());
        let id = match read {
            Err(ReadError::Io(error)) if is_not_ready(&error) && self.reader.is_empty() => {
                return Ok(true);
            }
            Err(ReadError::Io(error)) if !is_not_ready(&error) => return self.closed(),
            Err(ReadError::Closed) => return self.closed(),
            Err(_) => None,
            Ok(frame) => correlation_id(&frame),
        };
        self.broken = true;
        Err(self.unsolicited(id, api))
    }

    fn closed(&mut self) -> Result<bool, Error> {
        self.broken = true;
        match self.unanswered.take() {
            Some(requests) => Err(Error::Closed {
                at: requests.place(),
            }),
            None => Ok(false),
        }
    }

    /// The error for a frame with this correlation id, or something else, that no request had asked
    /// for.
    pub(super) fn unsolicited(&self, id: Option<i32>, api: ApiKey) -> Error {
        let answered = self.unanswered.as_ref();
        match answered.filter(|requests| id.is_some_and(|id| requests.contains(id))) {
            Some(requests) => Error::Unsolicited {
                at: requests.place(),
                answered: Some(requests.last.api_key),
            },
            None => {
                let at = || Place::before(api, Phase::Write, &self.broker);
                Error::Unsolicited {
                    at: Box::new(self.stage.clone().unwrap_or_else(at)),
                    answered: None,
                }
            }
        }
    }
}
