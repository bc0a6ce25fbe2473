//! `Timings`: time spent in each phase of an exchange.

use std::time::Duration;

/// Time spent in each phase. The phases of opening a connection count to the exchange that
/// needed it and are zero in those after it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings {
    /// Finding the addresses of a name.
    pub resolve: Duration,
    /// Connecting.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// Learning the broker's versions (ApiVersions).
    pub negotiate: Duration,
    /// SASL.
    pub authenticate: Duration,
    /// Writing the request.
    pub write: Duration,
    /// From the last byte written to the last byte read: network, broker and waiting. In a
    /// pipeline, the wait for the responses before it is part of it.
    pub read: Duration,
}
