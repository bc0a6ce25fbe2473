//! `Step`: what happens to a group, in an order that a seed decides.

use fastrand::Rng;
use libkafka_integration::strangers::Kind;

/// What happens to a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A member comes.
    Join(Kind),
    /// A member leaves in good order.
    Leave(Kind),
    /// A member is killed, and another comes.
    Kill(Kind),
    /// A member is halted for longer than its session.
    Halt(Kind),
    /// The leader of some partition is killed, and started again.
    KillLeader,
    /// The coordinator of the group is killed, and started again.
    KillCoordinator,
    /// The topic gets more partitions.
    AddPartitions,
}

const OTHERS: [Kind; 2] = [Kind::Java, Kind::Librdkafka];

/// What happens in each run where members only come and leave.
pub(crate) fn clean(random: &mut Rng) -> Vec<Step> {
    let mut kinds = [Kind::Ours, Kind::Java, Kind::Librdkafka];
    random.shuffle(&mut kinds);
    let of_kind = |kind| [Step::Leave(kind), Step::Join(kind)];
    let mut steps = vec![Step::Join(Kind::Ours)];
    steps.extend(kinds.into_iter().flat_map(of_kind));
    steps.push(Step::Leave(Kind::Ours));
    steps
}

/// One more of them.
pub(crate) fn another_clean(random: &mut Rng, members: usize) -> Step {
    let kind = any(random);
    match members > 3 && (members > 6 || random.bool()) {
        true => Step::Leave(kind),
        false => Step::Join(kind),
    }
}

/// What happens in each run with faults.
pub(crate) fn faults(random: &mut Rng) -> Vec<Step> {
    let [one, other] = match random.bool() {
        true => OTHERS,
        false => [OTHERS[1], OTHERS[0]],
    };
    let mut steps = [
        Step::Kill(Kind::Ours),
        Step::Kill(one),
        Step::Halt(Kind::Ours),
        Step::Halt(other),
        Step::KillLeader,
        Step::Join(Kind::Ours),
        Step::Leave(Kind::Ours),
    ];
    random.shuffle(&mut steps);
    // A producer sees partitions that were added when it looks for a leader, so that comes later.
    let first = [Step::AddPartitions];
    first
        .into_iter()
        .chain(steps)
        // That one leads partitions too.
        .chain([Step::KillCoordinator])
        .collect()
}

/// One more of them.
pub(crate) fn another_fault(random: &mut Rng, members: usize) -> Step {
    match random.u32(0..10) {
        0 => Step::KillLeader,
        1 => Step::KillCoordinator,
        2 | 3 => Step::Halt(any(random)),
        4..=6 => Step::Kill(any(random)),
        _ => another_clean(random, members),
    }
}

fn any(random: &mut Rng) -> Kind {
    match random.u32(0..4) {
        0 => Kind::Java,
        1 => Kind::Librdkafka,
        _ => Kind::Ours,
    }
}
