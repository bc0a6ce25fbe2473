//! Makes [`Tls`] from PEM files, with the cryptography provider of a feature.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use super::tls::Tls;
use crate::error::Error;

impl Tls {
    /// Trusts the authorities in a PEM file, and shows no certificate.
    ///
    /// To trust the authorities of the system, name its bundle:
    /// `/etc/ssl/certs/ca-certificates.crt` on Debian.
    ///
    /// # Errors
    /// [`Error::Config`] if the file cannot be read or contains no certificate.
    pub fn trusting(ca: impl AsRef<Path>) -> Result<Self, Error> {
        let config = builder(ca.as_ref())?.with_no_client_auth();
        Ok(Arc::new(config).into())
    }

    /// Trusts the authorities in a PEM file, and shows the certificate in a second file, followed
    /// by its chain; the key is in a third (mTLS). The key is PKCS#8, PKCS#1 or SEC1, not
    /// encrypted.
    ///
    /// # Errors
    /// [`Error::Config`] if a file cannot be read or does not contain what it should.
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
        Ok(Arc::new(config).into())
    }
}

/// The provider, named explicitly, since a process may have several and then there is no default.
#[cfg(feature = "tls-ring")]
fn provider() -> Result<CryptoProvider, Error> {
    Ok(rustls::crypto::ring::default_provider())
}

/// The provider panics on a processor that it does not support, so that is checked first.
#[cfg(not(feature = "tls-ring"))]
fn provider() -> Result<CryptoProvider, Error> {
    if graviola::util::is_cpu_supported() {
        return Ok(rustls_graviola::default_provider());
    }
    Err(Error::Config {
        option: "tls",
        reason: "graviola cannot use this processor: build with the feature tls-ring".to_owned(),
    })
}

type Builder = rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert>;

fn builder(ca: &Path) -> Result<Builder, Error> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(ca)? {
        roots.add(certificate).map_err(|e| unreadable(ca, e))?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(provider()?))
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
