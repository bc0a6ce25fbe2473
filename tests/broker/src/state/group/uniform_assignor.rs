//! The assignor `uniform`: even shares, in which members keep what they have as far as possible.

use super::partitions::Partitions;
use super::subscriber::{Subscriber, topics};
use super::uniform_heterogeneous::heterogeneous;

/// The targets of the members, as Kafka's `UniformAssignor` sets them.
pub(super) fn uniform(subscribers: &[Subscriber<'_>]) -> Vec<Partitions> {
    let mut order: Vec<usize> = (0..subscribers.len()).collect();
    order.sort_by_key(|index| subscribers[*index].id);
    let sorted: Vec<_> = order.iter().map(|i| subscribers[*i].clone()).collect();
    let targets = match sorted.split_first() {
        Some((first, rest)) if rest.iter().any(|s| s.topics != first.topics) => {
            heterogeneous(&sorted)
        }
        _ => homogeneous(&sorted),
    };
    let mut in_place = vec![Partitions::new(); subscribers.len()];
    for (index, target) in order.into_iter().zip(targets) {
        in_place[index] = target;
    }
    in_place
}

/// The targets of members that all subscribe to the same topics. If shares do not come out even,
/// the larger ones go to members that fill them with what they have, as far as there are any.
fn homogeneous(subscribers: &[Subscriber<'_>]) -> Vec<Partitions> {
    let mut free: Partitions = topics(subscribers)
        .into_iter()
        .flat_map(|(topic, n)| (0..n).map(move |partition| (topic, partition)))
        .collect();
    let members = subscribers.len();
    let (least, mut larger) = match members {
        0 => (0, 0),
        _ => (free.len() / members, free.len() % members),
    };
    let mut shares = Vec::new();
    for (place, subscriber) in subscribers.iter().enumerate() {
        let mut share = least + usize::from(larger > 0);
        let had = subscriber.target.iter().copied();
        let keeps: Partitions = had.filter(|p| free.contains(p)).take(share).collect();
        free.retain(|partition| !keeps.contains(partition));
        // Those after this one can take all of the larger shares.
        if keeps.len() < share && members - place > larger {
            share = least;
        }
        larger -= usize::from(share > least);
        shares.push((keeps, share));
    }
    let targets = shares.into_iter().map(|(mut target, share)| {
        while target.len() < share
            && let Some(partition) = free.pop_first()
        {
            target.insert(partition);
        }
        target
    });
    targets.collect()
}
