//! A packer by itself.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::deadline::Deadline;

fn batch(partition: i32, bytes: &'static [u8]) -> LaneBatch {
    LaneBatch {
        partition: TopicPartition::new("topic", partition),
        topic_id: None,
        bytes: Bytes::from_static(bytes),
        deadline: Deadline::after(Duration::from_secs(60)),
        tag: 0,
    }
}

fn packed(packer: &mut RequestPacker, max_bytes: usize) -> Vec<(i32, &'static str)> {
    let text =
        |bytes: &Bytes| -> &'static str { String::from_utf8_lossy(bytes).into_owned().leak() };
    let packed = packer.pack(max_bytes);
    packed
        .iter()
        .map(|batch| (batch.partition.partition, text(&batch.bytes)))
        .collect()
}

#[test]
fn a_request_has_one_batch_of_each_partition() {
    let mut packer = RequestPacker::default();
    for (partition, bytes) in [(1, "a"), (1, "b"), (2, "c"), (1, "d"), (3, "e")] {
        packer.push(batch(partition, bytes.as_bytes()));
    }
    assert_eq!(packed(&mut packer, 100), [(1, "a"), (2, "c"), (3, "e")]);
    assert_eq!(packed(&mut packer, 100), [(1, "b")]);
    assert_eq!(packed(&mut packer, 100), [(1, "d")]);
    assert_eq!(packed(&mut packer, 100), []);
    assert_eq!((packer.len(), packer.bytes()), (0, 0));
}

#[test]
fn what_does_not_fit_comes_first_in_the_next_request() {
    let mut packer = RequestPacker::default();
    for (partition, bytes) in [(1, "aaaa"), (2, "bbbbb"), (3, "c"), (1, "d")] {
        packer.push(batch(partition, bytes.as_bytes()));
    }
    assert_eq!(packed(&mut packer, 8), [(1, "aaaa")]);
    assert_eq!(packed(&mut packer, 8), [(2, "bbbbb"), (3, "c"), (1, "d")]);
}

#[test]
fn no_partition_has_a_second_turn_before_each_has_had_its_first() {
    let mut packer = RequestPacker::default();
    for _ in 0..3 {
        for partition in 0..10 {
            packer.push(batch(partition, b"x"));
        }
    }
    let troubled = TopicPartition::new("topic", 4);
    packer.set_trouble(&troubled, true);
    let mut turns = [0; 10];
    while packer.len() > 0 {
        // Whoever has just had a turn has more to send than the others.
        for (partition, _) in packed(&mut packer, 3) {
            turns[partition as usize] += 1;
            if turns[partition as usize] < 5 {
                packer.push(batch(partition, b"x"));
            }
        }
        let (least, most) = (turns.iter().min(), turns.iter().max());
        assert!(most.unwrap() - least.unwrap() <= 1, "{turns:?}");
    }
}

#[test]
fn a_batch_larger_than_a_request_may_be_goes_by_itself() {
    let mut packer = RequestPacker::default();
    packer.push(batch(1, b"aaaaaaaa"));
    packer.push(batch(2, b"b"));
    assert_eq!(packed(&mut packer, 4), [(1, "aaaaaaaa")]);
    assert_eq!(packed(&mut packer, 4), [(2, "b")]);
}

#[test]
fn a_partition_in_trouble_travels_alone_until_it_is_well() {
    let mut packer = RequestPacker::default();
    for partition in [1, 2, 3] {
        packer.push(batch(partition, b"x"));
        packer.push(batch(partition, b"y"));
    }
    packer.set_trouble(&TopicPartition::new("topic", 2), true);
    assert_eq!(packed(&mut packer, 100), [(1, "x"), (3, "x")]);
    assert_eq!(packed(&mut packer, 100), [(2, "x")]);
    packer.set_trouble(&TopicPartition::new("topic", 2), false);
    assert_eq!(packed(&mut packer, 100), [(1, "y"), (3, "y"), (2, "y")]);
}

#[test]
fn what_was_put_back_leaves_again_before_what_is_behind_it() {
    let mut packer = RequestPacker::default();
    for (partition, bytes) in [(1, "a"), (2, "b"), (1, "c")] {
        packer.push(batch(partition, bytes.as_bytes()));
    }
    let first = packer.pack(100);
    packer.put_back(first);
    assert_eq!(packed(&mut packer, 100), [(1, "a"), (2, "b")]);
    assert_eq!(packed(&mut packer, 100), [(1, "c")]);
}

#[test]
fn only_what_is_past_its_deadline_expires() {
    let mut packer = RequestPacker::default();
    let mut late = batch(1, b"late");
    late.deadline = Deadline::now();
    packer.push(batch(1, b"a"));
    packer.push(late);
    let expired = packer.expire(Instant::now());
    assert_eq!(expired.len(), 1);
    assert_eq!(expired[0].bytes, "late");
    assert!(packer.expire(Instant::now()).is_empty());
    assert_eq!(packed(&mut packer, 100), [(1, "a")]);
}

proptest! {
    #[test]
    fn every_batch_leaves_once_and_in_the_order_of_its_partition(
        steps in prop::collection::vec((0..6_i32, 1..40_usize, 0..8_u8), 0..100),
    ) {
        static ZEROS: [u8; 40] = [0; 40];
        let mut packer = RequestPacker::default();
        let mut pushed: HashMap<i32, Vec<usize>> = HashMap::new();
        let mut left: HashMap<i32, Vec<usize>> = HashMap::new();
        let pack = |packer: &mut RequestPacker, left: &mut HashMap<i32, Vec<usize>>| {
            let packed = packer.pack(50);
            let mut seen = HashSet::new();
            let size: usize = packed.iter().map(|batch| batch.bytes.len()).sum();
            assert!(size <= 50);
            for batch in packed {
                assert!(seen.insert(batch.partition.partition));
                left.entry(batch.partition.partition).or_default().push(batch.bytes.len());
            }
            assert!(packer.len() == 0 || !seen.is_empty());
        };
        for (partition, size, kind) in steps {
            match kind {
                0 => pack(&mut packer, &mut left),
                1 => {
                    let of = TopicPartition::new("topic", partition);
                    packer.set_trouble(&of, size % 2 == 0);
                }
                _ => {
                    packer.push(batch(partition, &ZEROS[..size]));
                    pushed.entry(partition).or_default().push(size);
                }
            }
        }
        while packer.len() > 0 {
            pack(&mut packer, &mut left);
        }
        prop_assert_eq!(pushed, left);
        prop_assert_eq!(packer.bytes(), 0);
        prop_assert_eq!(packer.in_trouble().count(), packer.in_trouble);
    }
}
