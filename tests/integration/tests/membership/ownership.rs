//! `Ownership`: who takes himself to own what.

use std::collections::BTreeMap;

use libkafka_client::TopicPartition;
use libkafka_client::membership::Claim;

/// Who takes himself to own what. A partition has two owners only if the former one cannot know
/// yet that it has lost it: one that is stopped or dead.
#[derive(Default)]
pub(crate) struct Ownership {
    owners: BTreeMap<TopicPartition, Vec<(usize, Claim)>>,
}

impl Ownership {
    /// A member hears that it owns a partition. `is_excused` says which members cannot know better.
    #[track_caller]
    pub(crate) fn assigned(
        &mut self,
        member: usize,
        claim: &Claim,
        is_excused: impl Fn(usize) -> bool,
    ) {
        let owners = self.owners.entry(claim.partition().clone()).or_default();
        owners.retain(|(_, claim)| !claim.is_ended());
        for (other, former) in owners.iter() {
            assert!(
                is_excused(*other),
                "{claim:?} of {member} while {other} has {former:?}",
            );
        }
        owners.push((member, claim.clone()));
    }

    /// A member is dead: what it owned does not count.
    pub(crate) fn forget(&mut self, member: usize) {
        for owners in self.owners.values_mut() {
            owners.retain(|(other, _)| *other != member);
        }
    }

    /// Everybody who can has looked at the clock, so nobody else takes himself for an owner of what
    /// has another by now.
    #[track_caller]
    pub(crate) fn are_sole(&self, is_excused: impl Fn(usize) -> bool) {
        for (partition, owners) in &self.owners {
            let owners = owners.iter().filter(|(_, claim)| !claim.is_ended());
            let owners: Vec<_> = owners.filter(|(owner, _)| !is_excused(*owner)).collect();
            assert!(owners.len() <= 1, "{partition}: {owners:?}");
        }
    }

    /// How many own each partition.
    pub(crate) fn counts(&self) -> BTreeMap<TopicPartition, usize> {
        let counts = self.owners.iter().map(|(partition, owners)| {
            let owners = owners.iter().filter(|(_, claim)| !claim.is_ended());
            (partition.clone(), owners.count())
        });
        counts.filter(|(_, count)| *count > 0).collect()
    }
}
