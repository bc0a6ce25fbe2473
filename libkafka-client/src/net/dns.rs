//! DNS, asked by this thread and within the deadline.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, Question, RCODE, TYPE};

use super::interest::Interest;
use crate::address::Address;
use crate::deadline::Deadline;

const PORT: u16 = 53;
/// How long one server is waited for before the next is asked.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often all servers are asked: a datagram may get lost.
const ROUNDS: usize = 3;
/// The most that a datagram without extensions may have is 512; some servers send more.
const LARGEST_DATAGRAM: usize = 4096;

/// The DNS servers to ask.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dns {
    servers: Option<Vec<SocketAddr>>,
}

impl Dns {
    /// The servers of the system (`/etc/resolv.conf`).
    pub fn system() -> Self {
        Self::default()
    }

    /// These servers.
    pub fn with_servers(servers: impl IntoIterator<Item = SocketAddr>) -> Self {
        Self {
            servers: Some(servers.into_iter().collect()),
        }
    }

    /// Begins to ask for the addresses of a host.
    pub(super) fn begin(&self, host: &str, deadline: Deadline) -> Lookup {
        Lookup {
            dns: self.clone(),
            host: host.to_owned(),
            deadline,
        }
    }

    /// The addresses of a host: A and AAAA records, IPv4 first.
    pub(crate) fn host(&self, host: &str, deadline: Deadline) -> io::Result<Vec<IpAddr>> {
        if let Ok(address) = host.parse() {
            return Ok(vec![address]);
        }
        // No server is to be asked about this one (RFC 6761).
        if host == "localhost" {
            return Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
        }
        let v4 = self.ask(host, TYPE::A, deadline, |answer| match answer {
            RData::A(a) => Some(Ipv4Addr::from_bits(a.address).into()),
            _ => None,
        });
        let v6 = self.ask(host, TYPE::AAAA, deadline, |answer| match answer {
            RData::AAAA(a) => Some(Ipv6Addr::from_bits(a.address).into()),
            _ => None,
        });
        match (v4, v6) {
            (Ok(v4), Ok(v6)) => Ok([v4, v6].concat()),
            (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(one),
            (Err(error), Err(_)) => Err(error),
        }
    }

    /// What `wanted` makes of the records of a name, which are at least one.
    fn ask<T>(
        &self,
        name: &str,
        record: TYPE,
        deadline: Deadline,
        wanted: impl Fn(&RData<'_>) -> Option<T>,
    ) -> io::Result<Vec<T>> {
        let servers = match &self.servers {
            Some(servers) => servers.clone(),
            None => system_servers()?,
        };
        let id = fastrand::u16(..);
        let query = query(id, name, record)?;
        let mut last = io::Error::new(io::ErrorKind::NotFound, "there is no DNS server to ask");
        for server in servers.iter().cycle().take(servers.len() * ROUNDS) {
            if deadline.is_past() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            let answer = ask(*server, &query, id, deadline.at_most(PATIENCE));
            match answer.and_then(|answer| records(&answer, &wanted)) {
                Ok(records) => return Ok(records),
                // The answer is that there is no such name; other servers would say the same.
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(error),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

/// The addresses of a host, on the way.
pub(super) struct Lookup {
    dns: Dns,
    host: String,
    deadline: Deadline,
}

impl Lookup {
    pub(super) fn advance(&mut self, _: Deadline) -> io::Result<Option<Vec<IpAddr>>> {
        self.dns.host(&self.host, self.deadline).map(Some)
    }

    pub(super) fn interest(&self) -> Interest<'_> {
        Interest::now()
    }
}

/// A name of which the SRV records name the brokers (RFC 2782).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Srv {
    name: String,
    dns: Dns,
}

impl Srv {
    /// A name such as `_kafka._tcp.example.com`; the servers of the system are asked.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            dns: Dns::system(),
        }
    }

    /// Asks these servers.
    #[must_use]
    pub fn dns(mut self, dns: Dns) -> Self {
        self.dns = dns;
        self
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The addresses behind the name, the preferred ones first.
    pub(crate) fn look_up(&self, deadline: Deadline) -> io::Result<Vec<Address>> {
        let mut found = self
            .dns
            .ask(&self.name, TYPE::SRV, deadline, |answer| match answer {
                // A root target says that the service is not there.
                RData::SRV(srv) if !srv.target.to_string().is_empty() => {
                    // A drawing of lots in which a record's chance grows with its weight.
                    let lot = fastrand::f64().powf(1.0 / (f64::from(srv.weight) + 0.01));
                    let address = Address::new(srv.target.to_string(), srv.port);
                    Some((srv.priority, lot, address))
                }
                _ => None,
            })?;
        found.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        Ok(found.into_iter().map(|(_, _, address)| address).collect())
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

fn query(id: u16, name: &str, record: TYPE) -> io::Result<Vec<u8>> {
    let name = Name::new(name).map_err(invalid)?;
    let mut packet = Packet::new_query(id);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    let question = Question::new(name, record.into(), CLASS::IN.into(), false);
    packet.questions.push(question);
    packet.build_bytes_vec().map_err(invalid)
}

/// One server's answer: by UDP, and by TCP where it does not fit a datagram.
fn ask(server: SocketAddr, query: &[u8], id: u16, deadline: Deadline) -> io::Result<Vec<u8>> {
    let any: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((any, 0))?;
    socket.connect(server)?;
    socket.send(query)?;
    let mut datagram = vec![0; LARGEST_DATAGRAM];
    loop {
        socket.set_read_timeout(Some(deadline.left()?))?;
        let n = socket.recv(&mut datagram).map_err(timed_out)?;
        let Ok(packet) = Packet::parse(&datagram[..n]) else {
            continue;
        };
        // Whatever else comes to this port is not the answer.
        if packet.id() != id || !packet.has_flags(PacketFlag::RESPONSE) {
            continue;
        }
        if packet.has_flags(PacketFlag::TRUNCATION) {
            return ask_by_tcp(server, query, deadline);
        }
        datagram.truncate(n);
        return Ok(datagram);
    }
}

fn ask_by_tcp(server: SocketAddr, query: &[u8], deadline: Deadline) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&server, deadline.left()?)?;
    let left = Some(deadline.left()?);
    stream.set_write_timeout(left)?;
    stream.set_read_timeout(left)?;
    let mut message = u16::try_from(query.len())
        .map_err(invalid)?
        .to_be_bytes()
        .to_vec();
    message.extend_from_slice(query);
    stream.write_all(&message).map_err(timed_out)?;
    let mut length = [0; 2];
    stream.read_exact(&mut length).map_err(timed_out)?;
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut answer).map_err(timed_out)?;
    Ok(answer)
}

/// What `wanted` makes of the records in an answer.
fn records<T>(answer: &[u8], wanted: impl Fn(&RData<'_>) -> Option<T>) -> io::Result<Vec<T>> {
    let packet = Packet::parse(answer).map_err(invalid)?;
    match packet.rcode() {
        RCODE::NoError => {}
        RCODE::NameError => return Err(nobody("the name does not exist")),
        code => return Err(io::Error::other(format!("the DNS server answers {code:?}"))),
    }
    let found: Vec<T> = packet
        .answers
        .iter()
        .filter_map(|record| wanted(&record.rdata))
        .collect();
    if found.is_empty() {
        return Err(nobody("the name has no such record"));
    }
    Ok(found)
}

/// Where sockets time out, some systems say that they would block.
fn timed_out(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut.into(),
        _ => error,
    }
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

fn nobody(reason: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, reason)
}

#[cfg(test)]
mod tests;
