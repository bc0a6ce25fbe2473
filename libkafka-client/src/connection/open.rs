//! `Connection`: an open connection to one broker.

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_protocol::{ApiKey, Request, Response, Versions};

use super::authentication::{Authentication, Session};
use super::channel::{Channel, Sent, decode};
use super::versions::BrokerVersions;
use crate::broker::Broker;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::{Answer, Exchange};
use crate::net::Interest;
use crate::place::{Phase, Place};

/// The pause after which a connection is checked before it is used, since the broker may have
/// closed it. After shorter pauses the check would cost more than it finds.
const TRUSTED_PAUSE: Duration = Duration::from_millis(1);

/// An open connection with the broker's versions.
///
/// [`exchange`](Self::exchange), [`send`](Self::send) and [`receive`](Self::receive) wait until
/// they are done or the deadline passes, which ends the connection. [`prepare`](Self::prepare),
/// [`submit`](Self::submit) and [`collect`](Self::collect) wait no longer either, but continue
/// where they stopped when they are called again.
pub(crate) struct Connection {
    pub(crate) versions: BrokerVersions,
    channel: Channel,
    session: Session,
    /// The authentication that begins the next session.
    renewal: Option<Box<Authentication>>,
    /// Responses that were received to make way for a renewal.
    received: VecDeque<(Exchange, Bytes)>,
    opened: Instant,
    /// The end of the pause that the broker asked for.
    hold_until: Option<Instant>,
}

impl Connection {
    pub(super) fn new(channel: Channel, versions: BrokerVersions, session: Session) -> Self {
        Self {
            versions,
            channel,
            session,
            renewal: None,
            received: VecDeque::new(),
            opened: Instant::now(),
            hold_until: None,
        }
    }

    /// The broker of the connection.
    pub(crate) fn broker(&self) -> &Arc<Broker> {
        &self.channel.broker
    }

    /// Updates what is known of the broker, whose address stays the same.
    pub(crate) fn set_broker(&mut self, broker: Arc<Broker>) {
        self.channel.broker = broker;
    }

    /// The time that opening took, until an exchange includes it.
    #[cfg(feature = "log")]
    pub(super) fn opening(&self) -> &crate::timings::Timings {
        &self.channel.opening
    }

    /// The number of responses that have not been collected.
    pub(crate) fn in_flight(&self) -> usize {
        self.received.len() + self.channel.in_flight()
    }

    /// Marks the connection as broken: it is not used again.
    pub(crate) fn break_up(&mut self) {
        self.channel.break_up();
    }

    /// Whether an error lost the connection or put it out of step.
    pub(crate) fn is_broken(&self) -> bool {
        self.channel.is_broken()
    }

    /// The exchange that broke it, if one did.
    pub(crate) fn broken_by(self) -> Option<Exchange> {
        self.channel.broken_by
    }

    /// Whether a request of `api` may be sent, given what can be seen without waiting of what the
    /// broker did meanwhile. Once it returns false, it always does.
    ///
    /// # Errors
    /// [`Error::Unsolicited`] if the broker sent something that no request had asked for, and
    /// [`Error::Closed`] if it closed the connection after requests without a response.
    pub(crate) fn is_usable(&mut self, api: ApiKey) -> Result<bool, Error> {
        if self.is_broken() || self.in_flight() > 0 {
            return Ok(!self.is_broken());
        }
        let now = Instant::now();
        let pause = now.saturating_duration_since(self.channel.used);
        if pause > TRUSTED_PAUSE && !self.channel.is_quiet() && !self.channel.is_open(api)? {
            return Ok(false);
        }
        Ok(self.is_young(now, pause))
    }

    /// Like [`is_usable`](Self::is_usable), for callers that never wait.
    pub(super) fn is_current(&mut self, api: ApiKey) -> Result<bool, Error> {
        if !self.channel.is_idle() || self.in_flight() > 0 || self.renewal.is_some() {
            return Ok(true);
        }
        let now = Instant::now();
        let pause = now.saturating_duration_since(self.channel.used);
        let open = pause <= TRUSTED_PAUSE || self.channel.is_open(api)?;
        Ok(open && self.is_young(now, pause))
    }

    /// Whether the broker has left the connection open, as far as can be seen without waiting,
    /// while nothing is in flight.
    ///
    /// # Errors
    /// The errors of [`is_current`](Self::is_current).
    pub(super) fn is_open(&mut self, api: ApiKey) -> Result<bool, Error> {
        self.channel.is_open(api)
    }

    /// Whether the connection is neither too old nor unused for too long.
    fn is_young(&mut self, now: Instant, pause: Duration) -> bool {
        let config = &self.channel.config;
        let age = now.saturating_duration_since(self.opened);
        let young = age <= config.max_age && pause <= config.max_idle;
        if !young {
            self.break_up();
        }
        young
    }

    /// Whether every request is completely written.
    pub(super) fn is_written(&self) -> bool {
        self.channel.is_written()
    }

    /// The timeout error of the earliest request that is not over.
    pub(super) fn time_out(&mut self) -> Error {
        self.channel.time_out()
    }

    /// The version to use: the highest of `range` that the broker, the request and the
    /// configuration allow.
    ///
    /// # Errors
    /// [`Error::Version`]
    pub(crate) fn version<R: Request>(&self, range: Versions) -> Result<i16, Error> {
        let Channel { config, broker, .. } = &self.channel;
        self.versions.choose::<R>(range, config, broker)
    }

    /// Sends a request and waits for its response.
    pub(crate) fn exchange<R: Request>(
        &mut self,
        request: &R,
        version: i16,
        deadline: Deadline,
    ) -> Result<Answer<R::Response>, Error> {
        if self.in_flight() > 0 {
            let in_flight = self.in_flight();
            return Err(Error::Uncollected { in_flight });
        }
        self.send(request, version, true, deadline)?;
        self.receive(deadline)
    }

    /// Sends a request. If it is `answered`, [`receive`](Self::receive) reads its response;
    /// otherwise returns the exchange, which is over.
    pub(crate) fn send<R: Request>(
        &mut self,
        request: &R,
        version: i16,
        answered: bool,
        deadline: Deadline,
    ) -> Result<Option<Exchange>, Error> {
        // Whose time is over wants nothing sent, even if that could be done at once.
        if !self.hold_back(deadline) || deadline.is_past() {
            let exchange = self.channel.begin(R::API_KEY, version);
            let at = self.channel.place(Phase::Write, &exchange);
            return Err(Error::Timeout { at });
        }
        let channel = &mut self.channel;
        channel.send_whole(request, version, answered, deadline)
    }

    /// Reads the response to the earliest request in flight.
    pub(crate) fn receive<R: Response>(&mut self, deadline: Deadline) -> Result<Answer<R>, Error> {
        if self.in_flight() == 0 {
            return Err(Error::Uncollected { in_flight: 0 });
        }
        match self.collect(deadline)? {
            Some(answer) => Ok(answer),
            None => Err(self.channel.time_out()),
        }
    }

    /// Authenticates again if the session is about to end (KIP-368).
    pub(crate) fn keep_session(&mut self, api: ApiKey, deadline: Deadline) -> Result<(), Error> {
        match self.renew(api, deadline)? {
            true => Ok(()),
            false => Err(self.channel.time_out()),
        }
    }

    /// Does what must be done before a request of `api` is sent: writes what is left of earlier
    /// requests, waits as long as the broker asked for, and renews the session. Returns false if
    /// that is not done by the deadline.
    pub(super) fn prepare(&mut self, api: ApiKey, deadline: Deadline) -> Result<bool, Error> {
        if self.is_held() || !self.channel.flush(deadline)? {
            return Ok(false);
        }
        if self.session.is_over() && self.renewal.is_none() && self.in_flight() > 0 {
            // They are collected first, and none of them is lost if the renewal fails.
            return Ok(false);
        }
        self.renew(api, deadline)
    }

    /// Sends a request after [`prepare`](Self::prepare) is done. What is not written by the
    /// deadline is written by later calls.
    pub(super) fn submit<R: Request>(
        &mut self,
        request: &R,
        version: i16,
        answered: bool,
        deadline: Deadline,
    ) -> Result<Sent, Error> {
        self.channel.send(request, version, answered, deadline)
    }

    /// Reads the response to the earliest request; `None` if it has not arrived by the deadline.
    pub(super) fn collect<R: Response>(
        &mut self,
        deadline: Deadline,
    ) -> Result<Option<Answer<R>>, Error> {
        let Some((mut exchange, bytes)) = self.next_frame(deadline)? else {
            return Ok(None);
        };
        let strict = self.channel.config.strict_responses;
        match decode::<R>(&mut exchange, &bytes, strict) {
            Ok(response) => {
                if let Some(throttle @ 1..) = response.throttle_time_ms() {
                    exchange.throttle = Duration::from_millis(throttle as u64);
                    self.hold_until = self.channel.used.checked_add(exchange.throttle);
                }
                self.channel.conclude(&exchange, None);
                Ok(Some(Answer { response, exchange }))
            }
            Err(source) => Err(self.channel.undecodable(exchange, source)),
        }
    }

    fn next_frame(&mut self, deadline: Deadline) -> Result<Option<(Exchange, Bytes)>, Error> {
        if let Some(received) = self.received.pop_front() {
            return Ok(Some(received));
        }
        if self.renewal.is_some() {
            // What comes next is for the renewal.
            return Ok(None);
        }
        // What cannot be written yet may have to wait for a response to be read.
        if !self.channel.is_written() {
            self.channel.flush(Deadline::now())?;
        }
        let limit = self.channel.config.max_response_bytes;
        self.channel.receive(limit, deadline)
    }

    /// What must happen before [`prepare`](Self::prepare) or [`collect`](Self::collect) can
    /// continue: a response, unless something must be written first.
    pub(super) fn interest(&self) -> Interest<'_> {
        if !self.received.is_empty() || self.can_begin_renewal() {
            return Interest::now();
        }
        let interest = match &self.renewal {
            Some(renewal) => renewal.interest(&self.channel),
            None => self.channel.interest(),
        };
        match self.hold_until.filter(|_| self.is_held()) {
            Some(until) => interest.or_at(until),
            None => interest,
        }
    }

    /// Whether a renewal of the session, which waited for what was in flight, can begin. The broker
    /// sends nothing that would say so.
    fn can_begin_renewal(&self) -> bool {
        self.session.is_over()
            && self.renewal.is_none()
            && self.channel.is_idle()
            && !self.channel.is_broken()
            && !self.is_held()
    }

    /// Whether the broker asked for a pause that is not over and is to be observed.
    fn is_held(&self) -> bool {
        self.channel.config.honour_throttle
            && self.hold_until.is_some_and(|until| until > Instant::now())
    }

    /// Waits as long as the broker asked for, if the configuration says so. Returns false if that
    /// goes beyond the deadline.
    fn hold_back(&mut self, deadline: Deadline) -> bool {
        if self.is_held()
            && let Some(until) = self.hold_until.take()
        {
            if until > deadline.instant() {
                self.hold_until = Some(until);
                return false;
            }
            thread::sleep(until.saturating_duration_since(Instant::now()));
        }
        true
    }

    /// Authenticates again if the session is about to end (KIP-368). That is not possible between a
    /// request and its response, so what is in flight is received first, and kept for
    /// [`collect`](Self::collect).
    ///
    /// Returns false if it is not over by the deadline.
    fn renew(&mut self, api: ApiKey, deadline: Deadline) -> Result<bool, Error> {
        let result = self.steps_of_renewal(api, deadline);
        if let Err(_error) = &result {
            #[cfg(feature = "log")]
            log::debug!("{_error}");
            self.break_up();
        }
        if !matches!(result, Ok(false)) {
            self.renewal = None;
            self.channel.stage = None;
        }
        result
    }

    fn steps_of_renewal(&mut self, api: ApiKey, deadline: Deadline) -> Result<bool, Error> {
        if self.renewal.is_none() {
            let config = Arc::clone(&self.channel.config);
            let Some(sasl) = config.sasl.as_ref().filter(|_| self.session.is_over()) else {
                return Ok(true);
            };
            if !self.channel.flush(deadline)? {
                return Ok(false);
            }
            while self.channel.in_flight() > 0 {
                match self.channel.receive(config.max_response_bytes, deadline)? {
                    Some(received) => self.received.push_back(received),
                    None => return Ok(false),
                }
            }
            let at = Place::before(api, Phase::Authenticate, self.broker());
            let by = Deadline::after(config.connect_timeout);
            let renewal = Authentication::new(sasl.clone(), at, by);
            self.renewal = Some(Box::new(renewal));
        }
        let Some(renewal) = &mut self.renewal else {
            return Ok(true);
        };
        match renewal.advance(&mut self.channel, &self.versions, deadline)? {
            Some(session) => {
                self.session = session;
                Ok(true)
            }
            None => Ok(false),
        }
    }
}
