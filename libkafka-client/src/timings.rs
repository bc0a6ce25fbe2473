//! `Timings`: time spent in each phase of an exchange.

use std::time::Duration;

/// The time spent in each phase of an exchange. The phases of opening a connection count towards
/// the exchange that needed it, and are zero in later ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings {
    /// Resolving the addresses of a name.
    pub resolve: Duration,
    /// Connecting.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// Learning the broker's versions (ApiVersions).
    pub negotiate: Duration,
    /// SASL.
    pub authenticate: Duration,
    /// Building and writing the request.
    pub write: Duration,
    /// From the last byte written to the last byte read: network, broker and waiting. In a
    /// pipeline, it includes waiting for earlier responses.
    pub read: Duration,
}
