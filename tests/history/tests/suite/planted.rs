//! Each planted anomaly is found, and no other.

use std::collections::BTreeSet;

use libkafka_history::{Check, Event, History, Report, check};

use crate::plants;
use crate::simulation::{self, Shape, rules};

/// Histories that the anomaly is planted in.
const PLANTED: usize = 60;

fn planted(expected: Check, plant: fn(&mut Vec<Event>) -> Option<()>) {
    let mut count = 0;
    for seed in 0..2_000 {
        let shape = Shape {
            seed,
            rounds: 30,
            partitions: 1 + seed as usize % 3,
            members: 2 + seed as usize % 3,
            faults: seed % 2 == 0,
            control: seed % 3 == 0,
        };
        let mut events = simulation::history(&shape);
        if plant(&mut events).is_none() {
            continue;
        }
        count += 1;
        let history = History::new(events);
        let found = check(&history, &rules());
        let kinds: BTreeSet<Check> = found.iter().map(|anomaly| anomaly.check).collect();
        assert!(kinds.iter().eq([&expected]), "{shape:?}: {found:#?}");
        let report = Report::of(&history, &rules());
        let findings = report.findings();
        assert!(report.to_string().starts_with(&findings));
        let first = findings.lines().next();
        assert_eq!(first, Some(format!("{expected}: {}", found.len()).as_str()));
        if count == PLANTED {
            return;
        }
    }
    panic!("planted {count} times only");
}

#[test]
fn a_record_that_nobody_handled_is_lost() {
    planted(Check::Lost, plants::lost);
}

#[test]
fn a_record_whose_send_failed_is_a_ghost() {
    planted(Check::Ghost, plants::ghost);
}

#[test]
fn two_values_at_one_offset_split_it() {
    planted(Check::SplitOffset, plants::split_offset);
}

#[test]
fn a_value_at_two_offsets_is_a_duplicate() {
    planted(Check::Duplicate, plants::duplicate);
}

#[test]
fn records_of_a_key_in_another_order_than_sent_are_out_of_order() {
    planted(Check::OrderInLog, plants::order_in_log);
}

#[test]
fn a_record_that_a_poll_lacks_is_skipped() {
    planted(Check::Skip, plants::skip);
}

#[test]
fn a_poll_of_what_was_polled_before_goes_back() {
    planted(Check::Back, plants::back);
}

#[test]
fn a_claim_that_does_not_start_at_the_committed_offset_resumes_elsewhere() {
    planted(Check::Resume, plants::resume);
}

#[test]
fn a_partition_that_is_released_late_has_two_owners() {
    planted(Check::TwoOwners, plants::two_owners);
}

#[test]
fn a_commit_of_more_than_was_handled_is_ahead() {
    planted(Check::CommitAhead, plants::commit_ahead);
}

#[test]
fn a_commit_of_less_than_was_committed_goes_back() {
    planted(Check::CommitBack, plants::commit_back);
}

#[test]
fn a_commit_after_the_end_of_its_claim_is_a_zombies() {
    planted(Check::ZombieCommit, plants::zombie_commit);
}

#[test]
fn a_record_that_was_committed_and_comes_again_is_handled_twice() {
    planted(Check::HandledTwice, plants::handled_twice);
}

#[test]
fn records_of_a_key_handled_in_another_order_than_in_the_log_are_out_of_order() {
    planted(Check::OrderPerKey, plants::order_per_key);
}

#[test]
fn a_partition_with_records_that_nobody_reads_is_stuck() {
    planted(Check::Stuck, plants::stuck);
}
