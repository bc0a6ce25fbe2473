//! `Group`: a group that owns its strings, and what is to be said of an assignment.

use std::collections::{BTreeMap, BTreeSet};

use libkafka_client::assignor::{Assignor, GroupSubscription, Subscription};
use libkafka_client::protocol::Bytes;

pub(crate) type Partition = (String, i32);

/// The partitions of each member, sorted.
pub(crate) type Assignment = BTreeMap<String, Vec<Partition>>;

#[derive(Debug, Clone, Default)]
pub(crate) struct Group {
    /// The racks of each partition's replicas.
    pub(crate) topics: BTreeMap<String, Vec<Vec<String>>>,
    pub(crate) members: BTreeMap<String, Member>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Member {
    pub(crate) topics: BTreeSet<String>,
    pub(crate) owned: Vec<Partition>,
    pub(crate) generation: Option<i32>,
    pub(crate) rack: Option<String>,
    pub(crate) instance: Option<String>,
    pub(crate) user_data: Option<Bytes>,
}

impl Member {
    pub(crate) fn owned(&self) -> Vec<(&str, i32)> {
        self.owned.iter().map(|(t, p)| (t.as_str(), *p)).collect()
    }
}

impl Group {
    pub(crate) fn subscription(&self) -> GroupSubscription<'_> {
        let topics = self.topics.iter().map(|(name, partitions)| {
            let partitions = partitions.iter();
            let racks = partitions.map(|racks| racks.iter().map(String::as_str).collect());
            (name.as_str(), racks.collect())
        });
        let members = self.members.iter().map(|(id, member)| {
            let mut subscription = Subscription::to(member.topics.iter().map(String::as_str));
            subscription.user_data = member.user_data.as_deref();
            subscription.owned_partitions = member.owned();
            subscription.generation = member.generation;
            subscription.rack = member.rack.as_deref();
            subscription.instance_id = member.instance.as_deref();
            (id.as_str(), subscription)
        });
        GroupSubscription {
            topics: topics.collect(),
            members: members.collect(),
        }
    }

    /// The assignment by an assignor, each member having sent the user data that goes with it.
    pub(crate) fn assign(&mut self, assignor: &dyn Assignor) -> Assignment {
        for member in self.members.values_mut() {
            member.user_data = assignor.user_data(&member.owned(), member.generation);
        }
        let assignment = assignor.assign(&self.subscription());
        let members = assignment.into_iter().map(|(member, partitions)| {
            let partitions = partitions.into_iter().map(|(t, p)| (t.to_owned(), p));
            let mut partitions: Vec<Partition> = partitions.collect();
            partitions.sort_unstable();
            (member.to_owned(), partitions)
        });
        members.collect()
    }

    /// The group after its members have done as they were told, in the next generation.
    pub(crate) fn after(&self, assignment: &Assignment) -> Group {
        let mut group = self.clone();
        let next = self.members.values().filter_map(|m| m.generation).max();
        for (id, member) in &mut group.members {
            member.owned = assignment[id].clone();
            member.generation = Some(next.unwrap_or(0) + 1);
        }
        group
    }

    /// The partitions that exist, of topics that somebody subscribes to.
    pub(crate) fn partitions(&self) -> BTreeSet<Partition> {
        let subscribed: BTreeSet<&String> = self.members.values().flat_map(|m| &m.topics).collect();
        let topics = self.topics.iter().filter(|(t, _)| subscribed.contains(t));
        let partitions = topics.flat_map(|(topic, partitions)| {
            (0..partitions.len() as i32).map(move |partition| (topic.clone(), partition))
        });
        partitions.collect()
    }

    /// The members that claim each partition, with the generation of the claim.
    fn claims(&self) -> BTreeMap<&Partition, BTreeSet<(Option<i32>, &str)>> {
        let mut claims: BTreeMap<&Partition, BTreeSet<_>> = BTreeMap::new();
        for (id, member) in &self.members {
            for partition in &member.owned {
                let claimants = claims.entry(partition).or_default();
                claimants.insert((member.generation, id.as_str()));
            }
        }
        claims
    }

    /// The one member that owns each partition by the latest claim.
    pub(crate) fn owners(&self) -> BTreeMap<&Partition, &str> {
        let mut owners = BTreeMap::new();
        for (partition, claims) in self.claims() {
            let latest = claims.last().unwrap().0;
            let mut latest = claims.iter().filter(|claim| claim.0 == latest);
            if let (Some((_, owner)), None) = (latest.next(), latest.next()) {
                owners.insert(partition, *owner);
            }
        }
        owners
    }

    /// How many partitions are taken from an owner that is still there and wants them.
    pub(crate) fn moved(&self, assignment: &Assignment) -> usize {
        let all = self.partitions();
        let owners = self.owners().into_iter();
        let moved = owners.filter(|(partition, owner)| {
            all.contains(partition)
                && self.members[*owner].topics.contains(&partition.0)
                && !assignment[*owner].contains(partition)
        });
        moved.count()
    }

    /// How many partitions are read from another rack though both racks are known.
    pub(crate) fn far(&self, assignment: &Assignment) -> usize {
        let shares = assignment.iter().map(|(id, partitions)| {
            let far = |(topic, number): &&Partition| {
                let racks = &self.topics[topic][*number as usize];
                let rack = self.members[id].rack.as_ref();
                !racks.is_empty() && rack.is_some_and(|rack| !racks.contains(rack))
            };
            partitions.iter().filter(far).count()
        });
        shares.sum()
    }

    /// Every partition of a subscribed topic once, to a subscriber.
    pub(crate) fn check_complete(&self, assignment: &Assignment) -> Result<(), String> {
        self.check_sound(assignment)?;
        let assigned = assignment.values().map(Vec::len).sum::<usize>();
        match self.partitions().len() {
            all if all == assigned => Ok(()),
            all => Err(format!("{assigned} of {all} partitions assigned")),
        }
    }

    /// No partition twice, none that does not exist, each to a subscriber, all members named.
    pub(crate) fn check_sound(&self, assignment: &Assignment) -> Result<(), String> {
        if !assignment.keys().eq(self.members.keys()) {
            return Err("not exactly the members".into());
        }
        let all = self.partitions();
        let mut seen = BTreeSet::new();
        for (id, partitions) in assignment {
            for partition in partitions {
                if !all.contains(partition) || !self.members[id].topics.contains(&partition.0) {
                    return Err(format!("{id} did not ask for {partition:?}"));
                }
                if !seen.insert(partition) {
                    return Err(format!("{partition:?} twice"));
                }
            }
        }
        Ok(())
    }

    /// Nothing goes to a member that does not own it while another member claims it.
    pub(crate) fn check_nothing_taken(&self, assignment: &Assignment) -> Result<(), String> {
        let (claims, owners) = (self.claims(), self.owners());
        for (id, partitions) in assignment {
            for partition in partitions {
                let claimed = claims.contains_key(partition);
                if claimed && owners.get(partition) != Some(&id.as_str()) {
                    return Err(format!("{id} gets {partition:?} while it is claimed"));
                }
            }
        }
        Ok(())
    }
}

/// The sum of the differences between all pairs of members: Java's balance score.
pub(crate) fn unevenness(assignment: &Assignment) -> usize {
    let mut loads: Vec<usize> = assignment.values().map(Vec::len).collect();
    loads.sort_unstable();
    // The n-th smallest is counted up against n others, and down against the rest.
    let (mut below, mut sum) = (0, 0);
    for (n, load) in loads.iter().enumerate() {
        sum += n * load - below;
        below += load;
    }
    sum
}
