//! What happens to a group.

use std::time::Instant;

use libkafka_integration::strangers::{Kind, Protocol, SESSION};
use libkafka_testkafka::Kafka;

use crate::party::Party;

/// Members of all kinds come, leave, are killed and halted, and static ones are started anew.
pub(crate) fn come_and_go(kafka: &Kafka, protocol: Protocol, first: usize) {
    let mut party = Party::new(kafka, "come-and-go", protocol);
    let mut kinds = protocol.kinds().to_vec();
    let count = kinds.len();
    // Whoever comes first leads.
    kinds.rotate_left(first % count);
    for kind in &kinds {
        party.joins(*kind, None);
        party.settles(&format!("{kind:?} joined"));
    }
    party.joins(Kind::Ours, None);
    party.settles("another joined");
    for kind in &kinds {
        party.leaves(*kind);
        party.settles(&format!("{kind:?} left"));
        party.joins(*kind, None);
        party.settles(&format!("{kind:?} joined again"));
    }
    for kind in &kinds {
        party.is_killed(*kind);
        party.settles(&format!("{kind:?} was killed"));
        party.joins(*kind, None);
        party.settles(&format!("{kind:?} joined after that"));
    }
    for kind in &kinds {
        stop(&mut party, *kind);
    }
    if Protocol::has_static_members(kafka.version()) {
        for kind in &kinds {
            bounce(&mut party, *kind);
        }
    }
    party.ends();
}

/// The same, a little of each.
pub(crate) fn come_and_go_in_short(kafka: &Kafka, protocol: Protocol) {
    let mut party = Party::new(kafka, "short", protocol);
    for kind in protocol.kinds() {
        party.joins(*kind, None);
    }
    party.settles("all joined");
    party.joins(Kind::Ours, None);
    party.settles("another joined");
    party.leaves(Kind::Librdkafka);
    party.settles("librdkafka's left");
    bounce(&mut party, Kind::Ours);
    party.is_killed(Kind::Java);
    stop(&mut party, Kind::Ours);
    party.ends();
}

/// A member of that kind is halted for longer than its session, and goes on.
fn stop(party: &mut Party<'_>, kind: Kind) {
    let member = party.is_paused(kind);
    // The others have its partitions only once its session is over.
    party.settles(&format!("{kind:?} is halted"));
    party.is_resumed(member);
    party.settles(&format!("{kind:?} goes on"));
}

/// A static member of that kind comes, leaves and comes back within its session: all own what they
/// have owned.
fn bounce(party: &mut Party<'_>, kind: Kind) {
    let instance = format!("static-{kind:?}");
    let member = party.joins(kind, Some(&instance));
    party.settles(&format!("static {kind:?} joined"));
    let mut before = party.owned();
    let left = Instant::now();
    let stayed = party.leaves_from(member);
    party.joins(stayed.kind, stayed.instance.as_deref());
    let last = before.pop();
    assert_eq!(last.as_ref(), Some(&stayed.owned));
    party.settles(&format!("static {kind:?} was started anew"));
    if left.elapsed() < SESSION {
        let mut after = party.owned();
        assert_eq!(after.pop(), last, "{}", party.name);
        assert_eq!(after, before, "{}", party.name);
    } else {
        eprintln!("too busy a machine to start anything within a session");
    }
}

/// A group goes over from the classic protocol to KIP-848 and back, member by member.
pub(crate) fn migrate(kafka: &Kafka) {
    let mut party = Party::new(kafka, "migrate", Protocol::RANGE);
    for kind in [Kind::Ours, Kind::Java, Kind::Librdkafka, Kind::Ours] {
        party.joins(kind, None);
    }
    party.settles("all joined");
    for protocol in [Protocol::CONSUMER_UNIFORM, Protocol::COOPERATIVE] {
        party.protocol = protocol;
        for _ in 0..4 {
            let left = party.leaves_from(0);
            party.joins(left.kind, None);
            party.settles(&format!("{:?} is of {protocol}", left.kind));
        }
    }
    party.ends();
}

/// The topic gets more partitions, goes and comes again.
pub(crate) fn topics_change(kafka: &Kafka, protocol: Protocol, first: usize) {
    let mut party = Party::new(kafka, "topics-change", protocol);
    let mut kinds = protocol.kinds().to_vec();
    let count = kinds.len();
    kinds.rotate_left(first % count);
    for kind in &kinds {
        party.joins(*kind, None);
        party.settles(&format!("{kind:?} joined"));
    }
    party.partitions_are_added(6);
    party.settles("partitions were added");
    party.topic_is_deleted();
    party.topic_is_created(9);
    party.settles("the topic was created again");
    party.ends();
}
