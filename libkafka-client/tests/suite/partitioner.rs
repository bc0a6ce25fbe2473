//! Where records without a key go. `tests/integration` holds it to Java's partitioner.

use libkafka_client::{PartitionLoad, PartitionState, StickyPartitioner};

/// How many of many batches go to each partition.
fn batches(partitioner: &mut StickyPartitioner, states: &[PartitionState<'_>]) -> Vec<usize> {
    let mut counts = vec![0; states.len()];
    let mut random = fastrand::Rng::with_seed(1);
    let mut dice = || random.u32(..);
    for _ in 0..3_000 {
        let partition = partitioner.partition(states, &mut dice);
        counts[partition as usize] += 1;
        partitioner.appended(100, true, states, &mut dice);
    }
    counts
}

#[test]
fn batches_without_a_key_are_spread_evenly_over_the_partitions_that_have_a_leader() {
    let states = [
        PartitionState::available(),
        PartitionState::unavailable(),
        PartitionState::available(),
    ];
    let counts = batches(&mut StickyPartitioner::new(100), &states);
    assert_eq!(counts[1], 0);
    assert!(counts[0].abs_diff(counts[2]) < 300, "{counts:?}");
    let counts = batches(&mut StickyPartitioner::new(100), &states[1..2]);
    assert_eq!(counts, [3_000]);
}

#[test]
fn partitions_with_long_queues_get_less_until_the_queues_are_alike() {
    let states = [PartitionState::available(); 3];
    let mut partitioner = StickyPartitioner::new(100);
    let queued = |queued: [usize; 3]| {
        let load = (0..)
            .zip(queued)
            .map(|(p, queued)| PartitionLoad::new(p, queued));
        load.collect::<Vec<_>>()
    };
    partitioner.set_load(&queued([0, 3, 1]), 3);
    let counts = batches(&mut partitioner, &states);
    // Weights of 4, 1 and 3.
    for (count, expected) in counts.into_iter().zip([1_500, 375, 1_125]) {
        assert!(count.abs_diff(expected) < 150, "{count} for {expected}");
    }
    partitioner.set_load(&queued([2, 2, 2]), 3);
    let counts = batches(&mut partitioner, &states);
    assert!(
        counts.iter().all(|count| count.abs_diff(1_000) < 150),
        "{counts:?}"
    );
}

#[test]
fn leaders_in_the_rack_of_the_producer_come_first_as_long_as_there_are_any() {
    let states = ["a", "b", "a"].map(|rack| PartitionState::available().leader_rack(rack));
    let counts = batches(&mut StickyPartitioner::new(100).rack("b"), &states);
    assert_eq!(counts, [0, 3_000, 0]);
    let counts = batches(&mut StickyPartitioner::new(100).rack("elsewhere"), &states);
    assert!(counts.iter().all(|count| *count > 500), "{counts:?}");
}
