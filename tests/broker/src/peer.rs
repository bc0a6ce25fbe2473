//! [`Peer`]: the client at the other end of a connection.

use std::cell::Cell;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use crate::clock::Time;
use crate::sasl::{Sasl, Session};

/// The client at the other end of a connection.
pub(crate) struct Peer {
    pub(crate) socket: Arc<TcpStream>,
    pub(crate) address: SocketAddr,
    /// The node that it has connected to.
    pub(crate) node: i32,
    /// How often that node had been started.
    pub(crate) incarnation: u64,
    /// The number of the listener that it connected to.
    pub(crate) listener: usize,
    pub(crate) sasl: Sasl,
    /// Its principal, as in ACLs.
    pub(crate) principal: String,
    /// How long its authentication lasts, if not forever.
    pub(crate) session: Option<Session>,
    /// When it was last checked whether it is still there.
    pub(crate) looked: Cell<Time>,
}

/// The principal of a client that has not authenticated.
pub(crate) const ANONYMOUS: &str = "User:ANONYMOUS";

impl Peer {
    /// Its host, in the form that Kafka shows.
    pub(crate) fn host(&self) -> String {
        format!("/{}", self.address.ip())
    }

    /// Whether it has closed the connection. A client that has sent further requests is assumed to
    /// be there.
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
