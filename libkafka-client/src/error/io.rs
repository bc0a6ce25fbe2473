//! `Error::from_io`: turns an I/O error into an `Error`.

use std::io;

use super::Error;
use crate::place::{Phase, Place};

impl Error {
    /// The `Error` for an I/O error at this place.
    pub(crate) fn from_io(at: Box<Place>, source: io::Error) -> Self {
        #[cfg(feature = "tls")]
        if let Some(source) = source.get_ref().and_then(|e| e.downcast_ref()) {
            let source = rustls::Error::clone(source);
            return Self::Tls { at, source };
        }
        match source.kind() {
            io::ErrorKind::TimedOut => Self::Timeout { at },
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof
                if at.phase != Phase::Connect =>
            {
                Self::Closed { at }
            }
            _ => Self::Io { at, source },
        }
    }
}
