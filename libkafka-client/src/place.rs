//! `Place` and `Phase`: where an error happened.

use std::fmt;
use std::sync::Arc;

use libkafka_protocol::ApiKey;

use crate::broker::Broker;

/// What the client was doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Resolving the addresses of a host.
    Resolve,
    /// Connecting.
    Connect,
    /// The TLS handshake.
    Tls,
    /// Learning the broker's versions with ApiVersions.
    Negotiate,
    /// Authenticating with SASL.
    Authenticate,
    /// Encoding and writing a request.
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
    /// The broker that it was communicating with.
    pub broker: Arc<Broker>,
    /// The API of the call, and the version if it had been chosen.
    pub api: Option<(ApiKey, Option<i16>)>,
    /// Bytes of the request that were written.
    pub written: usize,
    /// Whether the cluster had answered a request before, from any client with this configuration,
    /// or accepted its SASL credentials. If not, the address or the security settings may be wrong.
    pub reached_before: bool,
}

impl Place {
    /// The place for an error before anything of a request of `api` has been written.
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
