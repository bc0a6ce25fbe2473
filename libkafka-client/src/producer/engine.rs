//! `Engine`: the state that all threads using a producer share, and what one of them at a time
//! drives.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use super::core::Core;
use super::driver::Driver;

/// The state that all threads using a producer share, and what one of them at a time drives.
pub(super) struct Engine {
    pub(super) core: Core,
    driver: Mutex<Driver>,
}

impl Engine {
    pub(super) fn new(core: Core, driver: Driver) -> Self {
        let driver = Mutex::new(driver);
        Self { core, driver }
    }

    /// The driver, if no other thread drives or is about to [take it](Self::drive).
    pub(super) fn try_drive(&self) -> Option<MutexGuard<'_, Driver>> {
        if self.core.inbox.is_claimed() {
            return None;
        }
        match self.driver.try_lock() {
            Ok(driver) => Some(driver),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// The driver. If another thread drives, it leaves at once.
    pub(super) fn drive(&self) -> MutexGuard<'_, Driver> {
        self.core.inbox.claim();
        let driver = self.driver.lock().unwrap_or_else(PoisonError::into_inner);
        self.core.inbox.claim_no_more();
        driver
    }

    /// Drives the producer as far as possible without waiting, if no other thread does.
    pub(super) fn pump(&self) {
        while let Some(mut driver) = self.try_drive() {
            driver.run(&self.core);
            drop(driver);
            self.core.turn.pass();
            // Whoever came meanwhile relied on this thread.
            if self.core.inbox.is_empty() {
                break;
            }
        }
    }
}
