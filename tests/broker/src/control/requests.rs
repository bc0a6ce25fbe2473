//! Requests: how many there were, and what becomes of them.

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
    /// Of several faults, each strikes the requests that it is about, in the order in which they
    /// were injected.
    #[track_caller]
    pub fn inject(&self, fault: ArmedFault) -> FaultHandle {
        let entry = Arc::new(Entry::new(fault, Location::caller()));
        self.lock().faults.push(Arc::clone(&entry));
        FaultHandle::new(entry, self.shared())
    }

    /// How many requests of an API have come to all nodes, those that met with a fault among
    /// them.
    pub fn requests(&self, api: ApiKey) -> usize {
        self.lock().requests.get(&api).copied().unwrap_or(0)
    }

    /// The errors that were in responses, those of faults among them, and in how many responses
    /// of the API each: what a client has met that says nothing and tries again.
    pub fn errors(&self) -> BTreeMap<(ApiKey, ErrorCode), usize> {
        self.lock().errors.clone()
    }

    /// Tells clients in every response to hold back for this long, and does not listen to them
    /// for that time, as a broker that enforces a quota (KIP-219). Zero ends it.
    pub fn throttle(&self, time: Duration) {
        let mut state = self.lock();
        state.throttle = time;
        state.mark_changed();
    }
}
