//! `Dial`: a TCP connection to one address, being made.

use std::io;
use std::net::{SocketAddr, TcpStream};
#[cfg(not(windows))]
use std::os::fd::AsFd;
#[cfg(windows)]
use std::os::windows::io::AsSocket;

use rustix::io::Errno;
use socket2::{Domain, Protocol, Socket, Type};

use super::interest::Interest;
use super::wait::wait_for;
use crate::deadline::Deadline;

/// An address that is being connected to.
pub(super) struct Dial {
    socket: Option<Socket>,
    deadline: Deadline,
}

impl Dial {
    /// Begins to connect, which must be done by `deadline`.
    pub(super) fn new(address: SocketAddr, deadline: Deadline) -> io::Result<Self> {
        let domain = Domain::for_address(address);
        let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
        socket.set_nonblocking(true)?;
        let in_progress = Errno::INPROGRESS.raw_os_error();
        match socket.connect(&address.into()) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) if error.raw_os_error() == Some(in_progress) => {}
            Err(error) => return Err(error),
        }
        Ok(Self {
            socket: Some(socket),
            deadline,
        })
    }

    /// The connection, as a blocking stream; `None` if it is not made by `until`.
    ///
    /// # Errors
    /// If it is refused, or once the deadline has passed.
    pub(super) fn advance(&mut self, until: Deadline) -> io::Result<Option<TcpStream>> {
        let until = until.min(self.deadline);
        loop {
            if self.is_connected()?
                && let Some(socket) = self.socket.take()
            {
                socket.set_nonblocking(false)?;
                return Ok(Some(socket.into()));
            }
            if until.is_past() {
                self.deadline.left()?;
                return Ok(None);
            }
            wait_for([self.interest()], until)?;
        }
    }

    fn is_connected(&self) -> io::Result<bool> {
        let Some(socket) = &self.socket else {
            return Err(io::ErrorKind::NotConnected.into());
        };
        if let Some(error) = socket.take_error()? {
            return Err(error);
        }
        match socket.peer_addr() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(false),
            // What it is on some systems after a refusal that was told already.
            Err(error) => Err(error),
        }
    }

    pub(super) fn interest(&self) -> Interest<'_> {
        let Some(socket) = &self.socket else {
            return Interest::now();
        };
        #[cfg(not(windows))]
        let socket = socket.as_fd();
        #[cfg(windows)]
        let socket = socket.as_socket();
        Interest::writable(socket).or_at(self.deadline.instant())
    }
}
