//! `TlsTransport`: TLS over another transport.

use std::io::{self, IoSlice, Read, Write};

use rustls::ClientConnection;

use super::interest::{Interest, Readiness};
use super::transport::{Transport, is_not_ready};
use crate::deadline::Deadline;

/// TLS over another transport.
pub(crate) struct TlsTransport {
    session: ClientConnection,
    transport: Box<dyn Transport>,
    /// An error that occurred after bytes had been sent, for the next call to return.
    failed: Option<io::Error>,
}

impl TlsTransport {
    pub(super) fn new(session: ClientConnection, transport: Box<dyn Transport>) -> Self {
        Self {
            session,
            transport,
            failed: None,
        }
    }

    /// Continues the handshake. Once this has succeeded, it can be used as a transport.
    ///
    /// # Errors
    /// The errors of [`Transport::read`]. If the deadline passes, it continues when it is called
    /// again.
    pub(crate) fn shake_hands(&mut self, deadline: Deadline) -> io::Result<()> {
        while self.session.is_handshaking() {
            self.send(deadline).map_err(|(error, _)| error)?;
            if self.session.is_handshaking() && !self.receive(deadline)? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        self.send(deadline).map_err(|(error, _)| error)
    }

    /// What must happen before the handshake can continue.
    pub(crate) fn interest(&self) -> Interest<'_> {
        let readiness = self.transport.readiness();
        match self.session.wants_write() {
            true => Interest::to_write(readiness),
            false => Interest::to_read(readiness),
        }
    }

    /// Writes what rustls has to send. An error comes with the number of bytes written before it.
    fn send(&mut self, deadline: Deadline) -> Result<(), (io::Error, usize)> {
        let mut written = 0;
        while self.session.wants_write() {
            let mut wire = Wire {
                transport: &mut *self.transport,
                deadline,
            };
            match self.session.write_tls(&mut wire) {
                Ok(n) => written += n,
                Err(error) => return Err((error, written)),
            }
        }
        Ok(())
    }

    /// Reads some bytes for rustls. Returns false at the end of the stream.
    fn receive(&mut self, deadline: Deadline) -> io::Result<bool> {
        let mut wire = Wire {
            transport: &mut *self.transport,
            deadline,
        };
        if self.session.read_tls(&mut wire)? == 0 {
            return Ok(false);
        }
        let result = self.session.process_new_packets();
        // An alert tells the broker why; whether it arrives changes nothing here.
        let sent = self.send(deadline);
        result.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        match sent {
            // It goes out before anything else does.
            Err((error, _)) if is_not_ready(&error) => Ok(true),
            Err((error, _)) => Err(error),
            Ok(()) => Ok(true),
        }
    }
}

impl Transport for TlsTransport {
    fn write(&mut self, parts: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        self.flush(deadline)?;
        let n = self.session.writer().write_vectored(parts)?;
        match self.send(deadline) {
            // What could not be sent yet is for `flush`.
            Err((error, _)) if is_not_ready(&error) => Ok(n),
            Err((error, 0)) => Err(error),
            // The caller must know that something of this went out.
            Err((error, _)) => {
                self.failed = Some(error);
                Ok(n)
            }
            Ok(()) => Ok(n),
        }
    }

    fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        loop {
            match self.session.reader().read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                // An end without a farewell is one too: a response that is cut shows by its length.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(0),
                result => return result,
            }
            self.receive(deadline)?;
        }
    }

    fn flush(&mut self, deadline: Deadline) -> io::Result<()> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        self.send(deadline).map_err(|(error, _)| error)?;
        self.transport.flush(deadline)
    }

    fn readiness(&self) -> Readiness<'_> {
        // That is so until what was decrypted has been read, and once the end has come.
        if !self.session.wants_read() || self.failed.is_some() {
            return Readiness::Buffered;
        }
        self.transport.readiness()
    }

    fn is_usable(&mut self) -> bool {
        self.failed.is_none() && self.transport.is_usable()
    }
}

/// The transport that rustls reads from and writes to.
struct Wire<'a> {
    transport: &'a mut dyn Transport,
    deadline: Deadline,
}

impl Read for Wire<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.transport.read(buffer, self.deadline)
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(buffer)])
    }

    fn write_vectored(&mut self, parts: &[IoSlice<'_>]) -> io::Result<usize> {
        self.transport.write(parts, self.deadline)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
