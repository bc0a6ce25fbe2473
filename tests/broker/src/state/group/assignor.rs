//! The server-side assignors, `uniform` and `range` (KIP-848).

use std::collections::BTreeMap;

use libkafka_protocol::Uuid;

use super::consumer_member::ConsumerMember;
use super::range_assignor::range;
use super::subscriber::Subscriber;
use super::uniform_assignor::uniform;

/// The names of the assignors; the first is used if members have no preference.
pub(crate) const ASSIGNORS: [&str; 2] = ["uniform", "range"];

/// The assignor that most members prefer.
pub(crate) fn elected(members: &[ConsumerMember]) -> &'static str {
    let votes = |name: &str| {
        let wishes = members.iter().filter_map(|m| m.assignor.as_deref());
        wishes.filter(|wish| *wish == name).count()
    };
    if votes(ASSIGNORS[1]) > votes(ASSIGNORS[0]) {
        ASSIGNORS[1]
    } else {
        ASSIGNORS[0]
    }
}

/// Sets the target of each member. `read` are the topics that each reads, with their numbers of
/// partitions.
pub(super) fn assign(members: &mut [ConsumerMember], read: Vec<BTreeMap<Uuid, i32>>) {
    let subscribers = members.iter().zip(read).map(|(member, topics)| Subscriber {
        id: &member.id,
        instance_id: member.instance_id.as_deref(),
        topics,
        target: &member.target,
    });
    let subscribers: Vec<_> = subscribers.collect();
    let targets = match elected(members) {
        "range" => range(&subscribers),
        _ => uniform(&subscribers),
    };
    for (member, target) in members.iter_mut().zip(targets) {
        member.target = target;
    }
}
