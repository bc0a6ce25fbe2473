//! `Lookup`: looks up the records of a name, step by step.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use simple_dns::TYPE;
use simple_dns::rdata::RData;

use super::dns_exchange::DnsExchange;
use super::dns_message::{self, records};
use super::interest::Interest;
use crate::deadline::Deadline;

/// How long to wait for one server before asking the next.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often to ask all servers, as a datagram may get lost.
const ROUNDS: usize = 3;

/// Looks up the records of a name, asking one server after the other until one answers.
pub(super) struct Lookup {
    servers: Vec<SocketAddr>,
    /// The number of servers asked so far.
    asked: usize,
    id: u16,
    query: Vec<u8>,
    deadline: Deadline,
    exchange: Option<DnsExchange>,
    /// Why the previous server gave no answer.
    last: io::Error,
}

impl Lookup {
    /// Begins to ask these servers for the records of this type, which must be done by `deadline`.
    pub(super) fn new(
        servers: Vec<SocketAddr>,
        name: &str,
        record: TYPE,
        deadline: Deadline,
    ) -> io::Result<Self> {
        let id = fastrand::u16(..);
        Ok(Self {
            servers,
            asked: 0,
            id,
            query: dns_message::query(id, name, record)?,
            deadline,
            exchange: None,
            last: io::Error::new(io::ErrorKind::NotFound, "there is no DNS server to ask"),
        })
    }

    /// What `wanted` makes of the records, of which there is at least one; `None` if they have not
    /// arrived by `until`.
    ///
    /// # Errors
    /// If there are no records, if no server answers, or once the deadline has passed.
    pub(super) fn advance<T>(
        &mut self,
        until: Deadline,
        wanted: impl Fn(&RData<'_>) -> Option<T>,
    ) -> io::Result<Option<Vec<T>>> {
        loop {
            let answer = match &mut self.exchange {
                Some(exchange) => exchange.advance(&self.query, self.id, until),
                None => match self.ask_next()? {
                    Ok(exchange) => {
                        self.exchange = Some(exchange);
                        continue;
                    }
                    Err(error) => Err(error),
                },
            };
            let found = match answer {
                Ok(None) => return Ok(None),
                Ok(Some(answer)) => records(&answer, &wanted),
                Err(error) => Err(error),
            };
            self.exchange = None;
            match found {
                Ok(found) => return Ok(Some(found)),
                // The answer is that there is no such name; other servers would say the same.
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(error),
                Err(error) => self.last = error,
            }
        }
    }

    /// Asks the next server, if there is one left and time to ask it.
    fn ask_next(&mut self) -> io::Result<io::Result<DnsExchange>> {
        if self.asked == self.servers.len() * ROUNDS {
            let last = std::mem::replace(&mut self.last, io::ErrorKind::TimedOut.into());
            return Err(last);
        }
        self.deadline.left()?;
        let server = self.servers[self.asked % self.servers.len()];
        self.asked += 1;
        let deadline = self.deadline.at_most(PATIENCE);
        Ok(DnsExchange::new(server, &self.query, deadline))
    }

    /// What must happen before it can continue.
    pub(super) fn interest(&self) -> Interest<'_> {
        match &self.exchange {
            Some(exchange) => exchange.interest(),
            None => Interest::now(),
        }
    }
}

/// The addresses of a host: A and AAAA records, IPv4 first.
pub(super) enum HostLookup {
    Known(Vec<IpAddr>),
    Failed(io::Error),
    /// IPv4 addresses are being looked up.
    V4(io::Result<Lookup>, Box<Host>),
    /// IPv6 addresses are being looked up, after these IPv4 ones.
    V6(io::Result<Lookup>, io::Result<Vec<IpAddr>>),
}

/// The question, and the servers to ask.
pub(super) struct Host {
    servers: Vec<SocketAddr>,
    name: String,
    deadline: Deadline,
}

impl HostLookup {
    /// Begins to ask `servers`, which must be done by `deadline`.
    pub(super) fn new(
        servers: io::Result<Vec<SocketAddr>>,
        host: &str,
        deadline: Deadline,
    ) -> Self {
        if let Ok(address) = host.parse() {
            return Self::Known(vec![address]);
        }
        // No server is to be asked about this one (RFC 6761).
        if host == "localhost" {
            return Self::Known(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
        }
        let servers = match servers {
            Ok(servers) => servers,
            Err(error) => return Self::Failed(error),
        };
        let host = Host {
            servers,
            name: host.to_owned(),
            deadline,
        };
        Self::V4(host.look_up(TYPE::A), Box::new(host))
    }

    /// The addresses, at least one; `None` if they are not known by `until`.
    pub(super) fn advance(&mut self, until: Deadline) -> io::Result<Option<Vec<IpAddr>>> {
        loop {
            match self {
                Self::Known(addresses) => return Ok(Some(std::mem::take(addresses))),
                Self::Failed(error) => {
                    return Err(std::mem::replace(error, io::ErrorKind::NotFound.into()));
                }
                Self::V4(lookup, host) => {
                    let Some(found) = addresses(lookup, until) else {
                        return Ok(None);
                    };
                    let next = host.look_up(TYPE::AAAA);
                    *self = Self::V6(next, found);
                }
                Self::V6(lookup, v4) => {
                    let Some(v6) = addresses(lookup, until) else {
                        return Ok(None);
                    };
                    let v4 = std::mem::replace(v4, Ok(Vec::new()));
                    return match (v4, v6) {
                        (Ok(v4), Ok(v6)) => Ok(Some([v4, v6].concat())),
                        (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(Some(one)),
                        (Err(error), Err(_)) => Err(error),
                    };
                }
            }
        }
    }

    /// What must happen before it can continue.
    pub(super) fn interest(&self) -> Interest<'_> {
        match self {
            Self::V4(Ok(lookup), _) | Self::V6(Ok(lookup), _) => lookup.interest(),
            _ => Interest::now(),
        }
    }
}

impl Host {
    fn look_up(&self, record: TYPE) -> io::Result<Lookup> {
        Lookup::new(self.servers.clone(), &self.name, record, self.deadline)
    }
}

/// The result of a lookup; `None` if there is none by `until`.
fn addresses(lookup: &mut io::Result<Lookup>, until: Deadline) -> Option<io::Result<Vec<IpAddr>>> {
    let found = match lookup {
        Ok(lookup) => lookup.advance(until, |answer| match answer {
            RData::A(a) => Some(Ipv4Addr::from_bits(a.address).into()),
            RData::AAAA(a) => Some(Ipv6Addr::from_bits(a.address).into()),
            _ => None,
        }),
        Err(error) => Err(std::mem::replace(error, io::ErrorKind::Other.into())),
    };
    found.transpose()
}
