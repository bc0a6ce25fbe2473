//! `TcpTransport`: a TCP connection as a transport.

use std::io::{self, IoSlice, Read, Write};
use std::net::TcpStream;
#[cfg(not(windows))]
use std::os::fd::AsFd;
#[cfg(windows)]
use std::os::windows::io::AsSocket;
use std::time::Duration;

use super::interest::{Interest, Readiness, Socket};
use super::transport::Transport;
use super::wait::wait_for;
use crate::deadline::Deadline;

/// A socket that blocks until a call must not wait.
///
/// While it blocks, its timeouts follow the deadline. A timeout is an option of the socket, and
/// setting it costs a system call, so it is only set when it exceeds the remaining time by more
/// than a sixteenth, or is much too short; a wait that ends before the deadline continues. So a
/// small call needs one write and one read, and no other system calls.
///
/// At the first deadline that has passed already, the socket becomes non-blocking for good: it
/// tries, waits with `poll` if it may wait, and tries again.
pub(super) struct TcpTransport {
    stream: TcpStream,
    blocks: bool,
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
}

#[derive(Clone, Copy)]
enum Direction {
    Read,
    Write,
}

impl TcpTransport {
    /// Wraps a connected stream that blocks.
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            blocks: true,
            read_timeout: None,
            write_timeout: None,
        }
    }

    fn run(
        &mut self,
        direction: Direction,
        deadline: Deadline,
        mut call: impl FnMut(&mut TcpStream) -> io::Result<usize>,
    ) -> io::Result<usize> {
        loop {
            if self.blocks {
                self.adjust(direction, deadline.remaining())?;
            }
            match call(&mut self.stream) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_not_ready(&error) => self.wait(direction, deadline)?,
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    return Err(given_up(error));
                }
                result => return result,
            }
        }
    }

    /// Sets the timeout if the current one does not fit.
    fn adjust(&mut self, direction: Direction, remaining: Duration) -> io::Result<()> {
        if remaining.is_zero() {
            self.stream.set_nonblocking(true)?;
            self.blocks = false;
            return Ok(());
        }
        let current = match direction {
            Direction::Read => &mut self.read_timeout,
            Direction::Write => &mut self.write_timeout,
        };
        match *current {
            Some(timeout) if timeout <= remaining + remaining / 16 && timeout >= remaining / 4 => {}
            _ => {
                // Some systems take a timeout below their clock's tick for none.
                let timeout = Some(remaining.max(Duration::from_millis(1)));
                *current = timeout;
                match direction {
                    Direction::Read => self.stream.set_read_timeout(timeout)?,
                    Direction::Write => self.stream.set_write_timeout(timeout)?,
                }
            }
        }
        Ok(())
    }

    /// Waits after a try that found nothing to do.
    fn wait(&self, direction: Direction, deadline: Deadline) -> io::Result<()> {
        deadline.left()?;
        if self.blocks {
            // It has waited for as long as it was told to, and goes on.
            return Ok(());
        }
        let interest = match direction {
            Direction::Read => Interest::readable(self.socket()),
            Direction::Write => Interest::writable(self.socket()),
        };
        wait_for([interest], deadline).map(drop)
    }

    fn socket(&self) -> Socket<'_> {
        #[cfg(not(windows))]
        return self.stream.as_fd();
        #[cfg(windows)]
        return self.stream.as_socket();
    }
}

impl Transport for TcpTransport {
    fn write(&mut self, parts: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        self.run(Direction::Write, deadline, |stream| {
            stream.write_vectored(parts)
        })
    }

    fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        self.run(Direction::Read, deadline, |stream| stream.read(buffer))
    }

    fn readiness(&self) -> Readiness<'_> {
        Readiness::Socket(self.socket())
    }

    fn is_usable(&mut self) -> bool {
        if self.blocks && self.stream.set_nonblocking(true).is_err() {
            return false;
        }
        let nothing = matches!(
            self.stream.peek(&mut [0]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock
        );
        nothing && (!self.blocks || self.stream.set_nonblocking(false).is_ok())
    }
}

/// Whether the error says that the socket would have to wait, or has waited for as long as it was
/// told.
fn is_not_ready(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
        // What a timeout looks like there.
        || (cfg!(windows) && error.kind() == io::ErrorKind::TimedOut)
}

/// The system gave up the connection (`TCP_USER_TIMEOUT`, keepalive): no deadline passed.
fn given_up(error: io::Error) -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, error)
}
