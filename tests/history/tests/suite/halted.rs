//! Members that are halted, go on, and hear late of what they had asked for; members whose start is
//! not known; and runs in which members commit all that they handle.

use std::time::Duration;

use libkafka_history::{Check, Event, History, Kind, Outcome, Rules, TopicPartition, Value, check};

const SECOND: u64 = 1_000_000;

fn partition() -> TopicPartition {
    TopicPartition::new("t", 0)
}

fn event(second: u64, process: &str, kind: Kind) -> Event {
    Event {
        at: second * SECOND,
        process: process.into(),
        kind,
    }
}

fn assigned(second: u64, process: &str, claim: u64) -> Event {
    let (partition, start) = (partition(), None);
    let kind = Kind::Assigned {
        claim,
        partition,
        start,
    };
    event(second, process, kind)
}

/// Got and handled.
fn read(second: u64, process: &str, claim: u64, from: i64, upto: i64) -> [Event; 2] {
    let (records, next) = (None, upto);
    let polled = Kind::Polled {
        claim,
        from,
        records,
        next,
    };
    let handled = Kind::Handled { claim, from, upto };
    [polled, handled].map(|kind| event(second, process, kind))
}

fn commit(second: u64, process: &str, claim: u64, offset: i64) -> Event {
    event(second, process, Kind::Commit { claim, offset })
}

fn committed(second: u64, process: &str, claim: u64, offset: i64) -> Event {
    let outcome = Outcome::Ok;
    let kind = Kind::Committed {
        claim,
        offset,
        outcome,
    };
    event(second, process, kind)
}

fn logged(records: i64) -> Event {
    let value = |offset| (offset, Value::new("p", "k", offset as u64));
    let (partition, records) = (partition(), (0..records).map(value).collect());
    event(90, "log", Kind::Logged { partition, records })
}

fn end(offset: i64) -> Event {
    let partition = partition();
    event(91, "log", Kind::End { partition, offset })
}

fn found(events: &[&[Event]], rules: &Rules) -> Vec<Check> {
    let history = History::new(events.concat());
    let read: Vec<Event> = {
        let mut read = History::default();
        read.read(history.to_lines().as_bytes()).unwrap();
        read.events().to_vec()
    };
    assert_eq!(read, history.events());
    let found = check(&history, rules);
    found.iter().map(|anomaly| anomaly.check).collect()
}

/// `a` is halted while it commits 10, `b` goes on from there up to 20, and `a` hears of it at last.
fn halted(zombie_reads: i64) -> Vec<Event> {
    let mut events = vec![assigned(1, "a", 1)];
    events.extend(read(2, "a", 1, 0, 10));
    events.push(commit(3, "a", 1, 10));
    events.push(event(4, "a", Kind::Crash));
    events.push(assigned(10, "b", 1));
    events.extend(read(11, "b", 1, 10, 20));
    events.push(commit(12, "b", 1, 20));
    events.push(committed(13, "b", 1, 20));
    events.push(committed(14, "a", 1, 10));
    events.extend(read(15, "a", 1, 10, zombie_reads));
    events.push(event(20, "b", Kind::Left));
    events.push(event(20, "a", Kind::Left));
    events
}

fn rules() -> Rules {
    Rules::default().session_timeout(Duration::from_secs(5))
}

#[test]
fn a_halted_member_hears_late_of_a_commit_and_handles_what_it_has_got() {
    let events = halted(15);
    assert_eq!(found(&[&events, &[logged(20), end(20)]], &rules()), []);
}

/// `a` is halted, goes on and commits, and `b` has the partition from some time on.
fn not_missed(b: u64) -> Vec<Check> {
    let mut events = vec![assigned(1, "a", 1)];
    events.push(event(2, "a", Kind::Crash));
    events.extend(read(10, "a", 1, 0, 20));
    events.push(commit(11, "a", 1, 20));
    events.push(committed(12, "a", 1, 20));
    events.push(assigned(b, "b", 1));
    events.push(event(20, "b", Kind::Left));
    found(&[&events, &[logged(20), end(20)]], &rules())
}

#[test]
fn a_halted_member_that_nobody_missed_commits_until_somebody_else_has_the_partition() {
    assert_eq!(not_missed(13), []);
    assert_eq!(not_missed(8), [Check::ZombieCommit]);
}

/// `a` has handled more than it commits before it gives the partition up.
fn uncommitted(from: i64) -> Vec<Event> {
    let mut events = vec![assigned(1, "a", 1)];
    events.extend(read(2, "a", 1, 0, 10));
    events.push(commit(3, "a", 1, 8));
    events.push(committed(4, "a", 1, 8));
    events.push(event(5, "a", Kind::Released { claim: 1 }));
    events.push(assigned(6, "b", 1));
    events.extend(read(7, "b", 1, from, 20));
    events.push(event(8, "b", Kind::Left));
    events
}

#[test]
fn what_a_member_did_not_commit_is_handled_twice_only_where_it_may() {
    let events = uncommitted(8);
    let found = |rules| found(&[&events, &[logged(20), end(20)]], &rules);
    assert_eq!(found(rules()), []);
    assert_eq!(
        found(rules().exactly_once(true)),
        [Check::HandledTwice, Check::HandledTwice]
    );
}

#[test]
fn a_claim_whose_start_is_not_known_resumes_where_it_reads_first() {
    let found = |from| found(&[&uncommitted(from), &[logged(20), end(20)]], &rules());
    assert_eq!(found(8), []);
    assert_eq!(found(9), [Check::Resume]);
}

#[test]
fn a_record_that_was_read_back_from_the_log_and_never_handled_is_lost() {
    let mut events = vec![assigned(1, "a", 1)];
    events.extend(read(2, "a", 1, 0, 10));
    events.push(event(3, "a", Kind::Left));
    let found = found(&[&events, &[logged(11), end(11)]], &rules());
    assert_eq!(found, [Check::Lost]);
}
