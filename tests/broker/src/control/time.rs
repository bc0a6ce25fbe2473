//! The broker's clock.

use std::time::Duration;

use crate::broker::Broker;

/// Time.
impl Broker {
    /// Moves the broker's clock on: whatever is due by then happens now.
    ///
    /// Timestamps, session timeouts and transaction timeouts go by this clock, and so does what
    /// a client asked to wait for.
    pub fn advance_clock(&self, by: Duration) {
        let mut state = self.lock();
        state.clock.advance(by);
        state.expire();
        state.mark_changed();
    }

    /// Holds the clock: from now on it only moves by [`advance_clock`](Self::advance_clock), so
    /// that no timeout strikes on a slow machine. What a client asked to wait for, such as a
    /// fetch for more bytes, still ends in its own time.
    pub fn freeze_clock(&self) {
        self.lock().clock.freeze();
    }
}
