//! `uniform` for members that subscribe to different topics.

use std::collections::BTreeMap;

use libkafka_protocol::Uuid;

use super::balancer::Balancer;
use super::partitions::Partitions;
use super::subscriber::{Subscriber, topics};

/// How often Kafka goes through all topics to even out shares; after that it leaves them as they
/// are.
const ROUNDS: usize = 16;

/// The targets of the members, in the order of their ids, as Kafka's
/// `UniformHeterogeneousAssignmentBuilder` sets them: topic by topic, free partitions go to the
/// members with the fewest, and then members with the most give to those with the fewest while that
/// helps.
pub(super) fn heterogeneous(subscribers: &[Subscriber<'_>]) -> Vec<Partitions> {
    let mut shares = Shares::kept(subscribers);
    // Topics with many partitions for each reader come first.
    let mut order: Vec<Uuid> = shares.topics.keys().copied().collect();
    order.sort_by(|a, b| {
        let ratio = |t: &Topic| t.owners.len() as f64 / t.readers.len() as f64;
        let (a, b) = (&shares.topics[a], &shares.topics[b]);
        ratio(b)
            .total_cmp(&ratio(a))
            .then(a.readers.len().cmp(&b.readers.len()))
    });
    for topic in &order {
        shares.assign_free(topic);
    }
    order.retain(|topic| shares.topics[topic].readers.len() > 1);
    shares.even_out(&order);
    shares.into_targets(subscribers.len())
}

/// What each member has so far.
struct Shares {
    topics: BTreeMap<Uuid, Topic>,
    /// How many partitions each member has.
    sizes: Vec<usize>,
}

struct Topic {
    readers: Vec<usize>,
    /// The member that has each partition.
    owners: Vec<Option<usize>>,
}

impl Shares {
    /// Every member keeps what it still subscribes to.
    fn kept(subscribers: &[Subscriber<'_>]) -> Self {
        let topics = topics(subscribers).into_iter().map(|(id, partitions)| {
            let members = 0..subscribers.len();
            let topic = Topic {
                readers: members
                    .filter(|m| subscribers[*m].topics.contains_key(&id))
                    .collect(),
                owners: (0..partitions).map(|_| None).collect(),
            };
            (id, topic)
        });
        let mut shares = Shares {
            topics: topics.collect(),
            sizes: vec![0; subscribers.len()],
        };
        for (member, subscriber) in subscribers.iter().enumerate() {
            for (topic, partition) in subscriber.target {
                if subscriber.topics.contains_key(topic) {
                    shares.give(topic, *partition as usize, member);
                }
            }
        }
        shares
    }

    fn give(&mut self, topic: &Uuid, partition: usize, member: usize) {
        let topic = self.topics.get_mut(topic);
        if let Some(owner) = topic.and_then(|topic| topic.owners.get_mut(partition)) {
            if let Some(former) = owner.replace(member) {
                self.sizes[former] -= 1;
            }
            self.sizes[member] += 1;
        }
    }

    fn assign_free(&mut self, id: &Uuid) {
        let topic = &self.topics[id];
        let owners = topic.owners.iter().enumerate();
        let free: Vec<usize> = owners
            .filter(|(_, o)| o.is_none())
            .map(|(p, _)| p)
            .collect();
        let mut balancer = Balancer::new(&topic.readers, &self.sizes);
        for partition in free {
            let member = balancer.next_least(&self.sizes);
            self.give(id, partition, member);
        }
    }

    /// Goes through the topics until none of them was changed in a whole round.
    fn even_out(&mut self, order: &[Uuid]) {
        let mut last_changed = None;
        for _ in 0..ROUNDS {
            for (index, topic) in order.iter().enumerate() {
                if last_changed == Some(index) {
                    return;
                }
                if self.even_out_topic(topic) || last_changed.is_none() {
                    last_changed = Some(index);
                }
            }
        }
    }

    fn even_out_topic(&mut self, id: &Uuid) -> bool {
        let topic = &self.topics[id];
        let mut balancer = Balancer::new(&topic.readers, &self.sizes);
        if balancer.spread(&self.sizes) <= 1 {
            return false;
        }
        // What each member can give, the last partitions first.
        let mut stock: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (partition, owner) in topic.owners.iter().enumerate() {
            stock
                .entry(owner.unwrap_or_default())
                .or_default()
                .push(partition);
        }
        let mut changed = false;
        while let Some(giver) = balancer.next_most(&self.sizes) {
            let Some(partition) = stock.get_mut(&giver).and_then(Vec::pop) else {
                balancer.exclude_most();
                continue;
            };
            let taker = balancer.next_least(&self.sizes);
            if balancer.is_even() {
                break;
            }
            self.give(id, partition, taker);
            changed = true;
        }
        changed
    }

    fn into_targets(self, members: usize) -> Vec<Partitions> {
        let mut targets = vec![Partitions::new(); members];
        for (id, topic) in self.topics {
            for (partition, owner) in (0..).zip(topic.owners) {
                if let Some(owner) = owner {
                    targets[owner].insert((id, partition));
                }
            }
        }
        targets
    }
}
