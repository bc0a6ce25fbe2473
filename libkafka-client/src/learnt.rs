//! `Learnt`: what was learnt about addresses.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::address::Address;

/// Addresses beyond these are learnt anew each time.
const MOST: usize = 1000;

/// What was learnt about addresses that has to be known before anything is asked there. Shared by
/// all clients of one configuration.
#[derive(Default)]
pub(crate) struct Learnt {
    api_versions: Mutex<HashMap<Address, i16>>,
}

impl Learnt {
    /// The version of ApiVersions that was answered at an address; beyond all that there are if
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
