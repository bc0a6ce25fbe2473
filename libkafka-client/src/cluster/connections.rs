//! The connections of a `Client`: one to each broker that was called.

use std::sync::Arc;

use libkafka_protocol::ApiKey;

use super::client::Client;
use super::target::Route;
use crate::broker::Broker;
use crate::connection::{Connection, Link};
use crate::deadline::Deadline;
use crate::error::Error;

/// The most parts that time is divided into, so that with many brokers to try, each still has
/// enough time to be reached.
const SHARES: usize = 4;

impl Client {
    /// A connection to send on, and whether it had been used before.
    pub(crate) fn connect(
        &mut self,
        route: Route,
        api: ApiKey,
        deadline: Deadline,
    ) -> Result<(usize, bool), Error> {
        match route {
            Route::Broker(id) => {
                let broker = match self.cluster.broker(id) {
                    Some(broker) => Arc::clone(broker),
                    None => return Err(Error::UnknownBroker { id }),
                };
                self.connect_to(&broker, api, deadline)
            }
            Route::Any => self.connect_to_any(None, api, deadline),
            Route::AnyBut(id) => self.connect_to_any(Some(id), api, deadline),
        }
    }

    /// A link to a broker, with the client's configuration and its own connection.
    ///
    /// # Errors
    /// [`Error::UnknownBroker`]
    pub(crate) fn link(&self, broker: i32, api: ApiKey) -> Result<Link, Error> {
        match self.cluster.broker(broker) {
            Some(known) => Ok(Link::new(Arc::clone(&self.config), Arc::clone(known), api)),
            None => Err(Error::UnknownBroker { id: broker }),
        }
    }

    fn connect_to(
        &mut self,
        broker: &Arc<Broker>,
        api: ApiKey,
        deadline: Deadline,
    ) -> Result<(usize, bool), Error> {
        // Several brokers may have one address, that of a proxy.
        let leads_there = |c: &Connection| {
            c.broker().address == broker.address
                && (c.broker().id == broker.id || broker.id.is_none())
        };
        if let Some(i) = self.connections.iter().position(leads_there)
            && self.is_usable(i, api)?
        {
            return Ok((i, true));
        }
        let deadline = deadline.at_most(self.config.connect_timeout);
        let learnt = &self.config.learnt;
        match Connection::open(&self.config, broker, api, deadline) {
            Ok(connection) => {
                learnt.succeeded(&broker.address);
                self.connections.push(connection);
                Ok((self.connections.len() - 1, false))
            }
            Err(error) => {
                learnt.failed(&broker.address);
                Err(error)
            }
        }
    }

    fn connect_to_any(
        &mut self,
        avoided: Option<i32>,
        api: ApiKey,
        deadline: Deadline,
    ) -> Result<(usize, bool), Error> {
        let mut i = 0;
        while i < self.connections.len() {
            if !self.is_usable(i, api)? {
                continue;
            }
            let connection = &self.connections[i];
            if connection.in_flight() == 0
                && (avoided.is_none() || connection.broker().id != avoided)
            {
                return Ok((i, true));
            }
            i += 1;
        }
        let candidates = self.candidates(avoided);
        let mut result = Err(Error::NoBroker);
        for (i, broker) in candidates.iter().enumerate() {
            let share = deadline.share((candidates.len() - i).min(SHARES));
            result = self.connect_to(broker, api, share);
            if result.is_ok() || deadline.is_past() {
                break;
            }
        }
        result
    }

    /// Whether a request may be sent on a connection. If not, the connection is dropped.
    fn is_usable(&mut self, i: usize, api: ApiKey) -> Result<bool, Error> {
        let usable = self.connections[i].is_usable(api);
        if !matches!(usable, Ok(true)) {
            self.connections.swap_remove(i);
        }
        usable
    }

    /// Brokers that can be asked, in the order in which to try them.
    pub(crate) fn candidates(&self, avoided: Option<i32>) -> Vec<Arc<Broker>> {
        let mut candidates = self.cluster.candidates(avoided);
        self.config.learnt.order(&mut candidates);
        candidates
    }

    /// Updates which brokers the connections lead to.
    pub(super) fn identify_connections(&mut self) {
        for connection in &mut self.connections {
            let broker = self.cluster.identify(connection.broker());
            connection.set_broker(broker);
        }
    }

    /// Drops all connections and all knowledge of the brokers, so that the next call begins with
    /// the bootstrap addresses, resolved again (KIP-1102).
    pub(super) fn rebootstrap(&mut self) {
        self.connections.clear();
        self.cluster.forget();
    }
}
