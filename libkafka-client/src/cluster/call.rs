//! Calls: a request to the broker that it has to go to, and its response back.

use std::borrow::Borrow;

use libkafka_protocol::{ApiKey, BrokerKind, ErrorCode, Request, Response, Versions};

use super::client::Client;
use super::target::{Route, Target};
use crate::deadline::Deadline;
use crate::error::Error;
use crate::place::{Phase, Place};

impl Client {
    /// Sends a request to the broker that it says it goes to ([`Request::BROKER`]), in the last
    /// version that both sides have, and waits for the response. Error codes in the response are
    /// for the caller to see.
    ///
    /// Any [`Request`] will do, one of the caller's own making too.
    ///
    /// # Errors
    /// [`Error::NoTarget`] if it goes to a leader or a coordinator, which takes
    /// [`call_to`](Self::call_to); [`Error::Version`] and [`Error::Encode`] if the broker cannot
    /// be told that; and what a network brings.
    pub fn call<R: Request>(&mut self, request: &R) -> Result<R::Response, Error> {
        let target = match R::BROKER {
            BrokerKind::Any => Target::Any,
            BrokerKind::Controller => Target::Controller,
            kind => {
                let api = R::API_KEY;
                return Err(Error::NoTarget { api, kind });
            }
        };
        self.call_to(target, request)
    }

    /// Sends a request to the broker that `target` names, otherwise as [`call`](Self::call).
    ///
    /// For a leader or coordinator the broker is looked up by a request of its own: who makes
    /// many such calls keeps what [`broker_of`](Self::broker_of)
    /// gives, and calls [`Target::Broker`].
    ///
    /// # Errors
    /// As [`call`](Self::call), and what looking the target up gives.
    pub fn call_to<R: Request>(
        &mut self,
        target: Target<'_>,
        request: &R,
    ) -> Result<R::Response, Error> {
        let deadline = self.deadline();
        let route = self.route(target, deadline)?;
        let response = self.exchange::<R, _>(route, Versions::ALL, deadline, |_| request)?;
        if response.first_error() == Some(ErrorCode::NOT_CONTROLLER) {
            self.cluster.forget_controller();
        }
        Ok(response)
    }

    /// The versions of every API that a broker has, as it told when the connection was made.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub fn api_versions(&mut self, target: Target<'_>) -> Result<Vec<(ApiKey, Versions)>, Error> {
        let deadline = self.deadline();
        let route = self.route(target, deadline)?;
        let (i, _) = self.connect(route, ApiKey::API_VERSIONS, deadline)?;
        Ok(self.connections[i].versions.iter().collect())
    }

    /// Sends what `build` makes for the version that was chosen, and waits for the response.
    ///
    /// If not a byte went out on a connection that had been in use before, it is tried once more
    /// on a fresh one: the broker has closed it meanwhile.
    pub(crate) fn exchange<R: Request, B: Borrow<R>>(
        &mut self,
        route: Route,
        versions: Versions,
        deadline: Deadline,
        build: impl Fn(i16) -> B,
    ) -> Result<R::Response, Error> {
        let mut again = true;
        loop {
            let (i, reused) = self.connect(route, R::API_KEY, deadline)?;
            let connection = &mut self.connections[i];
            connection.keep_session(R::API_KEY, deadline)?;
            let version = connection.version::<R>(versions)?;
            let result = connection.exchange(build(version).borrow(), version, deadline);
            self.settle(i);
            match result {
                Err(error) if reused && again && is_unsent(&error) => again = false,
                result => return result,
            }
        }
    }

    /// The version that [`exchange`](Self::exchange) would speak.
    pub(crate) fn version<R: Request>(
        &mut self,
        route: Route,
        versions: Versions,
        deadline: Deadline,
    ) -> Result<i16, Error> {
        let (i, _) = self.connect(route, R::API_KEY, deadline)?;
        self.connections[i].version::<R>(versions)
    }

    /// After an exchange: keeps its record, and drops the connection if it broke.
    pub(crate) fn settle(&mut self, i: usize) {
        let connection = &mut self.connections[i];
        if let Some(last) = connection.last.clone() {
            self.last = Some(last);
        }
        if connection.is_broken() {
            self.connections.swap_remove(i);
        }
    }

    /// The error that an error code in the last response is.
    pub(crate) fn refusal(&self, code: ErrorCode, message: Option<String>) -> Error {
        Error::refusal(self.at_last(), code, message)
    }

    /// The error that the last response says nothing of a partition.
    pub(crate) fn missing_partition(&self, partition: i32) -> Error {
        Error::Missing {
            at: self.at_last(),
            missing: format!("partition {partition}"),
        }
    }

    /// Where the last exchange came to its end.
    pub(crate) fn at_last(&self) -> Box<Place> {
        Box::new(match &self.last {
            Some(last) => last.at(Phase::Read),
            None => Place::before(
                ApiKey::METADATA,
                Phase::Connect,
                &self.cluster.candidates()[0],
            ),
        })
    }
}

/// Did the connection go before a byte of the request was written?
pub(crate) fn is_unsent(error: &Error) -> bool {
    match error {
        Error::Io { at, .. } | Error::Closed { at } => at.phase == Phase::Write && at.written == 0,
        _ => false,
    }
}
