//! `Tls`: the TLS configuration, through rustls.

use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};

use super::tls_stream::TlsTransport;
use super::transport::Transport;
use crate::address::Address;

/// The TLS configuration: which authorities to trust, and which certificate to show.
///
/// The name in a broker's certificate is checked against the host that the client connects to,
/// which is the one that the broker advertises.
///
/// With only the feature `tls`, it is made [from a
/// configuration](#impl-From<Arc<ClientConfig>>-for-Tls) of yours, with the cryptography provider
/// that you choose. The features `tls-ring` and `tls-graviola` each include a provider, and the
/// functions that read PEM files. If both are enabled, ring is used, since it works on every
/// processor.
#[derive(Clone)]
pub struct Tls(Arc<ClientConfig>);

/// Anything that rustls can do: other roots, other keys, another cryptography provider. The type is
/// that of the re-exported [`rustls`](crate::rustls).
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
