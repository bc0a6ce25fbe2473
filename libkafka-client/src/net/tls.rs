//! TLS, by rustls.

use std::fmt;
use std::io::{self, IoSlice, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use super::transport::Transport;
use crate::address::Address;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::timings::Timings;

/// How to speak TLS: whom to trust, and who to be.
///
/// The name in a broker's certificate is checked against the host that the client connects to,
/// which is the one that the broker advertises.
#[derive(Clone)]
pub struct Tls(Arc<ClientConfig>);

impl Tls {
    /// Trusts the authorities in a PEM file, and shows no certificate.
    ///
    /// For the authorities of the system, name its bundle: `/etc/ssl/certs/ca-certificates.crt`
    /// on Debian.
    ///
    /// # Errors
    /// [`Error::Config`] if the file cannot be read or has no certificate.
    pub fn trusting(ca: impl AsRef<Path>) -> Result<Self, Error> {
        let config = builder(ca.as_ref())?.with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }

    /// Trusts the authorities in a PEM file, and shows the certificate in another, with the
    /// chain behind it, whose key is in a third (mTLS). The key is PKCS#8, PKCS#1 or SEC1, not
    /// encrypted.
    ///
    /// # Errors
    /// [`Error::Config`] if a file cannot be read or does not hold what it should.
    pub fn trusting_as(
        ca: impl AsRef<Path>,
        certificate: impl AsRef<Path>,
        key: impl AsRef<Path>,
    ) -> Result<Self, Error> {
        let certificates = certificates(certificate.as_ref())?;
        let key_path = key.as_ref();
        let key = PrivateKeyDer::from_pem_file(key_path).map_err(|e| unreadable(key_path, e))?;
        let config = builder(ca.as_ref())?
            .with_client_auth_cert(certificates, key)
            .map_err(|error| unreadable(key_path, error))?;
        Ok(Self(Arc::new(config)))
    }
}

/// Whatever else rustls can do: other roots, other keys, another provider of cryptography. The
/// type is that of [`rustls`](crate::rustls) as it is used here.
impl From<Arc<ClientConfig>> for Tls {
    fn from(config: Arc<ClientConfig>) -> Self {
        Self(config)
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

type Builder = rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert>;

fn builder(ca: &Path) -> Result<Builder, Error> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(ca)? {
        roots.add(certificate).map_err(|e| unreadable(ca, e))?;
    }
    // Named, since a process may have several providers and then there is no default.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unreadable(ca, error))?;
    Ok(config.with_root_certificates(roots))
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let certificates: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable(path, error))?;
    if certificates.is_empty() {
        return Err(unreadable(path, "it has no certificate"));
    }
    Ok(certificates)
}

fn unreadable(path: &Path, reason: impl fmt::Display) -> Error {
    Error::Config {
        option: "tls",
        reason: format!("{}: {reason}", path.display()),
    }
}

impl Tls {
    /// Shakes hands over `transport`.
    pub(crate) fn connect(
        &self,
        transport: Box<dyn Transport>,
        address: &Address,
        deadline: Deadline,
        timings: &mut Timings,
    ) -> io::Result<Box<dyn Transport>> {
        let started = Instant::now();
        let name = ServerName::try_from(address.host.clone())
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let session = ClientConnection::new(Arc::clone(&self.0), name).map_err(io::Error::other)?;
        let mut stream = TlsStream {
            session,
            transport,
            failed: None,
        };
        stream.shake_hands(deadline)?;
        timings.tls = started.elapsed();
        Ok(Box::new(stream))
    }
}

/// TLS over another transport.
struct TlsStream {
    session: ClientConnection,
    transport: Box<dyn Transport>,
    /// An error after bytes had gone out, for the next call to give.
    failed: Option<io::Error>,
}

impl TlsStream {
    fn shake_hands(&mut self, deadline: Deadline) -> io::Result<()> {
        while self.session.is_handshaking() {
            self.send(deadline).map_err(|(error, _)| error)?;
            if self.session.is_handshaking() && !self.receive(deadline)? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        self.send(deadline).map_err(|(error, _)| error)
    }

    /// Writes what rustls has to send; an error comes with the bytes written before it.
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

    /// Reads some bytes for rustls; false at the end of the stream.
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
        sent.map_err(|(error, _)| error)?;
        Ok(true)
    }
}

impl Transport for TlsStream {
    fn write(&mut self, parts: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let n = self.session.writer().write_vectored(parts)?;
        match self.send(deadline) {
            Ok(()) => Ok(n),
            Err((error, 0)) => Err(error),
            // The caller must know that something of this went out.
            Err((error, _)) => {
                self.failed = Some(error);
                Ok(n)
            }
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

    fn is_usable(&mut self) -> bool {
        self.failed.is_none() && self.transport.is_usable()
    }
}

/// What rustls reads from and writes to.
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
