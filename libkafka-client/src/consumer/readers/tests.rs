use std::time::Instant;

use bytes::Bytes;
use libkafka_batch::Builder;

use super::*;
use crate::consumer::claim_reader::Policies;
use crate::consumer::policies::{OnCorruptBatch, OnOutOfRange, OnTruncation};
use crate::fetch::{FetchPosition, Fetched, Isolation, OffsetSpec};
use crate::group::membership::{Assignment, Claims, Event};

const POLICIES: Policies = Policies {
    start: Some(OffsetSpec::Earliest),
    out_of_range: OnOutOfRange::Stop,
    truncation: OnTruncation::Stop,
    corrupt: OnCorruptBatch::Stop,
    commit_start: true,
};

/// Readers of this many partitions on the lane of broker 1, which have fetched a batch each.
fn readers(partitions: i32) -> (Readers, Vec<Claim>) {
    let mut claims = Claims::default();
    let wanted = (0..partitions).map(|number| (TopicPartition::new("t", number), None));
    claims.reconcile(&wanted.collect::<Assignment>(), Instant::now());
    let Some(Event::Assigned { claims }) = claims.next_event() else {
        panic!("nothing is assigned");
    };
    let mut readers = Readers::default();
    for claim in &claims {
        let mut reader = ClaimReader::new(claim.clone(), POLICIES, false);
        reader.restart(FetchPosition::new(0));
        reader.lane = Some(1);
        reader.fetched(fetched(0));
        readers.insert(reader);
    }
    (readers, claims)
}

fn batch() -> Vec<u8> {
    let mut builder = Builder::new();
    builder.add("key", "value").unwrap();
    builder.build_bytes().unwrap().to_vec()
}

fn fetched(offset: i64) -> Fetched {
    let mut records = batch();
    records[..8].copy_from_slice(&offset.to_be_bytes());
    let data = libkafka_protocol::messages::fetch::PartitionData {
        records: Some(Bytes::from(records)),
        ..Default::default()
    };
    Fetched::new(data, offset, Isolation::ReadUncommitted, 0)
}

/// The most bytes that are ready on the lane of a broker.
fn ready(readers: &Readers, broker: i32) -> usize {
    (1..)
        .take_while(|bytes| readers.have_ready(broker, *bytes))
        .count()
}

#[test]
fn what_is_queued_counts_for_its_lane_until_its_turn() {
    let (mut readers, claims) = readers(3);
    let size = batch().len();
    claims
        .iter()
        .for_each(|claim| readers.queue(claim.number()));
    assert_eq!((ready(&readers, 1), ready(&readers, 2)), (3 * size, 0));
    let (claim, batch) = readers.next(Instant::now()).unwrap();
    assert!(claim == claims[0] && batch.is_ok());
    assert_eq!(ready(&readers, 1), 2 * size);
}

#[test]
fn what_is_fetched_while_a_claim_is_queued_counts_too() {
    let (mut readers, claims) = readers(1);
    let size = batch().len();
    let number = claims[0].number();
    readers.queue(number);
    readers.by_number(number).unwrap().fetched(fetched(1));
    readers.queue(number);
    assert_eq!(ready(&readers, 1), 2 * size);
    readers.next(Instant::now()).unwrap().1.unwrap();
    // It is not queued twice.
    assert!(!readers.has_ready());
    assert_eq!(ready(&readers, 1), 0);
}

#[test]
fn a_queued_claim_that_ends_or_is_paused_counts_no_longer_than_its_turn() {
    let (mut readers, claims) = readers(2);
    claims
        .iter()
        .for_each(|claim| readers.queue(claim.number()));
    readers.remove(&claims[0]).unwrap();
    assert_eq!(ready(&readers, 1), batch().len());
    readers.get_mut(&claims[1]).unwrap().paused = true;
    assert!(readers.next(Instant::now()).is_none());
    assert_eq!(ready(&readers, 1), 0);
}

#[test]
fn a_claim_has_its_turn_until_one_fetch_of_it_is_handed_out() {
    let (mut readers, claims) = readers(2);
    let of_two = |offset: i64| {
        let mut fetched = fetched(offset);
        let mut second = batch();
        second[..8].copy_from_slice(&(offset + 1).to_be_bytes());
        fetched.records = [fetched.records.to_vec(), second].concat().into();
        fetched
    };
    for claim in &claims {
        let reader = readers.by_number(claim.number()).unwrap();
        reader.restart(FetchPosition::new(0));
        reader.fetched(of_two(0));
        reader.fetched(of_two(2));
        readers.queue(claim.number());
    }
    let mut next = || {
        let (claim, batch) = readers.next(Instant::now()).unwrap();
        readers.queue_again(claim.number());
        (claim.number(), batch.unwrap().span().first_offset)
    };
    let [one, two] = [claims[0].number(), claims[1].number()];
    let expected = [
        (one, 0),
        (one, 1),
        (two, 0),
        (two, 1),
        (one, 2),
        (one, 3),
        (two, 2),
        (two, 3),
    ];
    assert_eq!(expected.map(|_| next()), expected);
}
