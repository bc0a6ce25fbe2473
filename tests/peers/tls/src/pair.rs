//! A client and a server with nothing between them but memory.

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::client::Resumption;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};

const HOST: &str = "localhost";

/// A server's certificate, and who trusts it.
pub struct Party {
    server: Arc<ServerConfig>,
    roots: RootCertStore,
}

impl Party {
    pub fn new() -> Self {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed([HOST.to_owned()]).expect("a certificate");
        let mut roots = RootCertStore::empty();
        roots.add(cert.der().clone()).expect("a root");
        let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
        let server = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions that it has")
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .expect("a certificate with its key");
        Self {
            server: Arc::new(server),
            roots,
        }
    }

    /// A client that goes through every handshake in full.
    pub fn client(&self, provider: Arc<CryptoProvider>) -> Arc<ClientConfig> {
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions that it has")
            .with_root_certificates(self.roots.clone())
            .with_no_client_auth();
        config.resumption = Resumption::disabled();
        Arc::new(config)
    }
}

/// A connection.
pub struct Pair {
    client: ClientConnection,
    server: ServerConnection,
    wire: Vec<u8>,
    text: Vec<u8>,
}

impl Pair {
    /// Connects, and says how long the client worked for it.
    pub fn connect(party: &Party, config: &Arc<ClientConfig>) -> (Self, Duration) {
        let mut server = ServerConnection::new(party.server.clone()).expect("a server");
        let mut wire = Vec::new();
        let started = Instant::now();
        let name = ServerName::try_from(HOST).expect("a name");
        let mut client = ClientConnection::new(config.clone(), name).expect("a client");
        let mut worked = started.elapsed();
        while client.is_handshaking() || server.is_handshaking() {
            let started = Instant::now();
            wire.clear();
            while client.wants_write() {
                client.write_tls(&mut wire).expect("memory takes all");
            }
            worked += started.elapsed();
            read_all(&wire, |bytes| server.read_tls(bytes));
            server.process_new_packets().expect("what a client says");
            wire.clear();
            while server.wants_write() {
                server.write_tls(&mut wire).expect("memory takes all");
            }
            let started = Instant::now();
            read_all(&wire, |bytes| client.read_tls(bytes));
            client.process_new_packets().expect("what a server says");
            worked += started.elapsed();
        }
        client.set_buffer_limit(None);
        server.set_buffer_limit(None);
        let text = Vec::new();
        let pair = Self {
            client,
            server,
            wire,
            text,
        };
        (pair, worked)
    }

    /// Sends, and says how long the client worked for it.
    pub fn send(&mut self, text: &[u8]) -> Duration {
        self.wire.clear();
        let started = Instant::now();
        self.client.writer().write_all(text).expect("no limit");
        while self.client.wants_write() {
            self.client
                .write_tls(&mut self.wire)
                .expect("memory takes all");
        }
        started.elapsed()
    }

    /// Receives, and says how long the client worked for it.
    pub fn receive(&mut self, text: &[u8]) -> Duration {
        self.wire.clear();
        self.server.writer().write_all(text).expect("no limit");
        while self.server.wants_write() {
            self.server
                .write_tls(&mut self.wire)
                .expect("memory takes all");
        }
        self.text.resize(text.len(), 0);
        let mut read = 0;
        let mut wire = &self.wire[..];
        let started = Instant::now();
        while read < text.len() {
            self.client.read_tls(&mut wire).expect("it has room");
            self.client.process_new_packets().expect("what was sent");
            // Fails if there is nothing yet.
            while let Ok(len) = self.client.reader().read(&mut self.text[read..])
                && len > 0
            {
                read += len;
            }
        }
        let took = started.elapsed();
        assert!(wire.is_empty(), "all of it was read");
        took
    }
}

fn read_all(mut wire: &[u8], mut read: impl FnMut(&mut &[u8]) -> std::io::Result<usize>) {
    while !wire.is_empty() {
        read(&mut wire).expect("it has room");
    }
}
