//! Control of requests: how many there were, and how they fail.

use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use libkafka_protocol::{ApiKey, ErrorCode};

use super::fault_handle::FaultHandle;
use crate::broker::Broker;
use crate::fault::{ArmedFault, Entry};

/// Requests.
impl Broker {
    /// Makes requests fail from now on, until the handle is dropped.
    ///
    /// If there are several faults, each applies to the requests that match it, in the order in
    /// which they were injected.
    #[track_caller]
    pub fn inject(&self, fault: ArmedFault) -> FaultHandle {
        let entry = Arc::new(Entry::new(fault, Location::caller()));
        self.lock().faults.push(Arc::clone(&entry));
        FaultHandle::new(entry, self.shared())
    }

    /// The number of requests of an API that have reached all nodes, including those with a fault.
    pub fn requests(&self, api: ApiKey) -> usize {
        self.lock().requests.get(&api).copied().unwrap_or(0)
    }

    /// The errors in responses, including those of faults, and in how many responses of each API:
    /// it shows what happened to a client that retries silently.
    pub fn errors(&self) -> BTreeMap<(ApiKey, ErrorCode), usize> {
        self.lock().errors.clone()
    }

    /// Tells clients in every response to hold back for this long, and does not read from them for
    /// that time, like a broker that enforces a quota (KIP-219). Zero ends it.
    pub fn throttle(&self, time: Duration) {
        let mut state = self.lock();
        state.throttle = time;
        state.mark_changed();
    }
}
