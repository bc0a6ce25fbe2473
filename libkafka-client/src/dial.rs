//! Opens a connection: connect, negotiate.

use std::sync::Arc;
use std::time::Instant;

use libkafka_protocol::ApiKey;

use crate::connection::{Connection, io_error};
use crate::error::{At, Error, Phase};
use crate::{Broker, Config, Deadline, Timings};

impl Connection {
    /// Opens a connection to `broker`, for the sake of a call of `api`.
    pub(crate) fn open(
        config: &Arc<Config>,
        broker: &Arc<Broker>,
        api: ApiKey,
        deadline: Deadline,
    ) -> Result<Self, Error> {
        Self::open_stages(config, broker, deadline).map_err(|mut error| {
            // What was written so far was not the caller's request.
            if let Some(at) = error.at_mut() {
                at.written = 0;
                at.api = Some((api, None));
            }
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
        let mut connection = Self::new(Arc::clone(config), Arc::clone(broker), transport, timings);

        connection.stage = Some(Phase::Negotiate);
        let started = Instant::now();
        connection.negotiate(deadline)?;
        connection.opening.negotiate = started.elapsed();
        connection.stage = None;
        Ok(connection)
    }
}
