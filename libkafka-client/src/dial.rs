//! Opens a connection: connect, TLS, negotiate, SASL.

use std::sync::Arc;
use std::time::{Duration, Instant};

use libkafka_protocol::ApiKey;

use crate::connection::{Connection, io_error};
use crate::{At, Error, Phase};
use crate::{Broker, Config, Deadline, Timings};

impl Connection {
    /// Opens a connection to `broker`, for the sake of a call of `api`.
    pub(crate) fn open(
        config: &Arc<Config>,
        broker: &Arc<Broker>,
        api: ApiKey,
        deadline: Deadline,
    ) -> Result<Self, Error> {
        Self::open_stages(config, broker, deadline).map_err(|error| {
            let error = for_the_sake_of(api, error);
            #[cfg(feature = "log")]
            log::debug!("{error}");
            error
        })
    }

    fn open_stages(
        config: &Arc<Config>,
        broker: &Arc<Broker>,
        deadline: Deadline,
    ) -> Result<Self, Error> {
        let mut timings = Timings::default();
        let transport = config
            .connector
            .connect(&broker.address, deadline, &mut timings)
            .map_err(|error| {
                let at = At::opening(error.phase, broker);
                io_error(Box::new(at), error.source)
            })?;
        #[cfg(feature = "tls")]
        let transport = match &config.tls {
            Some(tls) => tls
                .connect(transport, &broker.address, deadline, &mut timings)
                .map_err(|source| io_error(Box::new(At::opening(Phase::Tls, broker)), source))?,
            None => transport,
        };
        let mut connection = Self::new(Arc::clone(config), Arc::clone(broker), transport, timings);

        connection.stage = Some(Phase::Negotiate);
        let started = Instant::now();
        connection.negotiate(deadline)?;
        connection.opening.negotiate = started.elapsed();
        if config.sasl.is_some() {
            connection.opening.authenticate = connection.log_in(deadline)?;
        }
        connection.stage = None;
        #[cfg(feature = "log")]
        log::debug!("connected to {broker}: {:?}", connection.opening);
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
        let result = self.log_in(deadline);
        self.stage = None;
        match result {
            Ok(took) => self.opening.authenticate += took,
            Err(error) => {
                self.break_up();
                return Err(for_the_sake_of(api, error));
            }
        }
        Ok(())
    }

    fn log_in(&mut self, deadline: Deadline) -> Result<Duration, Error> {
        self.stage = Some(Phase::Authenticate);
        let started = Instant::now();
        if let Some(sasl) = Arc::clone(&self.config).sasl.as_ref() {
            self.authenticate(sasl, deadline)?;
        }
        Ok(started.elapsed())
    }
}

/// An error on the way to a call of `api`: what was written so far was not the caller's request.
fn for_the_sake_of(api: ApiKey, mut error: Error) -> Error {
    if let Some(at) = error.at_mut() {
        at.written = 0;
        at.api = Some((api, None));
    }
    error
}
