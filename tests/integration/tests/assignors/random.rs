//! Random groups.

use std::collections::BTreeSet;

use fastrand::Rng;
use proptest::prelude::*;

use crate::group::{Group, Member};

const RACKS: [&str; 4] = ["r1", "r2", "r3", "elsewhere"];

/// How large a group is, and what can be odd about it.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) members: usize,
    pub(crate) topics: usize,
    /// Of all topics together.
    pub(crate) partitions: usize,
    /// All members subscribe to the same topics.
    pub(crate) equal: bool,
    pub(crate) racks: bool,
    pub(crate) had: Had,
    pub(crate) seed: u64,
}

/// What the members had before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Had {
    Nothing,
    /// One of them everything that it subscribes to.
    One,
    /// Random members random partitions.
    Some,
    /// Likewise, in generations of their own, and with several claims to one partition.
    Conflicts,
}

/// Runs a test on so many groups, and leaves no file behind.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(cases)
    }
}

/// Groups up to the size of 60 members, 20 topics and 200 partitions; a third of them tiny.
pub(crate) fn shapes() -> impl Strategy<Value = Shape> {
    let sizes = prop_oneof![
        1 => (0..=4usize, 0..=3usize, 0..=6usize),
        1 => (0..=60usize, 0..=20usize, 0..=200usize),
        1 => (2..=8usize, 1..=4usize, 0..=60usize),
    ];
    let had = prop_oneof![
        Just(Had::Nothing),
        Just(Had::One),
        Just(Had::Some),
        Just(Had::Conflicts)
    ];
    (sizes, any::<(bool, bool, u64)>(), had).prop_map(|(sizes, (equal, racks, seed), had)| Shape {
        members: sizes.0,
        topics: sizes.1,
        partitions: sizes.2,
        equal,
        racks,
        had,
        seed,
    })
}

impl Shape {
    pub(crate) fn group(&self) -> Group {
        let mut random = Rng::with_seed(self.seed);
        let mut group = Group::default();
        let names: Vec<String> = (0..self.topics).map(|n| format!("t{n:02}")).collect();
        let mut left = self.partitions;
        for name in &names {
            // Several topics of one size, for range; and now and then an empty one.
            let even = self.partitions / self.topics;
            let size = if random.bool() {
                even
            } else {
                random.usize(0..=left)
            };
            let size = size.min(left);
            left -= size;
            let partitions = (0..size).map(|_| self.replicas(&mut random)).collect();
            group.topics.insert(name.clone(), partitions);
        }
        let common = subset(&mut random, &names);
        for n in 0..self.members {
            let topics = if self.equal {
                common.clone()
            } else {
                subset(&mut random, &names)
            };
            // Ids whose order by UTF-16 units is not that by characters.
            let id = match random.u8(0..10) {
                0 => format!("m\u{1f600}{n}"),
                1 => format!("m\u{ff61}{n}"),
                _ => format!("m{n}"),
            };
            let rack = RACKS[random.usize(0..RACKS.len())].to_owned();
            let member = Member {
                topics,
                rack: (self.racks && random.u8(0..5) > 0).then_some(rack),
                instance: (random.u8(0..8) == 0).then(|| format!("i{}", self.members - n)),
                ..Member::default()
            };
            group.members.insert(id, member);
        }
        // A topic that nobody has created yet.
        if let Some(member) = group.members.values_mut().next()
            && random.bool()
        {
            member.topics.insert("missing".to_owned());
        }
        self.give(&mut random, &mut group);
        group
    }

    fn replicas(&self, random: &mut Rng) -> Vec<String> {
        if !self.racks || random.u8(0..10) == 0 {
            return Vec::new();
        }
        let racks: BTreeSet<&str> = (0..2).map(|_| RACKS[random.usize(0..3)]).collect();
        racks.into_iter().map(str::to_owned).collect()
    }

    fn give(&self, random: &mut Rng, group: &mut Group) {
        let ids: Vec<String> = group.members.keys().cloned().collect();
        if ids.is_empty() || self.had == Had::Nothing {
            return;
        }
        for member in group.members.values_mut() {
            let generation = match self.had {
                Had::Conflicts => random.i32(3..7),
                _ => 7,
            };
            member.generation = (random.u8(0..8) > 0).then_some(generation);
        }
        let chosen = random.usize(0..ids.len());
        for (topic, partitions) in &group.topics {
            // Partitions can be gone by now, and a member can have dropped a topic.
            for number in 0..partitions.len() as i32 + 1 {
                let claims = match self.had {
                    Had::Conflicts => random.usize(0..3),
                    _ => 1,
                };
                for _ in 0..claims {
                    let owner = match self.had {
                        Had::One => chosen,
                        _ => random.usize(0..ids.len()),
                    };
                    if let Some(member) = group.members.get_mut(&ids[owner]) {
                        let wants = member.topics.contains(topic);
                        if wants || (self.had == Had::Conflicts && random.u8(0..5) == 0) {
                            member.owned.push((topic.clone(), number));
                        }
                    }
                }
            }
        }
        // Members without a generation have nothing, but where claims are in conflict.
        for member in group.members.values_mut() {
            if member.generation.is_none() && self.had != Had::Conflicts {
                member.owned.clear();
            }
        }
    }
}

fn subset(random: &mut Rng, names: &[String]) -> BTreeSet<String> {
    let many = random.bool();
    let wanted = |_: &&String| {
        if many {
            random.u8(0..6) > 0
        } else {
            random.bool()
        }
    };
    let names = names.iter().filter(wanted).cloned();
    names.collect()
}
