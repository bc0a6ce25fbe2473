//! The assignor `range`: gives each member consecutive partitions of each topic.

use super::partitions::Partitions;
use super::subscriber::{Subscriber, topics};

/// The targets of the members, as Kafka's `RangeAssignor` sets them.
pub(super) fn range(subscribers: &[Subscriber<'_>]) -> Vec<Partitions> {
    let mut order: Vec<usize> = (0..subscribers.len()).collect();
    // Static members come first, so that the others' ids, which are random, do not shift them.
    order.sort_by_key(|index| {
        let Subscriber {
            id, instance_id, ..
        } = subscribers[*index];
        (instance_id.is_none(), instance_id, id)
    });
    let mut targets = vec![Partitions::new(); subscribers.len()];
    for (topic, partitions) in topics(subscribers) {
        let readers = order
            .iter()
            .filter(|i| subscribers[**i].topics.contains_key(&topic));
        let readers: Vec<usize> = readers.copied().collect();
        let mut next = 0;
        for (place, reader) in (0..).zip(&readers) {
            let left = readers.len() as i32 - place;
            // The first get one more where it does not come out even.
            let share = (partitions - next + left - 1) / left;
            targets[*reader].extend((next..next + share).map(|p| (topic, p)));
            next += share;
        }
    }
    targets
}
