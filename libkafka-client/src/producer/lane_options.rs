//! `ProduceLaneOptions`: how a produce lane packs and sends requests.

use super::options::Acks;

/// How a [`ProduceLane`](crate::ProduceLane) packs and sends requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct ProduceLaneOptions {
    pub(crate) acks: Acks,
    pub(crate) max_request_bytes: usize,
    pub(crate) max_in_flight: usize,
}

impl Default for ProduceLaneOptions {
    fn default() -> Self {
        Self {
            acks: Acks::default(),
            max_request_bytes: 1024 * 1024,
            max_in_flight: 5,
        }
    }
}

impl ProduceLaneOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets when the broker answers. Default: [`Acks::All`].
    pub fn acks(mut self, acks: Acks) -> Self {
        self.acks = acks;
        self
    }

    /// Sets the maximum size of the batches in a request, in bytes. A single batch that is larger
    /// has a request of its own. Default: 1 MiB.
    pub fn max_request_bytes(mut self, bytes: usize) -> Self {
        self.max_request_bytes = bytes;
        self
    }

    /// Sets the maximum number of requests in flight, from 1 to
    /// [`Config::max_in_flight`](crate::Config::max_in_flight), which limits it. Default: 5.
    pub fn max_in_flight(mut self, requests: usize) -> Self {
        self.max_in_flight = requests.max(1);
        self
    }
}
