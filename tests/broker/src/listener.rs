//! [`Listener`]: the ways in which clients may connect.

use std::fmt;

/// A listener of every node: how a client connects to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Listener {
    /// Neither encrypted nor authenticated.
    Plaintext,
    /// TLS. Wants the feature `tls` and [`Builder::tls`](crate::Builder::tls).
    Ssl,
    /// SASL without encryption. Wants [`Builder::user`](crate::Builder::user).
    SaslPlaintext,
    /// SASL over TLS. Wants what both want.
    SaslSsl,
}

impl Listener {
    /// Kafka's name of it: a client's `security.protocol`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plaintext => "PLAINTEXT",
            Self::Ssl => "SSL",
            Self::SaslPlaintext => "SASL_PLAINTEXT",
            Self::SaslSsl => "SASL_SSL",
        }
    }

    /// Whether it speaks TLS.
    pub const fn is_tls(self) -> bool {
        matches!(self, Self::Ssl | Self::SaslSsl)
    }

    /// Whether a client must authenticate by SASL.
    pub const fn is_sasl(self) -> bool {
        matches!(self, Self::SaslPlaintext | Self::SaslSsl)
    }
}

/// Shows [`Listener::name`].
impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
