//! [`Peer`]: a client at the other end of a connection.

use std::cell::Cell;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use crate::clock::Time;
use crate::sasl::{Sasl, Session};

/// Who is at the other end of a connection.
pub(crate) struct Peer {
    pub(crate) socket: Arc<TcpStream>,
    pub(crate) address: SocketAddr,
    /// The node that it has connected to.
    pub(crate) node: i32,
    /// How often that node has been started.
    pub(crate) incarnation: u64,
    /// The number of the listener that it came in by.
    pub(crate) listener: usize,
    pub(crate) sasl: Sasl,
    /// Who it is, as ACLs call it.
    pub(crate) principal: String,
    /// How long that lasts, if not for ever.
    pub(crate) session: Option<Session>,
    /// When it was looked last whether it is still there.
    pub(crate) looked: Cell<Time>,
}

/// Who has not said who it is.
pub(crate) const ANONYMOUS: &str = "User:ANONYMOUS";

impl Peer {
    /// Its host, as Kafka shows it.
    pub(crate) fn host(&self) -> String {
        format!("/{}", self.address.ip())
    }

    /// Has it ended the connection? One that has sent more requests before is believed to be
    /// there.
    pub(crate) fn is_gone(&self) -> bool {
        // Nobody else reads from or writes to the socket in this moment.
        let _ = self.socket.set_nonblocking(true);
        let peeked = self.socket.peek(&mut [0]);
        let _ = self.socket.set_nonblocking(false);
        match peeked {
            Ok(bytes) => bytes == 0,
            Err(error) => error.kind() != io::ErrorKind::WouldBlock,
        }
    }
}
