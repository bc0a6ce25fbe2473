//! [`Tls`]: TLS, through rustls.

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ServerConfig, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConnection, StreamOwned};

use crate::error::Error;
use crate::transport::{Socket, Transport};

/// The certificate that nodes show, and the authority whose certificates they require, for
/// [`Builder::tls`](crate::Builder::tls).
#[derive(Clone)]
pub struct Tls(Arc<ServerConfig>);

impl Tls {
    /// Shows a certificate followed by its chain, and requires none from clients. Both arguments
    /// are PEM; the key is PKCS#8, PKCS#1 or SEC1, not encrypted.
    ///
    /// # Errors
    /// [`Error::Settings`] if they are not valid, or do not belong together.
    pub fn new(certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::build(certificate.as_ref(), key.as_ref(), None)
    }

    /// Like [`new`](Self::new), but refuses clients that do not show a certificate of the authority
    /// `client_ca`, which is PEM too.
    ///
    /// # Errors
    /// The errors of [`new`](Self::new).
    pub fn mutual(
        certificate: impl AsRef<[u8]>,
        key: impl AsRef<[u8]>,
        client_ca: impl AsRef<[u8]>,
    ) -> Result<Self, Error> {
        Self::build(certificate.as_ref(), key.as_ref(), Some(client_ca.as_ref()))
    }

    fn build(certificate: &[u8], key: &[u8], client_ca: Option<&[u8]>) -> Result<Self, Error> {
        // Named, since a process may have several providers and then there is no default.
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(bad)?;
        let builder = match client_ca {
            None => builder.with_no_client_auth(),
            Some(ca) => {
                let mut roots = RootCertStore::empty();
                for certificate in certificates(ca)? {
                    roots.add(certificate).map_err(bad)?;
                }
                let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
                builder.with_client_cert_verifier(verifier.build().map_err(bad)?)
            }
        };
        let key = PrivateKeyDer::from_pem_slice(key).map_err(bad)?;
        let config = builder.with_single_cert(certificates(certificate)?, key);
        Ok(Self(Arc::new(config.map_err(bad)?)))
    }

    /// Uses TLS over a socket. The handshake begins with the first byte.
    pub(crate) fn accept(&self, socket: Socket) -> Result<Transport, rustls::Error> {
        let session = ServerConnection::new(Arc::clone(&self.0))?;
        Ok(Transport::Tls(Box::new(StreamOwned::new(session, socket))))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, Error> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(bad)
}

fn bad(error: impl fmt::Display) -> Error {
    Error::Settings(format!("tls: {error}"))
}
