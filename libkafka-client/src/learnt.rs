//! `Learnt`: what was learnt about addresses.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::address::Address;
use crate::broker::Broker;

/// The most addresses that are remembered; others are learnt again each time.
const MOST: usize = 1000;
/// The most failures that are remembered; beyond that, the oldest are forgotten.
const MOST_FAILURES: usize = 100;

/// What was learnt about addresses and must be known before anything is requested there. It is
/// shared by all clients of one configuration.
#[derive(Default)]
pub(crate) struct Learnt {
    api_versions: Mutex<HashMap<Address, i16>>,
    /// Addresses that failed and have not worked since, the most recent last.
    failed: Mutex<Vec<Address>>,
    reached: AtomicBool,
}

impl Learnt {
    /// The version of ApiVersions to which an address answered; a version above all that exist if
    /// nothing was learnt.
    pub(crate) fn api_versions(&self, address: &Address) -> i16 {
        let known = self.lock().get(address).copied();
        known.unwrap_or(i16::MAX)
    }

    /// Notes which version was answered after others were not.
    pub(crate) fn set_api_versions(&self, address: &Address, version: i16) {
        let mut known = self.lock();
        if known.len() < MOST || known.contains_key(address) {
            known.insert(address.clone(), version);
        }
    }

    /// Forgets what was learnt about an address.
    pub(crate) fn forget(&self, address: &Address) {
        self.lock().remove(address);
    }

    /// Notes that an address failed.
    pub(crate) fn failed(&self, address: &Address) {
        let mut failed = self.failures();
        failed.retain(|other| other != address);
        if failed.len() == MOST_FAILURES {
            failed.remove(0);
        }
        failed.push(address.clone());
    }

    /// Notes that an address answered.
    pub(crate) fn succeeded(&self, address: &Address) {
        self.failures().retain(|other| other != address);
    }

    /// Notes that the cluster answered a request.
    pub(crate) fn set_reached(&self) {
        // Each exchange says so; what all threads share is written once.
        if !self.is_reached() {
            self.reached.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the cluster ever answered a request.
    pub(crate) fn is_reached(&self) -> bool {
        self.reached.load(Ordering::Relaxed)
    }

    /// Moves what failed behind what did not, with the most recent failure at the end.
    pub(crate) fn order(&self, brokers: &mut [Arc<Broker>]) {
        let failed = self.failures();
        let failure = |broker: &Arc<Broker>| failed.iter().position(|a| *a == broker.address);
        brokers.sort_by_cached_key(failure);
    }

    fn failures(&self) -> std::sync::MutexGuard<'_, Vec<Address>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Address, i16>> {
        let locked = self.api_versions.lock();
        locked.unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Learnt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lock().fmt(f)
    }
}
