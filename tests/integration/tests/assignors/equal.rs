//! Range and round robin: the same as Java's, partition by partition.

use libkafka_client::assignor::{Assignor, Range, RoundRobin};
use libkafka_testkafka::require;
use proptest::prop_assert_eq;

use crate::java::{both, on_groups};

fn assert_equal_to_java(assignor: &dyn Assignor) {
    on_groups(500, |shape| {
        let (java, ours) = both(assignor, &mut shape.group())?;
        prop_assert_eq!(ours, java.assignment);
        Ok(())
    });
}

#[test]
fn range_assigns_what_java_assigns() {
    require!();
    assert_equal_to_java(&Range);
}

#[test]
fn round_robin_assigns_what_java_assigns() {
    require!();
    assert_equal_to_java(&RoundRobin);
}
