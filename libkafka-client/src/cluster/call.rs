//! `Client::call`: sends a request to the broker that it must go to, and returns its response.

use std::borrow::Borrow;

use libkafka_protocol::{ApiKey, ErrorCode, Request, Response, TargetKind, Versions};

use super::client::Client;
use super::client_versions::client_versions;
use super::target::{Route, Target};
use crate::connection::Connection;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::exchange::Answer;
use crate::place::Phase;

impl Client {
    /// Sends a request to the broker that it must go to ([`Request::TARGET`]), in the highest
    /// version that both sides have, and waits for the response. Error codes in the response are
    /// left for the caller to check.
    ///
    /// Accepts any [`Request`], including those that you define yourself.
    ///
    /// # Errors
    /// [`Error::NoTarget`] if the request goes to a leader or a coordinator: use
    /// [`call_to`](Self::call_to). [`Error::Version`] and [`Error::Encode`] if the broker does not
    /// support the request, and [`Error::Timeout`], [`Error::Io`] or [`Error::Closed`] if it cannot
    /// be reached or does not answer.
    pub fn call<R: Request>(&mut self, request: &R) -> Result<R::Response, Error> {
        let target = match R::TARGET {
            TargetKind::Any => Target::Any,
            TargetKind::Controller => Target::Controller,
            kind => {
                let api = R::API_KEY;
                return Err(Error::NoTarget { api, kind });
            }
        };
        self.call_to(target, request)
    }

    /// Sends a request to the broker that `target` names. Otherwise like [`call`](Self::call).
    ///
    /// A leader or coordinator is looked up with a request of its own. If you make many such calls,
    /// keep the id that [`broker_of`](Self::broker_of) returns, and use [`Target::Broker`].
    ///
    /// Versions that only brokers may use among themselves are excluded: from version 4 on,
    /// AddPartitionsToTxn requires rights that clients do not have.
    ///
    /// # Errors
    /// The errors of [`call`](Self::call), and those of looking up the target.
    pub fn call_to<R: Request>(
        &mut self,
        target: Target<'_>,
        request: &R,
    ) -> Result<R::Response, Error> {
        self.call_in_versions(target, client_versions(R::API_KEY), request)
    }

    /// Sends a request in the highest version of `versions` that both sides have. Otherwise like
    /// [`call_to`](Self::call_to).
    ///
    /// ```no_run
    /// # use libkafka_client::{Client, Config, Target};
    /// # use libkafka_client::protocol::Versions;
    /// # use libkafka_client::protocol::messages::DescribeClusterRequest;
    /// # let mut client = Client::new(Config::new("localhost:9092"))?;
    /// let versions = Versions::new(0, 1);
    /// client.call_in_versions(Target::Any, versions, &DescribeClusterRequest::default())?;
    /// # Ok::<(), libkafka_client::Error>(())
    /// ```
    ///
    /// # Errors
    /// The errors of [`call_to`](Self::call_to), and [`Error::Version`] if the broker has none of
    /// the versions.
    pub fn call_in_versions<R: Request>(
        &mut self,
        target: Target<'_>,
        versions: Versions,
        request: &R,
    ) -> Result<R::Response, Error> {
        let deadline = self.deadline();
        let route = self.route(target, deadline)?;
        let Answer { response, .. } =
            self.exchange::<R, _>(route, versions, deadline, |_| request)?;
        match response.first_error() {
            Some(ErrorCode::REBOOTSTRAP_REQUIRED) => self.rebootstrap(),
            Some(
                ErrorCode::NOT_CONTROLLER
                | ErrorCode::NOT_COORDINATOR
                | ErrorCode::NOT_LEADER_OR_FOLLOWER,
            ) => self.doubt(),
            _ => {}
        }
        Ok(response)
    }

    /// The versions of every API that a broker has, as it reported when the connection was opened.
    ///
    /// # Errors
    /// The errors of [`call`](Self::call).
    pub fn api_versions(&mut self, target: Target<'_>) -> Result<Vec<(ApiKey, Versions)>, Error> {
        let deadline = self.deadline();
        let route = self.route(target, deadline)?;
        let (i, _) = self.connect(route, ApiKey::API_VERSIONS, deadline)?;
        Ok(self.connections[i].versions.iter().collect())
    }

    /// Sends what `build` returns for the chosen version, and waits for the response.
    pub(crate) fn exchange<R: Request, B: Borrow<R>>(
        &mut self,
        route: Route,
        versions: Versions,
        deadline: Deadline,
        build: impl Fn(i16) -> B,
    ) -> Result<Answer<R::Response>, Error> {
        let answer = self.on_connection(route, R::API_KEY, deadline, |connection| {
            let version = connection.version::<R>(versions)?;
            connection.exchange(build(version).borrow(), version, deadline)
        })?;
        self.last = Some(answer.exchange.clone());
        Ok(answer)
    }

    /// Asks any broker for information that all of them have. A broker that is lost or silent
    /// leaves time for another.
    pub(crate) fn ask<R: Request, B: Borrow<R>>(
        &mut self,
        versions: Versions,
        deadline: Deadline,
        build: impl Fn(i16) -> B,
    ) -> Result<Answer<R::Response>, Error> {
        let doubted = self.doubted.take();
        let doubted = doubted.filter(|id| self.is_other_than(*id));
        let mut route = doubted.map_or(Route::Any, Route::AnyBut);
        let mut brokers = self.candidates(None).len().clamp(1, ASKED);
        let mut times = self.cluster.bootstrap_len();
        loop {
            let share = deadline.share(brokers);
            match self.exchange::<R, B>(route, versions, share, &build) {
                Err(error) if deadline.is_past() => return Err(error),
                Err(error) if error.code() == Some(ErrorCode::REBOOTSTRAP_REQUIRED) => {
                    self.rebootstrap();
                    if times == 0 {
                        return Err(error);
                    }
                    times -= 1;
                }
                Err(error) if brokers > 1 && is_lost(&error) => brokers -= 1,
                result => return result,
            }
            route = Route::Any;
        }
    }

    /// Avoids the broker that said where the last call had to go, when asking again: it was wrong.
    pub(crate) fn doubt(&mut self) {
        self.cluster.forget_controller();
        self.doubted = self.told_by;
    }

    /// Whether there is another broker to ask than the one that said where the last call had to go.
    pub(crate) fn has_second_opinion(&self) -> bool {
        self.told_by.is_some_and(|id| self.is_other_than(id))
    }

    fn is_other_than(&self, id: i32) -> bool {
        !self.candidates(Some(id)).is_empty()
    }

    /// Sends a request. If it is not `answered`, no response follows.
    pub(crate) fn send<R: Request>(
        &mut self,
        route: Route,
        versions: Versions,
        request: &R,
        answered: bool,
        deadline: Deadline,
    ) -> Result<(), Error> {
        let exchange = self.on_connection(route, R::API_KEY, deadline, |connection| {
            let version = connection.version::<R>(versions)?;
            connection.send(request, version, answered, deadline)
        })?;
        if exchange.is_some() {
            self.last = exchange;
        }
        Ok(())
    }

    /// Receives the response to the earliest request in flight; `None` if there is none in flight.
    pub(crate) fn receive<R: Response>(
        &mut self,
        deadline: Deadline,
    ) -> Result<Option<Answer<R>>, Error> {
        let mut connections = self.connections.iter();
        let Some(i) = connections.position(|connection| connection.in_flight() > 0) else {
            return Ok(None);
        };
        let result = self.connections[i].receive(deadline);
        self.drop_if_broken(i);
        let answer: Answer<R> = result.map_err(|error| self.note(error))?;
        self.last = Some(answer.exchange.clone());
        Ok(Some(answer))
    }

    /// Runs `work` on a connection.
    ///
    /// If not a byte was written on a connection that had been used before, the broker has closed
    /// it meanwhile, and `work` runs once more on a fresh connection.
    fn on_connection<T>(
        &mut self,
        route: Route,
        api: ApiKey,
        deadline: Deadline,
        mut work: impl FnMut(&mut Connection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut again = true;
        loop {
            let connected = self.connect(route, api, deadline);
            let (i, reused) = connected.map_err(|error| self.note(error))?;
            let connection = &mut self.connections[i];
            let alone = connection.in_flight() == 0;
            let session = connection.keep_session(api, deadline);
            let result = session.and_then(|()| work(connection));
            self.drop_if_broken(i);
            match result {
                Err(error) if reused && again && alone && is_unsent(&error) => again = false,
                result => return result.map_err(|error| self.note(error)),
            }
        }
    }

    /// Notes what an error says about the broker.
    fn note(&self, error: Error) -> Error {
        if let Some(at) = error.at().filter(|_| is_lost(&error)) {
            self.config.learnt.failed(&at.broker.address);
        }
        error
    }

    /// Drops a connection if it is broken, and keeps the record of what broke it.
    fn drop_if_broken(&mut self, i: usize) {
        if self.connections[i].is_broken() {
            let broken = self.connections.swap_remove(i);
            if let Some(exchange) = broken.broken_by() {
                self.last = Some(exchange);
            }
        }
    }
}

/// The most brokers to ask for information that all of them have.
const ASKED: usize = 2;

/// Whether there was no answer, for whatever reason.
fn is_lost(error: &Error) -> bool {
    matches!(
        error,
        Error::Timeout { .. } | Error::Io { .. } | Error::Closed { .. }
    )
}

/// Whether the connection was lost before a byte of the request was written.
fn is_unsent(error: &Error) -> bool {
    match error {
        Error::Io { at, .. } | Error::Closed { at, .. } => {
            at.phase == Phase::Write && at.written == 0
        }
        _ => false,
    }
}
