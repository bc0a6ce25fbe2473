//! `Unanswered`: requests that ask for no response.

use crate::exchange::Exchange;
use crate::place::{Phase, Place};

/// Requests without a response. Only the end of the connection can show that they were refused.
pub(super) struct Unanswered {
    /// The correlation id of the first one.
    first: i32,
    pub(super) last: Exchange,
}

impl Unanswered {
    /// Adds another request, which has been written.
    pub(super) fn and(before: Option<&Self>, exchange: &Exchange) -> Self {
        Self {
            first: before.map_or(exchange.correlation_id, |before| before.first),
            last: exchange.clone(),
        }
    }

    /// Whether one of them has this correlation id. Ids wrap around.
    pub(super) fn contains(&self, id: i32) -> bool {
        let place = |id: i32| id.wrapping_sub(self.first) as u32;
        place(id) <= place(self.last.correlation_id)
    }

    /// The place of an error of the last one.
    pub(super) fn place(&self) -> Box<Place> {
        Box::new(self.last.at(Phase::Read))
    }
}
