//! What a test does to a running broker.

use std::time::Duration;

use crate::Broker;
use crate::shared::Locked;
use crate::state::Partition;

/// Time.
impl Broker {
    /// Moves the broker's clock on: whatever is due by then happens now.
    ///
    /// Timestamps, session timeouts and transaction timeouts go by this clock, and so does what
    /// a client asked to wait for.
    pub fn advance_clock(&self, by: Duration) {
        let mut state = self.lock();
        state.clock.advance(by);
        state.touch();
    }

    /// Holds the clock: from now on it only moves by [`advance_clock`](Self::advance_clock), so
    /// that no timeout strikes on a slow machine. What a client asked to wait for, such as a
    /// fetch for more bytes, still ends in its own time.
    pub fn freeze_clock(&self) {
        self.lock().clock.freeze();
    }
}

/// Logs.
impl Broker {
    /// Deletes what lies before `offset` in a partition, as retention would: the log starts there.
    ///
    /// # Panics
    /// If there is no such partition.
    #[track_caller]
    pub fn delete_before(&self, topic: &str, partition: i32, offset: i64) {
        let mut state = self.lock();
        found(&mut state, topic, partition)
            .log
            .delete_before(offset);
        state.touch();
    }

    /// Takes off every batch of a partition that reaches `offset`, as an unclean election of a
    /// leader would.
    ///
    /// # Panics
    /// If there is no such partition.
    #[track_caller]
    pub fn truncate(&self, topic: &str, partition: i32, offset: i64) {
        let mut state = self.lock();
        found(&mut state, topic, partition).log.truncate(offset);
        state.touch();
    }

    /// Sets the high watermark of a partition back to `offset` and holds it there: consumers see
    /// nothing from there on, and producers that want all acknowledgements wait.
    ///
    /// # Panics
    /// If there is no such partition.
    #[track_caller]
    pub fn hold_high_watermark(&self, topic: &str, partition: i32, offset: i64) {
        let mut state = self.lock();
        found(&mut state, topic, partition).held_high_watermark = Some(offset);
        state.touch();
    }

    /// Lets the high watermark of a partition follow the end of the log again.
    ///
    /// # Panics
    /// If there is no such partition.
    #[track_caller]
    pub fn release_high_watermark(&self, topic: &str, partition: i32) {
        let mut state = self.lock();
        found(&mut state, topic, partition).held_high_watermark = None;
        state.touch();
    }
}

#[track_caller]
fn found<'a>(state: &'a mut Locked<'_>, topic: &str, partition: i32) -> &'a mut Partition {
    match state.partition_mut(topic, partition) {
        Some(partition) => partition,
        None => panic!("there is no partition {partition} of topic {topic}"),
    }
}
