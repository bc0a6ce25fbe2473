//! `Place` and `Phase`: where an error happened.

use std::fmt;
use std::sync::Arc;

use libkafka_protocol::ApiKey;

use crate::broker::Broker;

/// What the client was doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Finding the addresses of a host.
    Resolve,
    /// Connecting.
    Connect,
    /// Shaking hands for TLS.
    Tls,
    /// Learning the broker's versions, by ApiVersions.
    Negotiate,
    /// Authenticating, by SASL.
    Authenticate,
    /// Making and writing a request.
    Write,
    /// Waiting for a response and reading it.
    Read,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Resolve => "resolve",
            Self::Connect => "connect",
            Self::Tls => "TLS handshake",
            Self::Negotiate => "version negotiation",
            Self::Authenticate => "authentication",
            Self::Write => "write",
            Self::Read => "read",
        })
    }
}

/// Where an error happened.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Place {
    /// What the client was doing.
    pub phase: Phase,
    /// The broker that it was dealing with.
    pub broker: Arc<Broker>,
    /// The API that the call was for, and the version if it was decided by then.
    pub api: Option<(ApiKey, Option<i16>)>,
    /// Bytes of the request that were written.
    pub written: usize,
    /// Whether the cluster had answered a request of a client with this configuration before, or
    /// let it in by SASL. If not, the address or the security settings may be wrong.
    pub reached_before: bool,
}

impl Place {
    /// On the way to a call of `api`, of whose request nothing has been written.
    pub(crate) fn before(api: ApiKey, phase: Phase, broker: &Arc<Broker>) -> Self {
        Self {
            phase,
            broker: Arc::clone(broker),
            api: Some((api, None)),
            written: 0,
            reached_before: true,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { phase, broker, .. } = self;
        match self.api {
            Some((api, Some(version))) => write!(f, "{phase} of {api} v{version} with {broker}"),
            Some((api, None)) => write!(f, "{phase} for {api} with {broker}"),
            None => write!(f, "{phase} with {broker}"),
        }
    }
}
