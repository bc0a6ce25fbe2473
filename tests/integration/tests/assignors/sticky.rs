//! Sticky and cooperative sticky: as even as Java's, and moving no more.

use std::cell::Cell;

use libkafka_client::assignor::{CooperativeSticky, Sticky};
use libkafka_testkafka::require;
use proptest::test_runner::TestCaseError;
use proptest::{prop_assert, prop_assert_eq};

use crate::group::{Group, unevenness};
use crate::java::{ask, both, on_groups, question};
use crate::random::Shape;

/// Without claims to partitions that do not exist, of which Java's classes throw, or which they
/// assign.
fn known_group(shape: &Shape) -> Group {
    let mut group = shape.group();
    let known = group.partitions();
    for member in group.members.values_mut() {
        member.owned.retain(|partition| known.contains(partition));
    }
    group
}

/// Java's class levels by single moves and stops where none helps, so ours is more even at times
/// and has to move something for it; never is it less even, nor does it move more to be as even.
#[test]
fn sticky_is_as_even_as_java_and_moves_no_more() {
    require!();
    let (cases, more_even, moved_more) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let (far, java_far) = (Cell::new(0), Cell::new(0));
    let count = |cell: &Cell<usize>, n| cell.set(cell.get() + n);
    on_groups(800, |shape| {
        let mut group = known_group(shape);
        let (java, ours) = both(&Sticky, &mut group)?;
        prop_assert_eq!(group.check_complete(&ours), Ok(()));
        // It gives partitions to members that do not subscribe to the topic any more, at times.
        if let Err(error) = group.check_complete(&java.assignment) {
            return Err(TestCaseError::reject(error));
        }
        let of_java = (unevenness(&java.assignment), group.moved(&java.assignment));
        let of_ours = (unevenness(&ours), group.moved(&ours));
        prop_assert!(of_ours <= of_java, "{:?}, Java {:?}", of_ours, of_java);
        if shape.equal {
            prop_assert!(of_ours.1 <= of_java.1, "{:?}, Java {:?}", of_ours, of_java);
        }
        count(&cases, 1);
        count(&more_even, usize::from(of_ours.0 < of_java.0));
        count(&moved_more, usize::from(of_ours.1 > of_java.1));
        if group.owners().is_empty() {
            count(&far, group.far(&ours));
            count(&java_far, group.far(&java.assignment));
        }
        Ok(())
    });
    println!(
        "{} cases, {} more even than Java, {} of them moved more; first assignments read {} \
         partitions from afar, Java's {}",
        cases.get(),
        more_even.get(),
        moved_more.get(),
        far.get(),
        java_far.get()
    );
    assert!(
        far.get() * 4 <= java_far.get() * 5,
        "racks count for less than in Java"
    );
}

#[test]
fn cooperative_sticky_is_as_even_as_java_after_two_rounds_and_takes_no_more_away() {
    require!();
    on_groups(500, |shape| {
        let mut group = known_group(shape);
        let (java, ours) = both(&CooperativeSticky, &mut group)?;
        prop_assert_eq!(group.check_nothing_taken(&ours), Ok(()));
        // Java's class takes more than two rounds at times.
        let mut javas = group.after(&java.assignment);
        let mut settled = java.assignment;
        for _ in 0..4 {
            let next = ask(&question("cooperative-sticky", &javas))?.assignment;
            javas = javas.after(&next);
            settled = next;
        }
        let second = group.after(&ours).assign(&CooperativeSticky);
        prop_assert_eq!(group.check_complete(&second), Ok(()));
        // Java's can also go round in circles and never come to an end.
        if let Err(error) = group.check_complete(&settled) {
            return Err(TestCaseError::reject(error));
        }
        let uneven = (unevenness(&second), unevenness(&settled));
        prop_assert!(uneven.0 <= uneven.1, "unevenness {:?}", uneven);
        // All in all: Java's can take nothing in its first round, and be even only after later ones.
        let taken = (group.moved(&second), group.moved(&settled));
        if uneven.0 == uneven.1 {
            prop_assert!(taken.0 <= taken.1, "taken {:?}", taken);
        }
        Ok(())
    });
}
