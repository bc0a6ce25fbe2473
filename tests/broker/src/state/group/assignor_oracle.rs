//! Compares the assignors with Kafka's own, on random groups.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use libkafka_protocol::Uuid;
use libkafka_testkafka::{GroupOracle, require};
use serde_json::{Map, Value, json};

use super::partitions::Partitions;
use super::range_assignor::range;
use super::subscriber::Subscriber;
use super::uniform_assignor::uniform;

#[derive(Debug, Default)]
struct Member {
    id: String,
    instance_id: Option<String>,
    topics: BTreeMap<Uuid, i32>,
    target: Partitions,
}

impl Member {
    fn subscriber(&self) -> Subscriber<'_> {
        Subscriber {
            id: &self.id,
            instance_id: self.instance_id.as_deref(),
            topics: self.topics.clone(),
            target: &self.target,
        }
    }
}

/// The oracle gives topics these ids, in the order of their names.
fn id(topic: usize) -> Uuid {
    Uuid((1_u128 << 64 | (topic as u128 + 1)).to_be_bytes())
}

fn name(id: Uuid) -> String {
    format!("t{:02}", u128::from_be_bytes(id.0) as u64 - 1)
}

fn group(seed: u64, equal: bool) -> Vec<Member> {
    let mut random = Rng::with_seed(seed);
    let topics = random.usize(1..=6);
    let all: BTreeMap<Uuid, i32> = (0..topics)
        .map(|topic| (id(topic), random.i32(1..30)))
        .collect();
    let mut members: Vec<Member> = (0..random.usize(1..=12))
        .map(|n| {
            let wanted = all.iter().filter(|_| equal || random.bool());
            Member {
                id: format!("m{n:02}"),
                topics: wanted.map(|(id, n)| (*id, *n)).collect(),
                ..Member::default()
            }
        })
        .collect();
    for (n, member) in members.iter_mut().enumerate() {
        member.instance_id = (random.u8(0..4) == 0).then(|| format!("i{:02}", 50 - n));
    }
    // A target is of one member at most, who may have dropped the topic since.
    if random.bool() {
        for (topic, partitions) in &all {
            for partition in 0..*partitions {
                let owner = random.usize(0..members.len() + 2) / (1 + seed as usize % 3);
                if let Some(member) = members.get_mut(owner) {
                    member.target.insert((*topic, partition));
                }
            }
        }
    }
    members
}

fn kafka(assignor: &str, members: &[Member]) -> Vec<Partitions> {
    let mut topics = Map::new();
    for n in 0..10 {
        let of_members = members.iter().flat_map(|m| &m.topics);
        let partitions = of_members
            .filter(|(topic, _)| **topic == id(n))
            .map(|(_, n)| *n)
            .next();
        // One that nobody reads any more has partitions still.
        topics.insert(name(id(n)), json!(partitions.unwrap_or(30)));
    }
    let by_name = |partitions: &Partitions| {
        let partitions = partitions.iter().map(|(topic, p)| json!([name(*topic), p]));
        partitions.collect::<Vec<_>>()
    };
    let asked = members.iter().map(|member| {
        let topics: Vec<String> = member.topics.keys().map(|id| name(*id)).collect();
        let json = json!({
            "topics": topics,
            "owned": by_name(&member.target),
            "instance": member.instance_id,
        });
        (member.id.clone(), json)
    });
    let asked: Map<String, Value> = asked.collect();
    let question = json!({ "assignor": assignor, "topics": topics, "members": asked });
    let answer = GroupOracle::shared().ask("server", &question).unwrap();
    let answer = answer.unwrap_or_else(|refused| panic!("{refused}: {question}"));
    let ids: BTreeMap<String, Uuid> = (0..10).map(|n| (name(id(n)), id(n))).collect();
    let targets = members.iter().map(|member| {
        let partitions = answer[&member.id].as_array().into_iter().flatten();
        let partition = |p: &Value| (ids[p[0].as_str().unwrap()], p[1].as_i64().unwrap() as i32);
        partitions.map(partition).collect()
    });
    targets.collect()
}

fn subscribers(members: &[Member]) -> Vec<Subscriber<'_>> {
    members.iter().map(Member::subscriber).collect()
}

#[test]
fn range_assigns_what_kafka_assigns() {
    require!();
    for seed in 0..200 {
        let members = group(seed, seed % 2 == 0);
        assert_eq!(
            range(&subscribers(&members)),
            kafka("range", &members),
            "group {seed}"
        );
    }
}

#[test]
fn uniform_assigns_what_kafka_assigns_to_members_that_differ() {
    require!();
    for seed in 0..400 {
        let members = group(seed, false);
        let kinds: BTreeSet<_> = members.iter().map(|m| &m.topics).collect();
        if kinds.len() > 1 {
            let ours = uniform(&subscribers(&members));
            assert_eq!(ours, kafka("uniform", &members), "group {seed}");
        }
    }
}

/// Which partitions Kafka moves then depends on the order of its hash maps; how many does not.
#[test]
fn uniform_gives_as_many_as_kafka_to_members_that_are_alike() {
    require!();
    for seed in 0..200 {
        let members = group(seed, true);
        let (ours, theirs) = (uniform(&subscribers(&members)), kafka("uniform", &members));
        let total = members[0].topics.values().sum::<i32>() as usize;
        let all: Partitions = ours.iter().flatten().copied().collect();
        assert_eq!(
            (all.len(), ours.iter().map(Partitions::len).sum()),
            (total, total)
        );
        for ((member, ours), theirs) in members.iter().zip(&ours).zip(&theirs) {
            let kept = |target: &Partitions| target.intersection(&member.target).count();
            let context = format!("{} of group {seed}", member.id);
            assert_eq!(
                (ours.len(), kept(ours)),
                (theirs.len(), kept(theirs)),
                "{context}"
            );
        }
    }
}
