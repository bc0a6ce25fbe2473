//! [`Listener`]: how clients may connect.

use std::fmt;

/// A listener of every node: how clients connect to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Listener {
    /// Neither encrypted nor authenticated.
    Plaintext,
    /// TLS. Needs the feature `tls` and [`Builder::tls`](crate::Builder::tls).
    Ssl,
    /// SASL without encryption. Needs [`Builder::user`](crate::Builder::user).
    SaslPlaintext,
    /// SASL over TLS. Needs what both need.
    SaslSsl,
}

impl Listener {
    /// Kafka's name for it: a client's `security.protocol`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plaintext => "PLAINTEXT",
            Self::Ssl => "SSL",
            Self::SaslPlaintext => "SASL_PLAINTEXT",
            Self::SaslSsl => "SASL_SSL",
        }
    }

    /// Whether it uses TLS.
    pub const fn is_tls(self) -> bool {
        matches!(self, Self::Ssl | Self::SaslSsl)
    }

    /// Whether a client must authenticate with SASL.
    pub const fn is_sasl(self) -> bool {
        matches!(self, Self::SaslPlaintext | Self::SaslSsl)
    }
}

/// Displays [`Listener::name`].
impl fmt::Display for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
