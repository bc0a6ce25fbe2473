//! `Link`: a connection to one broker for those who wait for several.

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

/// Pause after a failure before the broker is connected to again; it doubles with each further
/// failure.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest such pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// A connection to one broker that is opened, kept and opened again, and of which no call ever
/// waits.
///
/// Whoever has requests for the broker goes round like this:
///
/// 1. [`open`](Self::open) asks for a connection, if there is something to send.
/// 2. [`advance`](Self::advance) does what can be done without waiting: it connects, shakes
///    hands, authenticates and renews the session, each as far as it goes, and writes what is
///    left of requests. It says whether a request can be sent.
/// 3. [`receive`](Self::receive), until it gives none, gives the responses in the order of the
///    requests.
/// 4. [`send`](Self::send) sends one more, as often as `advance` says that it can. What the broker
///    does not take at once is kept, and written by `advance`.
/// 5. [`wait`](crate::wait) for all such links, whose [`interest`](Waitable::interest) says what
///    each is waiting for, and for the time at which there is something else to do. Then again.
///
/// Any error that `advance`, `send` and `receive` return ends the connection, unless it is about
/// the request alone ([`Error::Encode`], [`Error::Version`], [`Error::InFlight`]):
/// [`in_flight`](Self::in_flight) is 0 then, and what became of the requests that were in flight
/// is not known. The next connection is made after a pause, which grows from failure to failure
/// until a response comes. A connection that the broker closes while nothing is in flight is no
/// error, and is opened again when somebody asks for it.
///
/// Opening has [`connect_timeout`](Config::connect_timeout), a renewal the same again, and each
/// request its own deadline.
pub(crate) struct Link {
    config: Arc<Config>,
    broker: Arc<Broker>,
    /// The API that it is for, as errors of opening it name it.
    api: ApiKey,
    state: State,
    /// Whether somebody asked for a connection and has not sent anything since.
    asked: bool,
    /// When the responses in flight have to be here.
    due: VecDeque<Deadline>,
    /// When requests that ask for no response have to be written, if they are not.
    written_by: Option<Deadline>,
    /// Since the last response.
    failures: u32,
}

enum State {
    /// To be opened at this point in time, if at all.
    Closed(Option<Instant>),
    Opening(Box<Opening>),
    Open(Box<Connection>),
}

impl Link {
    /// A link that is not open. Errors of opening it say that it was for the sake of `api`.
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

    /// The broker that it leads to.
    pub(crate) fn broker(&self) -> &Arc<Broker> {
        &self.broker
    }

    /// Sets what is known of the broker. With another address than before, the connection is
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

    /// Asks for a connection: it is opened by [`advance`](Self::advance), at once or after the
    /// pause that follows a failure. Does nothing if it is open or on the way.
    pub(crate) fn open(&mut self) {
        self.asked = true;
        if matches!(self.state, State::Closed(None)) {
            self.state = State::Closed(Some(Instant::now() + self.pause()));
        }
    }

    /// Drops the connection with all that is in flight, and opens no other until somebody asks.
    pub(crate) fn close(&mut self) {
        self.state = State::Closed(None);
        self.asked = false;
        self.due.clear();
        self.written_by = None;
    }

    /// How many responses have not been received.
    pub(crate) fn in_flight(&self) -> usize {
        self.due.len()
    }

    /// Whether another request may be in flight ([`max_in_flight`](Config::max_in_flight)).
    pub(crate) fn has_room(&self) -> bool {
        self.in_flight() < self.config.max_in_flight
    }

    /// Where an error is that no exchange has to do with.
    pub(crate) fn place(&self) -> Box<Place> {
        Box::new(Place::before(self.api, Phase::Write, &self.broker))
    }

    /// The version to speak: the last of `range` that broker, request and configuration allow.
    /// None while there is no connection, and so nothing known of the broker.
    ///
    /// # Errors
    /// [`Error::Version`] if there is none.
    pub(crate) fn version<R: Request>(&self, range: Versions) -> Result<Option<i16>, Error> {
        match &self.state {
            State::Open(connection) => connection.version::<R>(range).map(Some),
            _ => Ok(None),
        }
    }

    /// Goes on as far as it can without waiting, and says whether a request can be sent.
    ///
    /// # Errors
    /// Of opening the connection, of renewing its session and of writing what was left of
    /// requests; [`Error::Timeout`] if a response is overdue.
    pub(crate) fn advance(&mut self) -> Result<bool, Error> {
        let result = self.steps();
        self.settle(result)
    }

    /// Sends a request in this version, to which no response is to come unless it is `answered`. By
    /// `due`, the response has to be here, or else the request has to be written. False if no
    /// request can be sent now, which [`advance`](Self::advance) tells beforehand.
    ///
    /// # Errors
    /// [`Error::InFlight`] if as many requests as may be are in flight
    /// ([`max_in_flight`](Config::max_in_flight)); [`Error::Encode`]; whatever ends the
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

    /// The response to the request that was sent first, which is of this type; none if it has not
    /// come, or if none is in flight.
    ///
    /// # Errors
    /// [`Error::Timeout`] if it is overdue; whatever ends the connection.
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
    /// [`Error::Timeout`] if the request that was sent first should be over.
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

    /// After something that may have ended the connection.
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

    /// The pause before the broker is connected to again.
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
