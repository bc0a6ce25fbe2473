//! `Claims`: which member owned each partition before the rebalance.

use super::layout::Layout;

/// The partitions that the members of a group say they own.
///
/// Several members can claim one partition: a member that missed a rebalance returns with what it
/// owned long ago. The claim of the latest generation counts; if two members claim a partition in
/// that generation, neither claim counts (KIP-792).
pub(super) struct Claims(Vec<Claim>);

#[derive(Clone, Copy, Default)]
struct Claim {
    /// The number of members that claim the partition.
    claimants: usize,
    /// The latest generation among their claims.
    generation: Option<i32>,
    /// The member that claims it in that generation, if no other does.
    latest: Option<usize>,
    /// The last member that claimed it, to recognise a member's second claim.
    last: Option<usize>,
}

impl Claims {
    /// No claims yet.
    pub(super) fn none(layout: &Layout<'_, '_>) -> Self {
        Claims(vec![Claim::default(); layout.racks.len()])
    }

    /// Adds what a member owned in a generation. Partitions that do not exist are ignored.
    pub(super) fn add<'a>(
        &mut self,
        layout: &Layout<'_, '_>,
        member: usize,
        owned: impl IntoIterator<Item = (&'a str, i32)>,
        generation: Option<i32>,
    ) {
        let mut known = ("", None);
        for (name, number) in owned {
            // Partitions of a topic come in a row.
            if known.0 != name {
                known = (name, layout.topic(name));
            }
            let partition = known.1.and_then(|topic| layout.partition(topic, number));
            if let Some(partition) = partition {
                self.0[partition].add(member, generation);
            }
        }
    }

    /// The member that owns each partition and still subscribes to its topic.
    pub(super) fn owners(&self, layout: &Layout<'_, '_>) -> Vec<Option<usize>> {
        let mut owners: Vec<_> = self.0.iter().map(|claim| claim.latest).collect();
        for (topic, name) in layout.topics.iter().enumerate() {
            for owner in &mut owners[layout.first[topic]..layout.first[topic + 1]] {
                *owner = owner.filter(|m| layout.members[*m].1.topics.contains(name));
            }
        }
        owners
    }

    /// Whether a partition can be given to a member only after others have given it up.
    pub(super) fn is_held_against(&self, partition: usize, member: usize) -> bool {
        let claim = &self.0[partition];
        claim.claimants > 0 && claim.latest != Some(member)
    }
}

impl Claim {
    fn add(&mut self, member: usize, generation: Option<i32>) {
        if self.last == Some(member) {
            return;
        }
        self.last = Some(member);
        self.claimants += 1;
        if self.claimants == 1 || generation > self.generation {
            self.generation = generation;
            self.latest = Some(member);
        } else if generation == self.generation {
            self.latest = None;
        }
    }
}
