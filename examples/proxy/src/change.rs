//! [`Change`]: the changes to make in a message.

use std::io;

use crate::rename::Rename;
use crate::routes::Routes;

/// The changes to make in a message, and whether any were made.
pub(crate) struct Change<'a> {
    names: Option<(&'a str, &'a str)>,
    routes: Option<&'a Routes>,
    pub(crate) is_changed: bool,
    failure: Option<io::Error>,
}

impl<'a> Change<'a> {
    /// For requests.
    pub(crate) fn for_brokers(rename: Option<&'a Rename>) -> Self {
        Self {
            names: rename.map(|names| (&*names.for_clients, &*names.for_brokers)),
            routes: None,
            is_changed: false,
            failure: None,
        }
    }

    /// For responses.
    pub(crate) fn for_clients(rename: Option<&'a Rename>, routes: &'a Routes) -> Self {
        Self {
            names: rename.map(|names| (&*names.for_brokers, &*names.for_clients)),
            routes: Some(routes),
            is_changed: false,
            failure: None,
        }
    }

    /// Renames a topic, if it is the one to rename.
    pub(crate) fn topic(&mut self, name: &mut String) {
        if let Some((from, to)) = self.names
            && name == from
        {
            to.clone_into(name);
            self.is_changed = true;
        }
    }

    /// Replaces the address of a broker with that of the proxy; a broker without a port is none.
    pub(crate) fn address(&mut self, host: &mut String, port: &mut i32) {
        let (Some(routes), 1..) = (self.routes, *port) else {
            return;
        };
        let is_ipv6 = host.contains(':');
        let broker = match is_ipv6 {
            true => format!("[{host}]:{port}"),
            false => format!("{host}:{port}"),
        };
        match routes.port_to(&broker, 0) {
            Ok(own) => {
                *host = routes.host();
                *port = own.into();
                self.is_changed = true;
            }
            Err(error) => self.failure = Some(error),
        }
    }

    /// Lowers a number.
    pub(crate) fn at_most(&mut self, number: &mut i16, most: i16) {
        if *number > most {
            *number = most;
            self.is_changed = true;
        }
    }

    /// # Errors
    /// If there is no port for a broker.
    pub(crate) fn finish(self) -> io::Result<()> {
        self.failure.map_or(Ok(()), Err)
    }
}
