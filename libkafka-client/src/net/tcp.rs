//! `TcpConnector`: connects over TCP.

use std::io;

#[cfg(feature = "dns")]
use super::dns::Dns;
use super::tcp_connecting::{Resolving, TcpConnecting};
use super::tcp_options::TcpOptions;
use super::transport::{ConnectError, Connecting, Connector, Transport};
use crate::address::Address;
use crate::deadline::Deadline;
use crate::timings::Timings;

/// Connects over TCP: the default of a [`Config`](crate::Config).
///
/// Names are resolved by the system, which cannot be interrupted. An IP address needs no resolving,
/// and a name in `/etc/hosts` is found there at once on common systems. But if DNS is asked, and
/// the system's own limits (`timeout` and `attempts` in `/etc/resolv.conf`: by default 5 s, twice,
/// for each server) allow more time than the deadline, the call ends late. With the feature `dns`,
/// the method `dns` asks DNS servers instead, within the deadline. If one thread waits for several
/// brokers, all of them wait for the system's resolver, but none waits for `dns`.
#[derive(Debug, Clone, Default)]
pub struct TcpConnector {
    options: TcpOptions,
    #[cfg(feature = "dns")]
    dns: Option<Dns>,
}

impl TcpConnector {
    /// Sets the options of every socket.
    #[must_use]
    pub fn options(mut self, options: TcpOptions) -> Self {
        self.options = options;
        self
    }

    /// Resolves names by asking these DNS servers, and ignores what else the system may know:
    /// `/etc/hosts` and search domains (feature `dns`).
    #[cfg(feature = "dns")]
    #[must_use]
    pub fn dns(mut self, dns: Dns) -> Self {
        self.dns = Some(dns);
        self
    }

    fn connecting(&self, address: &Address, deadline: Deadline) -> TcpConnecting {
        #[cfg(feature = "dns")]
        let resolving = match &self.dns {
            Some(dns) => Resolving::Dns(dns.begin(&address.host, deadline), address.port),
            None => Resolving::System(address.clone()),
        };
        #[cfg(not(feature = "dns"))]
        let resolving = Resolving::System(address.clone());
        TcpConnecting::new(self.options.clone(), resolving, deadline)
    }
}

impl Connector for TcpConnector {
    fn connect(
        &self,
        address: &Address,
        deadline: Deadline,
        timings: &mut Timings,
    ) -> Result<Box<dyn Transport>, ConnectError> {
        let mut connecting = self.connecting(address, deadline);
        match connecting.advance(deadline, timings)? {
            Some(transport) => Ok(transport),
            None => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
        }
    }

    fn begin(&self, address: &Address, deadline: Deadline) -> Option<Box<dyn Connecting>> {
        Some(Box::new(self.connecting(address, deadline)))
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_address_is_not_resolved_and_nothing_is_once_the_deadline_is_past() {
        let connector = TcpConnector::default();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let connect = |time| {
            let address = Address::new("127.0.0.1", listener.local_addr().unwrap().port());
            let deadline = Deadline::after(time);
            connector.connect(&address, deadline, &mut Timings::default())
        };
        assert!(connect(Duration::from_secs(60)).is_ok());
        let error = connect(Duration::ZERO).err().unwrap();
        assert_eq!(error.source.kind(), io::ErrorKind::TimedOut);
        assert_eq!(error.phase, crate::place::Phase::Resolve);
    }
}
