//! `FetchBudget`: limits the memory of fetched records.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;

/// Limits the memory of records that were fetched and are still held, over all lanes that share the
/// budget.
///
/// A lane sends its next request once the budget has room for the largest answer that the request
/// can bring. Room becomes free when the last slice of an answer's records is dropped: keeping one
/// record keeps the whole response. A lane always gets room if nothing else holds any, so a budget
/// that is too small slows reading down but does not stop it. A batch larger than a lane's
/// [`max_response_bytes`](crate::FetchLaneOptions::max_response_bytes) exceeds the budget, as it
/// could not be read otherwise.
///
/// Clones share the budget.
#[derive(Debug, Clone)]
pub struct FetchBudget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    limit: usize,
    used: AtomicUsize,
}

impl FetchBudget {
    /// A budget of this many bytes.
    pub fn new(bytes: usize) -> Self {
        Self(Arc::new(Shared {
            limit: bytes,
            used: AtomicUsize::new(0),
        }))
    }

    /// The size of the budget, in bytes.
    pub fn limit(&self) -> usize {
        self.0.limit
    }

    /// The bytes that are held, or reserved for answers on their way.
    pub fn used(&self) -> usize {
        self.0.used.load(Ordering::Acquire)
    }

    /// Reserves bytes, if there is room for them.
    pub(crate) fn reserve(&self, bytes: usize) -> Option<Reservation> {
        let room = |used: usize| {
            let sum = used.saturating_add(bytes);
            (used == 0 || sum <= self.0.limit).then_some(sum)
        };
        let used = &self.0.used;
        used.fetch_update(Ordering::AcqRel, Ordering::Acquire, room)
            .ok()?;
        Some(Reservation {
            budget: self.clone(),
            bytes,
        })
    }

    /// Whether [`reserve`](Self::reserve) would find room now.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        let used = self.used();
        used == 0 || used.saturating_add(bytes) <= self.0.limit
    }
}

/// Bytes of a budget that are reserved until this is dropped.
#[derive(Debug)]
pub(crate) struct Reservation {
    budget: FetchBudget,
    bytes: usize,
}

impl Reservation {
    /// Changes the number of reserved bytes to what an answer really takes.
    pub(crate) fn resize(&mut self, bytes: usize) {
        let used = &self.budget.0.used;
        if bytes > self.bytes {
            used.fetch_add(bytes - self.bytes, Ordering::AcqRel);
        } else {
            used.fetch_sub(self.bytes - bytes, Ordering::AcqRel);
        }
        self.bytes = bytes;
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.0.used.fetch_sub(self.bytes, Ordering::AcqRel);
    }
}

/// Records that keep their part of a budget until they are dropped.
pub(crate) fn hold(records: Bytes, reservation: &Arc<Reservation>) -> Bytes {
    Bytes::from_owner(Held {
        records,
        _reservation: Arc::clone(reservation),
    })
}

struct Held {
    records: Bytes,
    _reservation: Arc<Reservation>,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.records
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_comes_back_when_the_last_slice_is_dropped() {
        let budget = FetchBudget::new(100);
        let mut reservation = budget.reserve(80).unwrap();
        assert!(budget.reserve(30).is_none() && !budget.has_room(30));
        reservation.resize(60);
        assert!(budget.has_room(30));
        let reservation = Arc::new(reservation);
        let records = [
            hold(Bytes::from_static(b"abc"), &reservation),
            hold(Bytes::from_static(b"def"), &reservation),
        ];
        drop(reservation);
        assert_eq!(records[0], b"abc"[..]);
        assert_eq!(budget.used(), 60);
        let [first, second] = records;
        let slice = second.slice(1..2);
        drop((first, second));
        assert_eq!(budget.used(), 60);
        drop(slice);
        assert_eq!(budget.used(), 0);
    }

    #[test]
    fn more_than_there_is_has_room_only_alone() {
        let budget = FetchBudget::new(100);
        let large = budget.reserve(1000).unwrap();
        assert!(budget.reserve(1).is_none());
        drop(large);
        let _small = budget.reserve(1).unwrap();
        assert!(budget.reserve(1000).is_none());
    }
}
