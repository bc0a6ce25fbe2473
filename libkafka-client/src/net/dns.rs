//! `Dns` and `Srv`: names that are resolved by asking DNS servers, within the deadline.

use std::fs;
use std::io;
use std::net::SocketAddr;

use simple_dns::TYPE;
use simple_dns::rdata::RData;

use super::dns_lookup::{HostLookup, Lookup};
use super::interest::Interest;
use crate::address::Address;
use crate::deadline::Deadline;

const PORT: u16 = 53;

/// The DNS servers to ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dns {
    servers: Option<Vec<SocketAddr>>,
}

impl Dns {
    /// Uses the servers of the system (`/etc/resolv.conf`).
    pub fn system() -> Self {
        Self::default()
    }

    /// Uses these servers.
    pub fn with_servers(servers: impl IntoIterator<Item = SocketAddr>) -> Self {
        Self {
            servers: Some(servers.into_iter().collect()),
        }
    }

    /// Begins to look up the addresses of a host, which must be done by `deadline`.
    pub(super) fn begin(&self, host: &str, deadline: Deadline) -> HostLookup {
        HostLookup::new(self.servers(), host, deadline)
    }

    fn servers(&self) -> io::Result<Vec<SocketAddr>> {
        match &self.servers {
            Some(servers) => Ok(servers.clone()),
            None => system_servers(),
        }
    }
}

/// A name whose SRV records list the brokers (RFC 2782).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Srv {
    name: String,
    dns: Dns,
}

impl Srv {
    /// A name such as `_kafka._tcp.example.com`, which the servers of the system are asked for.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            dns: Dns::system(),
        }
    }

    /// Asks these servers instead.
    #[must_use]
    pub fn dns(mut self, dns: Dns) -> Self {
        self.dns = dns;
        self
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Begins to look up the addresses behind the name, which must be done by `deadline`.
    pub(crate) fn begin(&self, deadline: Deadline) -> SrvLookup {
        let servers = self.dns.servers();
        SrvLookup(servers.and_then(|servers| Lookup::new(servers, &self.name, TYPE::SRV, deadline)))
    }
}

/// Looks up the addresses behind an SRV name, step by step.
pub(crate) struct SrvLookup(io::Result<Lookup>);

impl SrvLookup {
    /// The addresses, preferred ones first, at least one; `None` if they are not known by `until`.
    pub(crate) fn advance(&mut self, until: Deadline) -> io::Result<Option<Vec<Address>>> {
        let wanted = |answer: &RData<'_>| match answer {
            // A root target says that the service is not there.
            RData::SRV(srv) if !srv.target.to_string().is_empty() => {
                // A drawing of lots in which a record's chance grows with its weight.
                let lot = fastrand::f64().powf(1.0 / (f64::from(srv.weight) + 0.01));
                let address = Address::new(srv.target.to_string(), srv.port);
                Some((srv.priority, lot, address))
            }
            _ => None,
        };
        let found = match &mut self.0 {
            Ok(lookup) => lookup.advance(until, wanted)?,
            Err(error) => return Err(std::mem::replace(error, io::ErrorKind::Other.into())),
        };
        Ok(found.map(|mut found| {
            found.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
            found.into_iter().map(|(_, _, address)| address).collect()
        }))
    }

    /// What must happen before it can continue.
    pub(crate) fn interest(&self) -> Interest<'_> {
        match &self.0 {
            Ok(lookup) => lookup.interest(),
            Err(_) => Interest::now(),
        }
    }
}

fn system_servers() -> io::Result<Vec<SocketAddr>> {
    let text = fs::read("/etc/resolv.conf")?;
    let config = resolv_conf::Config::parse(&text).map_err(invalid)?;
    let servers = config.nameservers.into_iter();
    Ok(servers
        .map(|server| SocketAddr::new(server.into(), PORT))
        .collect())
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

#[cfg(test)]
mod tests;
