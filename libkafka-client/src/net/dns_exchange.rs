//! `DnsExchange`: a query to one DNS server and its answer.

use std::io::{self, IoSlice};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
#[cfg(not(windows))]
use std::os::fd::AsFd;
#[cfg(windows)]
use std::os::windows::io::AsSocket;

use super::dns_message::{Kind, kind};
use super::interest::Interest;
use super::tcp_dial::Dial;
use super::tcp_stream::TcpTransport;
use super::transport::{Transport, is_not_ready};
use super::wait::wait_for;
use crate::deadline::Deadline;

/// The size of the buffer for a datagram, in bytes. Without extensions, at most 512 are allowed;
/// some servers send more.
const LARGEST_DATAGRAM: usize = 4096;

/// The size of the length in front of a message over TCP, in bytes.
const LENGTH_SIZE: usize = 2;

/// A query to one server and its answer: over UDP, and over TCP if it does not fit a datagram.
pub(super) struct DnsExchange {
    server: SocketAddr,
    deadline: Deadline,
    by: By,
}

enum By {
    Udp(UdpSocket),
    Dial(Dial),
    Tcp {
        transport: Box<dyn Transport>,
        /// How much of the query has been written.
        written: usize,
        /// The part of the answer that has arrived, including its length.
        read: Vec<u8>,
    },
}

impl DnsExchange {
    /// Sends a query, whose answer must be here by `deadline`.
    pub(super) fn new(server: SocketAddr, query: &[u8], deadline: Deadline) -> io::Result<Self> {
        let any: IpAddr = match server {
            SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let socket = UdpSocket::bind((any, 0))?;
        socket.set_nonblocking(true)?;
        socket.connect(server)?;
        socket.send(query)?;
        Ok(Self {
            server,
            deadline,
            by: By::Udp(socket),
        })
    }

    /// The answer; `None` if it has not arrived by `until`.
    pub(super) fn advance(
        &mut self,
        query: &[u8],
        id: u16,
        until: Deadline,
    ) -> io::Result<Option<Vec<u8>>> {
        let until = until.min(self.deadline);
        loop {
            match self.step(query, id, until) {
                Ok(None) => {}
                Ok(Some(answer)) => return Ok(Some(answer)),
                Err(error) if is_not_ready(&error) && until.is_past() => {
                    self.deadline.left()?;
                    return Ok(None);
                }
                Err(error) if is_not_ready(&error) => {
                    wait_for([self.interest()], until)?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn step(&mut self, query: &[u8], id: u16, until: Deadline) -> io::Result<Option<Vec<u8>>> {
        match &mut self.by {
            By::Udp(socket) => {
                let mut datagram = vec![0; LARGEST_DATAGRAM];
                let n = socket.recv(&mut datagram)?;
                datagram.truncate(n);
                match kind(&datagram, id) {
                    Kind::Answer => return Ok(Some(datagram)),
                    Kind::Truncated => self.by = By::Dial(Dial::new(self.server, self.deadline)?),
                    // Whatever else comes to this port is not the answer.
                    Kind::Other => {}
                }
            }
            By::Dial(dial) => {
                let Some(stream) = dial.advance(until)? else {
                    return Err(io::ErrorKind::WouldBlock.into());
                };
                self.by = By::Tcp {
                    transport: Box::new(TcpTransport::new(stream)),
                    written: 0,
                    read: Vec::new(),
                };
            }
            By::Tcp {
                transport,
                written,
                read,
            } => {
                let length = u16::try_from(query.len()).map_err(io::Error::other)?;
                let message = [&length.to_be_bytes(), query].concat();
                while *written < message.len() {
                    let rest = IoSlice::new(&message[*written..]);
                    *written += transport.write(&[rest], Deadline::now())?;
                }
                return read_message(&mut **transport, read);
            }
        }
        Ok(None)
    }

    /// What must happen before it can continue.
    pub(super) fn interest(&self) -> Interest<'_> {
        let interest = match &self.by {
            #[cfg(not(windows))]
            By::Udp(socket) => Interest::readable(socket.as_fd()),
            #[cfg(windows)]
            By::Udp(socket) => Interest::readable(socket.as_socket()),
            By::Dial(dial) => dial.interest(),
            // A query is so short that it is written at once.
            By::Tcp { transport, .. } => Interest::to_read(transport.readiness()),
        };
        interest.or_at(self.deadline.instant())
    }
}

/// Reads a message that follows its length; `None` while there is more to read.
fn read_message(transport: &mut dyn Transport, read: &mut Vec<u8>) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = [0; LARGEST_DATAGRAM];
    match transport.read(&mut buffer, Deadline::now())? {
        0 => return Err(io::ErrorKind::UnexpectedEof.into()),
        n => read.extend_from_slice(&buffer[..n]),
    }
    let Some((length, message)) = read.split_first_chunk::<LENGTH_SIZE>() else {
        return Ok(None);
    };
    let length = usize::from(u16::from_be_bytes(*length));
    Ok(message.get(..length).map(<[u8]>::to_vec))
}
