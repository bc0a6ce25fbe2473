//! `LanePartition`: where a lane is with one of its partitions.

use libkafka_protocol::Uuid;

use super::position::FetchPosition;
use super::request::FetchCursor;

/// A partition of a lane: where to fetch it from, and whether that has been requested.
#[derive(Debug)]
pub(super) struct LanePartition {
    pub(super) position: FetchPosition,
    pub(super) leader_epoch: Option<i32>,
    pub(super) topic_id: Option<Uuid>,
    pub(super) paused: bool,
    /// Whether something was returned since the position was set.
    pub(super) handed_out: bool,
    /// The last result that was returned since the position was set; 0 for none.
    pub(super) delivery: u64,
    /// Whether the request in flight is for this position, and has not been answered.
    pub(super) asked: bool,
}

impl LanePartition {
    pub(super) fn is_wanted(&self) -> bool {
        !self.paused && !self.handed_out
    }

    pub(super) fn seek(&mut self, position: FetchPosition) {
        self.position = position;
        self.handed_out = false;
        self.delivery = 0;
        self.asked = false;
    }

    /// The cursor for the next request, if it is for this partition too.
    pub(super) fn ask(&mut self, max_bytes: i32, version: i16) -> Option<FetchCursor> {
        self.asked = self.is_wanted();
        self.asked.then(|| self.cursor(max_bytes, version))
    }

    pub(super) fn cursor(&self, max_bytes: i32, version: i16) -> FetchCursor {
        let Self {
            position,
            topic_id,
            leader_epoch,
            ..
        } = *self;
        FetchCursor::new(position, topic_id, leader_epoch, max_bytes, version)
    }
}

/// The number of partitions that are wanted, and of those among them whose topic has no known id.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) wanted: usize,
    pub(super) without_id: usize,
}

impl Counts {
    pub(super) fn add(&mut self, entry: &LanePartition) {
        self.wanted += usize::from(entry.is_wanted());
        self.without_id += usize::from(entry.is_wanted() && entry.topic_id.is_none());
    }

    pub(super) fn remove(&mut self, entry: &LanePartition) {
        self.wanted -= usize::from(entry.is_wanted());
        self.without_id -= usize::from(entry.is_wanted() && entry.topic_id.is_none());
    }
}
