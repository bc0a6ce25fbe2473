//! The listeners of a broker.

use std::fmt;

/// A listener of a broker: how a client connects to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Listener {
    /// Neither encrypted nor authenticated. Always there; brokers use it among themselves.
    Plaintext,
    /// TLS; the client stays anonymous.
    Ssl,
    /// TLS that demands a client certificate.
    Mtls,
    /// SASL without encryption.
    SaslPlaintext,
    /// SASL over TLS.
    SaslSsl,
}

impl Listener {
    /// All of them.
    pub const ALL: [Listener; 5] = [
        Listener::Plaintext,
        Listener::Ssl,
        Listener::Mtls,
        Listener::SaslPlaintext,
        Listener::SaslSsl,
    ];

    /// The listener's name in the broker's configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Listener::Plaintext => "PLAINTEXT",
            Listener::Ssl => "SSL",
            Listener::Mtls => "MTLS",
            Listener::SaslPlaintext => "SASL_PLAINTEXT",
            Listener::SaslSsl => "SASL_SSL",
        }
    }

    /// Kafka's name of the protocol that it speaks: a client's `security.protocol`.
    pub const fn security_protocol(self) -> &'static str {
        match self {
            Listener::Mtls => "SSL",
            other => other.name(),
        }
    }

    /// Whether it speaks TLS.
    pub const fn is_tls(self) -> bool {
        matches!(self, Listener::Ssl | Listener::Mtls | Listener::SaslSsl)
    }

    /// Whether a client must authenticate by SASL.
    pub const fn is_sasl(self) -> bool {
        matches!(self, Listener::SaslPlaintext | Listener::SaslSsl)
    }

    /// Where its port is among those of its broker.
    pub(crate) fn port_offset(self) -> u16 {
        self as u16
    }
}

/// Shows [`Listener::name`].
impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
