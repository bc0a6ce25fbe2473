//! Groups of three members of ours, one of Java's and one of librdkafka's that read what is
//! produced meanwhile, on three brokers. Members come, leave, are killed and halted, leaders and
//! the coordinator are killed, partitions are added; then the history of it all is checked.
//!
//! Members of ours differ: they commit by hand or have their consumer commit, have several threads,
//! are slow beside a keeper, log in.
//!
//! Some of it is always tried. Half an hour and a million records of it on the newest Kafka:
//! `cargo test -p libkafka-integration --test history_run -- --ignored --nocapture newest`; instead
//! of `newest`, `embedded` or `oldest`. With `LIBKAFKA_HISTORY_SECONDS=600` it takes ten minutes,
//! with `LIBKAFKA_HISTORY_PROTOCOL=classic-range` all of it goes by that protocol, and with
//! `LIBKAFKA_HISTORY_SEED` the same things happen as in the run that printed that seed.

mod group;
mod load;
mod manner;
mod read_back;
mod site;
mod step;

use std::mem::replace;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fastrand::Rng;
use libkafka_history::{Event, History, Kind as Happening, Report, Rules};
use libkafka_integration::strangers::{Kind, Protocol, SESSION};
use libkafka_testkafka::{Version, require};

use crate::group::Group;
use crate::site::Site;
use crate::step::{Step, another_clean, another_fault, clean, faults};

/// How long a partition with records may stand still, on a busy machine too, beyond the time that
/// it takes to see that a member is gone; as long as a broker takes to start, if that is more.
const BUSY: Duration = Duration::from_secs(15);
/// For how long faults follow each other before the group has time to read all that there is.
const CALM_AFTER: Duration = Duration::from_secs(20);
/// How long the coordinator waits for a silent member where nobody dies: longer than a busy machine
/// stands still.
const PATIENT: Duration = Duration::from_secs(30);
/// Which time around a finding is shown, in microseconds, and how much of it at most.
const BEFORE: u64 = 3_000_000;
const AFTER: u64 = 3_000_000;
const SHOWN: usize = 100;
const OLDEST: Version = Version::new(1, 0, 2);

/// Members come and leave in good order: each record is handled exactly once.
fn come_and_leave(site: &Arc<Site>, protocol: Protocol, seed: u64, length: Duration) {
    let mut random = Rng::with_seed(seed);
    let mut group = begin(site, "clean", protocol, PATIENT, seed, !length.is_zero());
    let begun = Instant::now();
    let mut steps = clean(&mut random).into_iter();
    loop {
        let step = match steps.next() {
            Some(step) => step,
            None if begun.elapsed() < length => another_clean(&mut random, group.len()),
            None => break,
        };
        take(&mut group, step, &mut random);
        group.settles();
    }
    end(group, site, seed, Rules::default().exactly_once(true));
}

/// Anything happens: each record is handled, in the order of its key, and is in the log once.
fn come_to_harm(site: &Arc<Site>, protocol: Protocol, seed: u64, length: Duration) {
    let mut random = Rng::with_seed(seed);
    let mut group = begin(site, "harm", protocol, SESSION, seed, !length.is_zero());
    let begun = Instant::now();
    let mut steps = faults(&mut random).into_iter();
    let mut has_lost_coordinator = false;
    let mut calm = Instant::now();
    loop {
        let step = match steps.next() {
            Some(step) => step,
            None if begun.elapsed() < length => another_fault(&mut random, group.len()),
            None => break,
        };
        // Each time it takes a session of brokers until there is another: a group that loses one
        // after another stands still, whatever its members do. So does one whose members die
        // faster than their sessions end.
        let is_another =
            matches!(step, Step::KillCoordinator) && replace(&mut has_lost_coordinator, true);
        if is_another || calm.elapsed() > CALM_AFTER {
            group.settles();
            group.catches_up();
            calm = Instant::now();
        }
        take(&mut group, step, &mut random);
        group.passes(Duration::from_millis(random.u64(200..1500)));
    }
    end(group, site, seed, Rules::default());
}

fn begin(
    site: &Arc<Site>,
    what: &str,
    protocol: Protocol,
    session: Duration,
    seed: u64,
    slow: bool,
) -> Group {
    eprintln!("{} {what} {protocol}: seed {seed}", site.name());
    let mut group = Group::new(site, what, protocol, session, seed, slow);
    for kind in [
        Kind::Ours,
        Kind::Ours,
        Kind::Ours,
        Kind::Java,
        Kind::Librdkafka,
    ] {
        group.joins(kind);
    }
    group.settles();
    group
}

#[track_caller]
fn take(group: &mut Group, step: Step, random: &mut Rng) {
    match step {
        Step::Join(kind) => group.joins(kind),
        Step::Leave(kind) => {
            group.leaves(kind);
        }
        Step::Kill(kind) => {
            if group.is_killed(kind) {
                group.joins(kind);
            }
        }
        Step::Halt(kind) => {
            group.is_halted(kind);
        }
        Step::KillLeader => group.loses_leader(random.i32(0..12)),
        Step::KillCoordinator => group.loses_coordinator(),
        Step::AddPartitions => group.grows(3),
    }
}

#[track_caller]
fn end(mut group: Group, site: &Site, seed: u64, rules: Rules) {
    group.ends();
    let history = group.history();
    let max_wait = BUSY.max(group.slowest_start);
    let rules = rules.session_timeout(SESSION).max_wait(max_wait);
    let report = Report::of(&history, &rules);
    let count = |of: &dyn Fn(&Happening) -> bool| {
        let events = history.events().iter();
        events.filter(|event| of(&event.kind)).count()
    };
    let sent = count(&|kind| matches!(kind, Happening::Sent { .. }));
    let crashes = count(&|kind| matches!(kind, Happening::Crash));
    let brokers =
        count(&|kind| matches!(kind, Happening::Nemesis { what } if what.ends_with("is killed")));
    let lost = count(&|kind| matches!(kind, Happening::Lost { .. }));
    let name = &group.name;
    eprintln!(
        "{} {name}: {sent} records sent, {crashes} members killed or halted, {brokers} brokers \
         killed, {lost} times a partition lost\n{report}",
        site.name()
    );
    assert!(sent > 0, "{name}");
    assert!(
        report.anomalies().is_empty(),
        "{name}: seed {seed}\n{}{}",
        report.findings(),
        around(&history, &report),
    );
    if rules.exactly_once {
        let mut events = history.events().iter();
        let is_lost = |event: &&Event| matches!(event.kind, Happening::Lost { .. });
        let ours = events.find(|event| event.process.starts_with("ours") && is_lost(event));
        assert!(ours.is_none(), "{name}: seed {seed}: {ours:?}");
    }
    group.is_over();
}

/// What was going on around the first finding, without the records: of a machine whose files are
/// gone, the message of the panic is all that is left.
fn around(history: &History, report: &Report) -> String {
    let first = report.anomalies().iter().map(|anomaly| anomaly.at);
    let Some(first) = first.filter(|at| *at > 0).min() else {
        return String::new();
    };
    let is_near = |event: &&Event| (first - BEFORE..first + AFTER).contains(&event.at);
    let is_record = |event: &&Event| {
        use Happening::{Handled, Polled, Send, Sent};
        let kind = &event.kind;
        matches!(
            kind,
            Handled { .. } | Polled { .. } | Send { .. } | Sent { .. }
        )
    };
    let events = history.events().iter().filter(is_near);
    let events = events.filter(|event| !is_record(event)).take(SHOWN);
    History::new(events.cloned()).to_lines()
}

/// Both, each for its share of the time at least.
fn try_both(site: Site, protocol: Protocol, length: Duration) {
    let site = Arc::new(site);
    let seed = match std::env::var("LIBKAFKA_HISTORY_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => fastrand::u64(..),
    };
    come_and_leave(&site, protocol, seed, length / 3);
    come_to_harm(&site, protocol, seed, length * 2 / 3);
}

/// One after the other: what they tell of time is worth little on a machine that they share.
fn alone(run: impl FnOnce()) {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    run();
}

#[test]
fn each_record_is_handled_on_the_embedded_broker() {
    require!(librdkafka);
    let site = Site::embedded();
    alone(|| try_both(site, Protocol::CONSUMER_UNIFORM, Duration::ZERO));
}

#[test]
fn each_record_is_handled_on_the_newest_kafka() {
    require!(librdkafka);
    // It starts while others have their turn.
    let site = Site::real(Version::CURRENT);
    alone(|| try_both(site, Protocol::CONSUMER_UNIFORM, Duration::ZERO));
}

#[test]
fn each_record_is_handled_on_the_oldest_kafka() {
    require!(librdkafka);
    let site = Site::real(OLDEST);
    alone(|| try_both(site, Protocol::RANGE, Duration::ZERO));
}

/// By each of the protocols in turn, or by that which is asked for.
fn try_long(site: impl Fn() -> Site, protocols: &[Protocol]) {
    require!(librdkafka);
    let seconds = std::env::var("LIBKAFKA_HISTORY_SECONDS");
    let seconds = seconds.map_or(1_800, |seconds| seconds.parse().unwrap());
    let wanted = std::env::var("LIBKAFKA_HISTORY_PROTOCOL").ok();
    let is_wanted =
        |protocol: &&Protocol| wanted.as_ref().is_none_or(|w| *w == protocol.to_string());
    let protocols: Vec<&Protocol> = protocols.iter().filter(is_wanted).collect();
    let length = Duration::from_secs(seconds) / u32::try_from(protocols.len()).unwrap();
    alone(|| {
        for protocol in protocols {
            try_both(site(), *protocol, length);
        }
    });
}

const PROTOCOLS: [Protocol; 3] = [
    Protocol::RANGE,
    Protocol::CONSUMER_UNIFORM,
    Protocol::COOPERATIVE,
];

#[test]
#[ignore = "half an hour"]
fn each_record_of_a_million_is_handled_on_the_embedded_broker() {
    try_long(Site::embedded, &PROTOCOLS);
}

#[test]
#[ignore = "half an hour"]
fn each_record_of_a_million_is_handled_on_the_newest_kafka() {
    try_long(|| Site::real(Version::CURRENT), &PROTOCOLS);
}

#[test]
#[ignore = "half an hour"]
fn each_record_of_a_million_is_handled_on_the_oldest_kafka() {
    try_long(|| Site::real(OLDEST), &[Protocol::RANGE]);
}
