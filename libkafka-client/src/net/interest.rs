//! `Readiness` and `Interest`: for what something has to wait before it can go on.

use std::time::Instant;

/// A socket that the system can wait for: a file descriptor on Unix, a socket on Windows.
#[cfg(not(windows))]
pub type Socket<'a> = std::os::fd::BorrowedFd<'a>;
/// A socket that the system can wait for: a file descriptor on Unix, a socket on Windows.
#[cfg(windows)]
pub type Socket<'a> = std::os::windows::io::BorrowedSocket<'a>;

/// How a [`Transport`](crate::Transport) can be waited for.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Readiness<'a> {
    /// Bytes have been received already, and a read returns some of them at once.
    Buffered,
    /// The transport can go on when this socket can.
    Socket(Socket<'a>),
    /// The system cannot wait for it, so it is asked every few milliseconds.
    Unknown,
}

/// What has to happen before a [`Waitable`](crate::Waitable) can go on: its socket is ready, or a
/// point in time is reached, whichever is first. One that has several sockets waits for
/// [any](Self::or) of them.
#[derive(Debug, Clone)]
#[must_use = "it is for `wait`"]
pub struct Interest<'a> {
    source: Source<'a>,
    /// Of those that have several sockets.
    others: Vec<Source<'a>>,
    pub(super) at: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'a> {
    /// There is nothing to wait for.
    Nothing,
    /// It can go on already.
    Now,
    Socket {
        socket: Socket<'a>,
        readable: bool,
        writable: bool,
    },
    /// It has to be asked.
    Unknown,
}

impl<'a> Interest<'a> {
    const fn of(source: Source<'a>) -> Self {
        Self {
            source,
            others: Vec::new(),
            at: None,
        }
    }

    /// Nothing, unless a time is added by [`or_at`](Self::or_at).
    pub const fn nothing() -> Self {
        Self::of(Source::Nothing)
    }

    /// Nothing has to happen: it can go on already.
    pub const fn now() -> Self {
        Self::of(Source::Now)
    }

    /// Bytes, or the end of the stream, can be read from `socket`.
    pub const fn readable(socket: Socket<'a>) -> Self {
        Self::of(Source::Socket {
            socket,
            readable: true,
            writable: false,
        })
    }

    /// Bytes can be written to `socket`, or it is connected.
    pub const fn writable(socket: Socket<'a>) -> Self {
        Self::of(Source::Socket {
            socket,
            readable: false,
            writable: true,
        })
    }

    /// Either of the two.
    pub const fn readable_or_writable(socket: Socket<'a>) -> Self {
        Self::of(Source::Socket {
            socket,
            readable: true,
            writable: true,
        })
    }

    /// The system cannot tell: it is asked every few milliseconds.
    pub const fn unknown() -> Self {
        Self::of(Source::Unknown)
    }

    /// Or `at` is reached; of several such times, the first.
    pub fn or_at(self, at: Instant) -> Self {
        let at = self.at.map_or(at, |sooner| sooner.min(at));
        Self {
            at: Some(at),
            ..self
        }
    }

    /// Or what `other` waits for happens: for a [`Waitable`](crate::Waitable) that is made of
    /// several.
    pub fn or(mut self, other: Self) -> Self {
        match self.source {
            Source::Nothing => self.source = other.source,
            _ if matches!(other.source, Source::Nothing) => {}
            _ => self.others.push(other.source),
        }
        self.others.extend(other.others);
        match other.at {
            Some(at) => self.or_at(at),
            None => self,
        }
    }

    /// All that any of which may happen.
    pub(super) fn sources(&self) -> impl Iterator<Item = Source<'a>> {
        [self.source].into_iter().chain(self.others.iter().copied())
    }

    /// A transport has bytes to read.
    pub(crate) fn to_read(readiness: Readiness<'a>) -> Self {
        match readiness {
            Readiness::Buffered => Self::now(),
            Readiness::Socket(socket) => Self::readable(socket),
            Readiness::Unknown => Self::unknown(),
        }
    }

    /// A transport takes bytes.
    pub(crate) fn to_write(readiness: Readiness<'a>) -> Self {
        match readiness {
            Readiness::Socket(socket) => Self::writable(socket),
            // What is buffered is to be read, and says nothing of this.
            Readiness::Buffered | Readiness::Unknown => Self::unknown(),
        }
    }

    /// A transport has bytes to read, or takes bytes.
    pub(crate) fn to_read_or_write(readiness: Readiness<'a>) -> Self {
        match readiness {
            Readiness::Buffered => Self::now(),
            Readiness::Socket(socket) => Self::readable_or_writable(socket),
            Readiness::Unknown => Self::unknown(),
        }
    }
}
