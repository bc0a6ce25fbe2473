//! Control of a partition's log.

use bytes::Bytes;

use super::check::partition_of;
use crate::broker::Broker;

/// Logs.
impl Broker {
    /// The batches of a partition as they are stored: as they were sent, with their offsets and
    /// leader epochs set.
    ///
    /// # Panics
    /// If there is no such partition.
    #[track_caller]
    pub fn batches(&self, topic: &str, partition: i32) -> Vec<Bytes> {
        let mut state = self.lock();
        let partition = partition_of(&mut state, topic, partition);
        partition
            .log
            .batches()
            .map(|batch| batch.bytes.clone())
            .collect()
    }

    /// The first offset of a partition's log, and the one after its last.
    ///
    /// # Panics
    /// If there is no such partition.
    #[track_caller]
    pub fn offsets(&self, topic: &str, partition: i32) -> std::ops::Range<i64> {
        let mut state = self.lock();
        let log = &partition_of(&mut state, topic, partition).log;
        log.start_offset()..log.end_offset()
    }

    /// Deletes everything before `offset` in a partition, as retention would: the log then starts
    /// there.
    ///
    /// # Panics
    /// If there is no such partition.
    #[track_caller]
    pub fn delete_before(&self, topic: &str, partition: i32, offset: i64) {
        let mut state = self.lock();
        partition_of(&mut state, topic, partition).delete_before(offset);
        state.mark_changed();
    }

    /// Removes every batch of a partition that reaches `offset`, as an unclean leader election
    /// would.
    ///
    /// # Panics
    /// If there is no such partition.
    #[track_caller]
    pub fn truncate(&self, topic: &str, partition: i32, offset: i64) {
        let mut state = self.lock();
        partition_of(&mut state, topic, partition).truncate(offset);
        state.mark_changed();
    }

    /// Sets the high watermark of a partition back to `offset` and holds it there: consumers see
    /// nothing from there on, and producers that want all acknowledgements wait.
    ///
    /// # Panics
    /// If there is no such partition.
    #[track_caller]
    pub fn hold_high_watermark(&self, topic: &str, partition: i32, offset: i64) {
        let mut state = self.lock();
        partition_of(&mut state, topic, partition).held_high_watermark = Some(offset);
        state.mark_changed();
    }

    /// Lets the high watermark of a partition follow the end of the log again.
    ///
    /// # Panics
    /// If there is no such partition.
    #[track_caller]
    pub fn release_high_watermark(&self, topic: &str, partition: i32) {
        let mut state = self.lock();
        partition_of(&mut state, topic, partition).held_high_watermark = None;
        state.mark_changed();
    }
}
