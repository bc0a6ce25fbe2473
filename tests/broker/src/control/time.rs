//! Control of the broker's clock.

use std::time::Duration;

use crate::broker::Broker;

/// Time.
impl Broker {
    /// Moves the broker's clock forward: everything that is due by then happens now.
    ///
    /// Timestamps, session timeouts and transaction timeouts depend on this clock, and so does what
    /// a client asked to wait for.
    pub fn advance_clock(&self, by: Duration) {
        let mut state = self.lock();
        state.clock.advance(by);
        state.expire();
        state.mark_changed();
    }

    /// Stops the clock: from now on only [`advance_clock`](Self::advance_clock) moves it, so that
    /// no timeout occurs on a slow machine. What a client asked to wait for, such as a fetch for
    /// more bytes, still ends in its own time.
    pub fn freeze_clock(&self) {
        self.lock().clock.freeze();
    }
}
