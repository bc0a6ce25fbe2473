//! Connections: one to each broker that was called.

use std::sync::Arc;

use libkafka_protocol::ApiKey;

use super::client::Client;
use super::target::Route;
use crate::broker::Broker;
use crate::connection::Connection;
use crate::deadline::Deadline;
use crate::error::Error;
#[cfg(feature = "dns")]
use crate::error::io_error;
#[cfg(feature = "dns")]
use crate::place::{Phase, Place};

impl Client {
    /// A connection to send on, and whether it had been in use before.
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
            Route::Any => self.connect_to_any(api, deadline),
        }
    }

    fn connect_to(
        &mut self,
        broker: &Arc<Broker>,
        api: ApiKey,
        deadline: Deadline,
    ) -> Result<(usize, bool), Error> {
        let open = |c: &Connection| c.broker().address == broker.address;
        if let Some(i) = self.connections.iter().position(open) {
            if self.connections[i].is_usable() {
                return Ok((i, true));
            }
            self.connections.swap_remove(i);
        }
        let deadline = deadline.at_most(self.config.connect_timeout);
        let connection = Connection::open(&self.config, broker, api, deadline)?;
        self.connections.push(connection);
        Ok((self.connections.len() - 1, false))
    }

    fn connect_to_any(&mut self, api: ApiKey, deadline: Deadline) -> Result<(usize, bool), Error> {
        let mut i = 0;
        while i < self.connections.len() {
            let connection = &mut self.connections[i];
            if !connection.is_usable() {
                self.connections.swap_remove(i);
            } else if connection.in_flight() == 0 {
                return Ok((i, true));
            } else {
                i += 1;
            }
        }
        #[cfg(feature = "dns")]
        self.look_up(api, deadline)?;
        let candidates = self.cluster.candidates();
        let mut result = Err(Error::NoBroker);
        for (i, broker) in candidates.iter().enumerate() {
            let share = deadline.share(candidates.len() - i);
            result = self.connect_to(broker, api, share);
            if result.is_ok() || deadline.is_past() {
                break;
            }
        }
        result
    }

    /// Asks for the bootstrap addresses where an SRV name stands for them. That no connection is
    /// open is reason enough to ask again.
    #[cfg(feature = "dns")]
    fn look_up(&mut self, api: ApiKey, deadline: Deadline) -> Result<(), Error> {
        let Some(srv) = &self.config.srv else {
            return Ok(());
        };
        match srv.look_up(deadline.at_most(self.config.connect_timeout)) {
            Ok(addresses) => self.cluster.set_bootstrap(addresses),
            // The brokers that are known may do.
            Err(_) if self.cluster.brokers().len() > 0 => {}
            Err(source) => {
                let broker = &self.cluster.candidates()[0];
                let at = Place::before(api, Phase::Resolve, broker);
                return Err(io_error(Box::new(at), source));
            }
        }
        Ok(())
    }
}
