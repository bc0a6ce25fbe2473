//! Opens a connection: connect, TLS, negotiate, SASL.

use std::sync::Arc;
use std::time::Instant;

use libkafka_protocol::ApiKey;

use super::frames::Connection;
use crate::broker::Broker;
use crate::config::Config;
use crate::deadline::Deadline;
use crate::error::{Error, io_error};
use crate::place::{Phase, Place};
use crate::timings::Timings;

impl Connection {
    /// Opens a connection to `broker`, for the sake of a call of `api`.
    pub(crate) fn open(
        config: &Arc<Config>,
        broker: &Arc<Broker>,
        api: ApiKey,
        deadline: Deadline,
    ) -> Result<Self, Error> {
        let result = Self::open_stages(config, broker, api, deadline);
        #[cfg(feature = "log")]
        match &result {
            Ok(connection) => log::debug!("connected to {broker}: {:?}", connection.opening),
            Err(error) => log::debug!("{error}"),
        }
        result
    }

    fn open_stages(
        config: &Arc<Config>,
        broker: &Arc<Broker>,
        api: ApiKey,
        deadline: Deadline,
    ) -> Result<Self, Error> {
        let mut timings = Timings::default();
        let at = |phase| Place::before(api, phase, broker);
        let transport = config
            .connector
            .connect(&broker.address, deadline, &mut timings)
            .map_err(|error| io_error(Box::new(at(error.phase)), error.source))?;
        #[cfg(feature = "tls")]
        let transport = match &config.tls {
            Some(tls) => tls
                .connect(transport, &broker.address, deadline, &mut timings)
                .map_err(|source| io_error(Box::new(at(Phase::Tls)), source))?,
            None => transport,
        };
        let mut connection = Self::new(Arc::clone(config), Arc::clone(broker), transport, timings);

        connection.stage = Some(at(Phase::Negotiate));
        let started = Instant::now();
        connection.negotiate(deadline)?;
        connection.opening.negotiate = started.elapsed();
        connection.log_in(api, deadline)?;
        connection.stage = None;
        Ok(connection)
    }

    /// Authenticates once more if the session is about to end (KIP-368).
    ///
    /// # Errors
    /// [`Error::InFlight`] if responses are to be collected first: between a request and its
    /// response there is no place for it.
    pub(crate) fn keep_session(&mut self, api: ApiKey, deadline: Deadline) -> Result<(), Error> {
        match self.session_ends {
            Some(ends) if ends <= Instant::now() => {}
            _ => return Ok(()),
        }
        match self.in_flight() {
            0 => {}
            in_flight => return Err(Error::InFlight { in_flight }),
        }
        let result = self.log_in(api, deadline);
        self.stage = None;
        if let Err(_error) = &result {
            #[cfg(feature = "log")]
            log::debug!("{_error}");
            self.break_up();
        }
        result
    }

    /// Authenticates, if that is what the configuration wants.
    fn log_in(&mut self, api: ApiKey, deadline: Deadline) -> Result<(), Error> {
        let config = Arc::clone(&self.config);
        let Some(sasl) = &config.sasl else {
            return Ok(());
        };
        let at = Place::before(api, Phase::Authenticate, &self.broker);
        self.stage = Some(at.clone());
        let started = Instant::now();
        self.authenticate(sasl, &at, deadline)?;
        self.opening.authenticate += started.elapsed();
        Ok(())
    }
}
