//! `Link`: a connection to one broker, for callers that wait for several.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_protocol::{ApiKey, Request, Response, Versions};

use super::channel::Sent;
use super::open::Connection;
use super::opening::Opening;
use crate::broker::Broker;
use crate::config::Config;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::net::{Interest, Waitable};
use crate::place::{Phase, Place};

/// The pause after a failure before connecting to the broker again; it doubles with each further
/// failure.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A connection to one broker that is opened, kept and opened again. None of its calls ever waits.
///
/// A caller with requests for the broker goes through these steps:
///
/// 1. [`open`](Self::open) requests a connection, if there is something to send.
/// 2. [`advance`](Self::advance) does what can be done without waiting: it connects, does the
///    handshakes, authenticates and renews the session, each as far as possible, and writes what is
///    left of requests. It returns whether a request can be sent.
/// 3. [`receive`](Self::receive) returns the responses in the order of the requests, and then
///    `None`.
/// 4. [`send`](Self::send) sends one more request, as often as `advance` says that it can. What the
///    broker does not accept at once is kept and written by `advance`.
/// 5. [`wait`](crate::wait) for all such links, whose [`interest`](Waitable::interest) says what
///    each is waiting for, and for the time at which there is something else to do. Then start
///    again.
///
/// Any error that `advance`, `send` and `receive` return ends the connection, unless it is only
/// about the request ([`Error::Encode`], [`Error::Version`], [`Error::InFlight`]): then
/// [`in_flight`](Self::in_flight) is 0, and it is not known what became of the requests that were
/// in flight. The next connection is made after a pause, which grows with every failure until a
/// response arrives. It is not an error if the broker closes the connection while nothing is in
/// flight; it is opened again on request.
///
/// Opening is limited by [`connect_timeout`](Config::connect_timeout), and so is a renewal; each
/// request has its own deadline.
pub(crate) struct Link {
    config: Arc<Config>,
    broker: Arc<Broker>,
    /// The API that the connection is for, which errors of opening it name.
    api: ApiKey,
    state: State,
    /// Whether a connection was requested and nothing has been sent since.
    asked: bool,
    /// The deadlines of the responses in flight.
    due: VecDeque<Deadline>,
    /// The deadline for writing requests without a response, if they are not written.
    written_by: Option<Deadline>,
    /// The number of failures since the last response.
    failures: u32,
}

enum State {
    /// To be opened at this time, if ever.
    Closed(Option<Instant>),
    Opening(Box<Opening>),
    Open(Box<Connection>),
}

impl Link {
    /// A link that is not open. Errors of opening it say that it was for `api`.
    pub(crate) fn new(config: Arc<Config>, broker: Arc<Broker>, api: ApiKey) -> Self {
        Self {
            config,
            broker,
            api,
            state: State::Closed(None),
            asked: false,
            due: VecDeque::new(),
            written_by: None,
            failures: 0,
        }
    }

    /// The broker of the link.
    pub(crate) fn broker(&self) -> &Arc<Broker> {
        &self.broker
    }

    /// Updates what is known of the broker. If its address changed, the connection is
    /// [closed](Self::close).
    pub(crate) fn set_broker(&mut self, broker: Arc<Broker>) {
        if broker.address != self.broker.address {
            self.close();
            self.failures = 0;
        } else if let State::Open(connection) = &mut self.state {
            connection.set_broker(Arc::clone(&broker));
        }
        self.broker = broker;
    }

    /// Requests a connection: [`advance`](Self::advance) opens it, at once or after the pause that
    /// follows a failure. Does nothing if it is open or being opened.
    pub(crate) fn open(&mut self) {
        self.asked = true;
        if matches!(self.state, State::Closed(None)) {
            self.state = State::Closed(Some(Instant::now() + self.pause()));
        }
    }

    /// Drops the connection and everything in flight, and does not open another until requested.
    pub(crate) fn close(&mut self) {
        self.state = State::Closed(None);
        self.asked = false;
        self.due.clear();
        self.written_by = None;
    }

    /// The number of responses that have not been received.
    pub(crate) fn in_flight(&self) -> usize {
        self.due.len()
    }

    /// Whether another request may be in flight ([`max_in_flight`](Config::max_in_flight)).
    pub(crate) fn has_room(&self) -> bool {
        self.in_flight() < self.config.max_in_flight
    }

    /// The place of an error that does not belong to any exchange.
    pub(crate) fn place(&self) -> Box<Place> {
        Box::new(Place::before(self.api, Phase::Write, &self.broker))
    }

    /// The version to use: the highest of `range` that the broker, the request and the
    /// configuration allow. `None` while there is no connection, since nothing is known of the
    /// broker.
    ///
    /// # Errors
    /// [`Error::Version`] if there is none.
    pub(crate) fn version<R: Request>(&self, range: Versions) -> Result<Option<i16>, Error> {
        match &self.state {
            State::Open(connection) => connection.version::<R>(range).map(Some),
            _ => Ok(None),
        }
    }

    /// Whether all requests are completely written.
    pub(crate) fn is_written(&self) -> bool {
        match &self.state {
            State::Open(connection) => connection.is_written(),
            _ => true,
        }
    }

    /// Whether all requests are completely written and the broker has not closed the connection, as
    /// far as can be seen without waiting. Nothing more is ever known about requests that have no
    /// response.
    ///
    /// # Errors
    /// [`Error::Closed`] if the broker closed the connection, and any other error that ends it.
    pub(crate) fn has_taken(&mut self) -> Result<bool, Error> {
        let State::Open(connection) = &mut self.state else {
            return Ok(false);
        };
        if !connection.is_written() {
            return Ok(false);
        }
        let is_open = connection.is_open(self.api);
        match self.settle(is_open)? {
            true => Ok(true),
            false => Err(Error::Closed { at: self.place() }),
        }
    }

    /// Continues as far as possible without waiting, and returns whether a request can be sent.
    ///
    /// # Errors
    /// The errors of opening the connection, of renewing its session and of writing what was left
    /// of requests, and [`Error::Timeout`] if a response is overdue.
    pub(crate) fn advance(&mut self) -> Result<bool, Error> {
        let result = self.steps();
        self.settle(result)
    }

    /// Sends a request in this version, which has a response only if it is `answered`. `due` is the
    /// deadline for the response, or for writing the request if it has none. Returns false if no
    /// request can be sent now, which [`advance`](Self::advance) says beforehand.
    ///
    /// # Errors
    /// [`Error::InFlight`] if the maximum number of requests is in flight
    /// ([`max_in_flight`](Config::max_in_flight)), [`Error::Encode`], and any error that ends the
    /// connection.
    pub(crate) fn send<R: Request>(
        &mut self,
        request: &R,
        version: i16,
        answered: bool,
        due: Deadline,
    ) -> Result<bool, Error> {
        let in_flight = self.in_flight();
        if in_flight >= self.config.max_in_flight {
            return Err(Error::InFlight { in_flight });
        }
        if !self.advance()? {
            return Ok(false);
        }
        let State::Open(connection) = &mut self.state else {
            return Ok(false);
        };
        let sent = connection.submit(request, version, answered, Deadline::now());
        match sent {
            Ok(_) if answered => self.due.push_back(due),
            Ok(Sent::Unwritten) => self.written_by = Some(due),
            _ => {}
        }
        self.asked = false;
        self.settle(sent).map(|_: Sent| true)
    }

    /// The response to the earliest request, which must be of this type; `None` if it has not
    /// arrived, or if nothing is in flight.
    ///
    /// # Errors
    /// [`Error::Timeout`] if it is overdue, and any error that ends the connection.
    pub(crate) fn receive<R: Response>(&mut self) -> Result<Option<Answer<R>>, Error> {
        let State::Open(connection) = &mut self.state else {
            return Ok(None);
        };
        if self.due.is_empty() {
            return Ok(None);
        }
        let received = connection.collect::<R>(Deadline::now());
        match self.settle(received)? {
            Some(answer) => {
                self.due.pop_front();
                self.failures = 0;
                Ok(Some(answer))
            }
            None => self.check_due().map(|()| None),
        }
    }

    fn steps(&mut self) -> Result<bool, Error> {
        loop {
            match &mut self.state {
                State::Closed(None) => return Ok(false),
                State::Closed(Some(at)) if *at > Instant::now() => return Ok(false),
                State::Closed(Some(_)) => {
                    let by = Deadline::after(self.config.connect_timeout);
                    let opening = Opening::new(&self.config, &self.broker, self.api, by);
                    self.state = State::Opening(Box::new(opening));
                }
                State::Opening(opening) => match opening.advance(Deadline::now())? {
                    Some(connection) => self.state = State::Open(Box::new(connection)),
                    None => return Ok(false),
                },
                State::Open(connection) => {
                    if !connection.is_current(self.api)? {
                        self.state = State::Closed(self.asked.then(Instant::now));
                        continue;
                    }
                    let ready = connection.prepare(self.api, Deadline::now())?;
                    self.check_due()?;
                    return Ok(ready);
                }
            }
        }
    }

    /// # Errors
    /// [`Error::Timeout`] if the earliest request should be over.
    fn check_due(&mut self) -> Result<(), Error> {
        let State::Open(connection) = &mut self.state else {
            return Ok(());
        };
        if connection.is_written() {
            self.written_by = None;
        }
        let mut due = self.due.front().into_iter().chain(&self.written_by);
        if due.any(|due| due.is_past()) {
            let error = connection.time_out();
            return self.settle(Err(error));
        }
        Ok(())
    }

    /// Handles a result that may have ended the connection.
    fn settle<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        let lost = match &self.state {
            State::Open(connection) => connection.is_broken(),
            State::Opening(_) => result.is_err(),
            State::Closed(_) => false,
        };
        if lost {
            self.close();
            self.failures = self.failures.saturating_add(1);
        }
        result
    }

    /// The pause before connecting to the broker again.
    fn pause(&self) -> Duration {
        match self.failures {
            0 => Duration::ZERO,
            failures => {
                let doublings = (failures - 1).min(10);
                (FIRST_PAUSE * (1 << doublings)).min(LONGEST_PAUSE)
            }
        }
    }
}

impl Waitable for Link {
    fn interest(&self) -> Interest<'_> {
        match &self.state {
            State::Closed(None) => Interest::nothing(),
            State::Closed(Some(at)) => Interest::nothing().or_at(*at),
            State::Opening(opening) => opening.interest(),
            State::Open(connection) => {
                let due = self.due.front().into_iter().chain(&self.written_by);
                due.fold(connection.interest(), |interest, due| {
                    interest.or_at(due.instant())
                })
            }
        }
    }
}

#[cfg(test)]
mod tests;
