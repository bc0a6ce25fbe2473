//! `Readiness` and `Interest`: what to wait for before something can continue.

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
    /// Bytes have already been received, and a read returns some of them at once.
    Buffered,
    /// The transport can continue when this socket is ready.
    Socket(Socket<'a>),
    /// The system cannot wait for it, so it is tried every few milliseconds.
    Unknown,
}

/// What must happen before a [`Waitable`](crate::Waitable) can continue: its socket is ready, or a
/// point in time is reached, whichever is first. With several sockets, [any](Self::or) of them is
/// enough.
#[derive(Debug, Clone)]
#[must_use = "it is for `wait`"]
pub struct Interest<'a> {
    source: Source<'a>,
    /// The other sources of something with several sockets.
    others: Vec<Source<'a>>,
    pub(super) at: Option<Instant>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'a> {
    /// There is nothing to wait for.
    Nothing,
    /// It can continue already.
    Now,
    Socket {
        socket: Socket<'a>,
        readable: bool,
        writable: bool,
    },
    /// It must be tried.
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

    /// Waits for nothing, unless [`or_at`](Self::or_at) adds a time.
    pub const fn nothing() -> Self {
        Self::of(Source::Nothing)
    }

    /// It can continue already: nothing has to happen first.
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

    /// Bytes can be read from `socket` or written to it.
    pub const fn readable_or_writable(socket: Socket<'a>) -> Self {
        Self::of(Source::Socket {
            socket,
            readable: true,
            writable: true,
        })
    }

    /// The system cannot tell, so it is tried every few milliseconds.
    pub const fn unknown() -> Self {
        Self::of(Source::Unknown)
    }

    /// Adds the point in time `at`; the earliest of several counts.
    pub fn or_at(self, at: Instant) -> Self {
        let at = self.at.map_or(at, |sooner| sooner.min(at));
        Self {
            at: Some(at),
            ..self
        }
    }

    /// Adds what `other` waits for: for a [`Waitable`](crate::Waitable) that consists of several.
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

    /// All sources, any of which is enough.
    pub(super) fn sources(&self) -> impl Iterator<Item = Source<'a>> {
        [self.source].into_iter().chain(self.others.iter().copied())
    }

    /// The transport has bytes to read.
    pub(crate) fn to_read(readiness: Readiness<'a>) -> Self {
        match readiness {
            Readiness::Buffered => Self::now(),
            Readiness::Socket(socket) => Self::readable(socket),
            Readiness::Unknown => Self::unknown(),
        }
    }

    /// The transport accepts bytes.
    pub(crate) fn to_write(readiness: Readiness<'a>) -> Self {
        match readiness {
            Readiness::Socket(socket) => Self::writable(socket),
            // What is buffered is to be read, and says nothing of this.
            Readiness::Buffered | Readiness::Unknown => Self::unknown(),
        }
    }

    /// The transport has bytes to read, or accepts bytes.
    pub(crate) fn to_read_or_write(readiness: Readiness<'a>) -> Self {
        match readiness {
            Readiness::Buffered => Self::now(),
            Readiness::Socket(socket) => Self::readable_or_writable(socket),
            Readiness::Unknown => Self::unknown(),
        }
    }
}
