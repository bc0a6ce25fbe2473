//! `Waker`: ends a wait from another thread or a signal handler.

use std::io::{self, Read, Write};
#[cfg(windows)]
use std::net::{TcpListener, TcpStream as Stream};
#[cfg(not(windows))]
use std::os::unix::net::UnixStream as Stream;
use std::sync::Arc;

use super::interest::Interest;
use super::wait::Waitable;

/// Ends a [`wait`](crate::wait) that it is part of, from another thread or from a signal handler.
///
/// Clones are the same waker.
#[derive(Debug, Clone)]
pub struct Waker(Arc<Pair>);

#[derive(Debug)]
struct Pair {
    receiver: Stream,
    sender: Stream,
}

impl Waker {
    /// A waker that has not been used yet. It keeps two sockets, connected to each other.
    ///
    /// # Errors
    /// Errors of the system, such as too many open files.
    pub fn new() -> io::Result<Self> {
        let (receiver, sender) = pair()?;
        receiver.set_nonblocking(true)?;
        sender.set_nonblocking(true)?;
        Ok(Self(Arc::new(Pair { receiver, sender })))
    }

    /// Ends the current wait, or else the next one. On Unix, it is a single `write` of one byte,
    /// which is allowed in a signal handler.
    pub fn wake(&self) {
        // Where there is no room, there are enough bytes to wake anybody.
        let _ = (&self.0.sender).write(&[1]);
    }

    /// Whether [`wake`](Self::wake) was called since this was last called. Until you call this,
    /// every wait ends at once.
    pub fn take(&self) -> bool {
        let mut woken = false;
        let mut bytes = [0; 64];
        while matches!((&self.0.receiver).read(&mut bytes), Ok(1..)) {
            woken = true;
        }
        woken
    }
}

impl Waitable for Waker {
    fn interest(&self) -> Interest<'_> {
        #[cfg(not(windows))]
        let socket = std::os::fd::AsFd::as_fd(&self.0.receiver);
        #[cfg(windows)]
        let socket = std::os::windows::io::AsSocket::as_socket(&self.0.receiver);
        Interest::readable(socket)
    }
}

#[cfg(not(windows))]
fn pair() -> io::Result<(Stream, Stream)> {
    Stream::pair()
}

/// Two sockets of the loopback interface, since there are no pipes that can be waited for.
#[cfg(windows)]
fn pair() -> io::Result<(Stream, Stream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let sender = Stream::connect(listener.local_addr()?)?;
    sender.set_nodelay(true)?;
    loop {
        let (receiver, from) = listener.accept()?;
        // Somebody else may have found the port.
        if from == sender.local_addr()? {
            return Ok((receiver, sender));
        }
    }
}
