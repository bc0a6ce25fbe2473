//! How long an assignment takes. Run by hand:
//! `cargo test --release -p libkafka-client --test assignors -- --ignored --nocapture speed`.

use std::hint::black_box;
use std::time::Instant;

use libkafka_client::assignor::{Assignor, CooperativeSticky, Range, RoundRobin, Sticky};

use crate::group::{Group, Member};

#[test]
#[ignore = "prints times; tests assert none"]
fn speed_of_all_assignors() {
    for (members, topics, partitions) in [(50, 20, 3_000), (200, 20, 2_000), (1_000, 100, 20_000)] {
        for equal in [true, false] {
            let assignors: [&dyn Assignor; 4] = [&Range, &RoundRobin, &Sticky, &CooperativeSticky];
            for assignor in assignors {
                for racks in [false, true] {
                    let mut group = group(members, topics, partitions, equal, racks);
                    let fresh = time(&mut group, assignor);
                    let settled = group.assign(assignor);
                    let mut group = group.after(&settled);
                    let mut joiner = group.members["m0003"].clone();
                    joiner.owned.clear();
                    group.members.insert("joiner".into(), joiner);
                    let joined = time(&mut group, assignor);
                    let one = group.members.get_mut("m0005").unwrap();
                    one.owned = group
                        .topics
                        .iter()
                        .flat_map(|(t, p)| (0..p.len() as i32).map(move |n| (t.clone(), n)))
                        .filter(|(t, _)| one.topics.contains(t))
                        .collect();
                    one.generation = Some(99);
                    let lopsided = time(&mut group, assignor);
                    println!(
                        "{members} members, {partitions} partitions, equal {equal}, racks {racks}, \
                         {:18} fresh {fresh:7.2} ms, one joins {joined:7.2} ms, one had all {lopsided:7.2} ms",
                        assignor.name()
                    );
                }
            }
        }
    }
}

/// The best of five, in milliseconds.
fn time(group: &mut Group, assignor: &dyn Assignor) -> f64 {
    group.assign(assignor);
    let subscription = group.subscription();
    let times = (0..5).map(|_| {
        let start = Instant::now();
        black_box(assignor.assign(black_box(&subscription)));
        start.elapsed().as_secs_f64() * 1e3
    });
    times.fold(f64::MAX, f64::min)
}

fn group(members: usize, topics: usize, partitions: usize, equal: bool, racks: bool) -> Group {
    let mut random = fastrand::Rng::with_seed(1);
    let mut group = Group::default();
    for topic in 0..topics {
        let replicas = |_| match racks {
            true => vec![
                format!("r{}", random.u8(0..6)),
                format!("r{}", random.u8(0..6)),
            ],
            false => Vec::new(),
        };
        let partitions = (0..partitions / topics).map(replicas).collect();
        group.topics.insert(format!("topic-{topic:03}"), partitions);
    }
    for member in 0..members {
        let wanted = group.topics.keys().filter(|_| equal || random.bool());
        let member = (
            format!("m{member:04}"),
            Member {
                topics: wanted.cloned().collect(),
                rack: racks.then(|| format!("r{}", member % 6)),
                ..Member::default()
            },
        );
        group.members.insert(member.0, member.1);
    }
    group
}
