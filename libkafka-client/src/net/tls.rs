//! `Tls`: how to speak TLS, by rustls.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use super::tls_stream::TlsTransport;
use super::transport::Transport;
use crate::address::Address;
use crate::error::Error;

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
    /// Begins TLS over `transport` with a broker at `address`.
    pub(crate) fn begin(
        &self,
        transport: Box<dyn Transport>,
        address: &Address,
    ) -> io::Result<TlsTransport> {
        let name = ServerName::try_from(address.host.clone())
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        let session = ClientConnection::new(Arc::clone(&self.0), name).map_err(io::Error::other)?;
        Ok(TlsTransport::new(session, transport))
    }
}
