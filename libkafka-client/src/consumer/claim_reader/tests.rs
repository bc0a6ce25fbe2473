use std::time::Duration;

use bytes::Bytes;
use libkafka_batch::{Builder, BuilderOptions, ProducerInfo, Restamp};
use libkafka_protocol::ApiKey;

use super::*;
use crate::broker::Broker;
use crate::fetch::OffsetAndTimestamp;
use crate::group::Committed;
use crate::group::membership::{Assignment, Claims, Event};
use crate::place::Phase as At;
use crate::topic_partition::TopicPartition;

const STOPS: Policies = Policies {
    start: Some(OffsetSpec::Earliest),
    out_of_range: OnOutOfRange::Stop,
    truncation: OnTruncation::Stop,
    corrupt: OnCorruptBatch::Stop,
    commit_start: true,
};

fn claim() -> Claim {
    let mut claims = Claims::default();
    let wanted = Assignment::from([(TopicPartition::new("t", 0), None)]);
    claims.reconcile(&wanted, Instant::now());
    match claims.next_event() {
        Some(Event::Assigned { claims }) => claims[0].clone(),
        event => panic!("{event:?}"),
    }
}

fn reader(policies: Policies, committed: bool) -> ClaimReader {
    ClaimReader::new(claim(), policies, committed)
}

/// One that reads from this offset.
fn reading(offset: i64) -> ClaimReader {
    let mut reader = reader(STOPS, false);
    reader.restart(FetchPosition::new(offset));
    reader
}

fn place() -> Box<Place> {
    let broker = Arc::new(Broker {
        id: Some(1),
        address: "localhost:9092".parse().unwrap(),
        rack: None,
    });
    Box::new(Place::before(ApiKey::FETCH, At::Read, &broker))
}

fn found(offset: i64) -> Result<Option<OffsetAndTimestamp>, Arc<Error>> {
    Ok(OffsetAndTimestamp::new(offset, -1, -1))
}

/// A batch of so many records, at this offset.
fn records(base_offset: i64, count: usize) -> Vec<u8> {
    let mut builder = Builder::new();
    for _ in 0..count {
        builder.add("key", "value").unwrap();
    }
    stamped(builder.build_bytes().unwrap(), base_offset)
}

fn marker(base_offset: i64) -> Vec<u8> {
    let producer = ProducerInfo {
        id: 1,
        epoch: 0,
        base_sequence: None,
        transactional: true,
    };
    let mut builder = Builder::with_options(BuilderOptions::new().producer(producer));
    builder.add_end_transaction(true, 0, 0).unwrap();
    stamped(builder.build_bytes().unwrap(), base_offset)
}

fn stamped(bytes: Bytes, base_offset: i64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let restamp = Restamp::new().base_offset(base_offset);
    restamp.partition_leader_epoch(3).apply(&mut bytes).unwrap();
    bytes
}

fn fetched(offset: i64, batches: &[Vec<u8>]) -> Fetched {
    let data = libkafka_protocol::messages::fetch::PartitionData {
        high_watermark: 1000,
        last_stable_offset: 1000,
        records: Some(batches.concat().into()),
        ..Default::default()
    };
    Fetched::new(data, offset, Isolation::ReadUncommitted, 0)
}

#[test]
fn gaps_that_compaction_left_move_the_position_by_the_span_of_each_batch() {
    let now = Instant::now();
    let mut reader = reading(100);
    reader.fetched(fetched(
        100,
        &[records(98, 12), records(117, 3), marker(120)],
    ));
    let end = reader.fetch_position().unwrap();
    assert_eq!((end.offset, end.last_fetched_epoch), (121, Some(3)));
    let first = reader.next(now).unwrap().unwrap();
    // From the asked offset on, however early the batch begins.
    let offsets = |batch: &ClaimedBatch| -> Vec<i64> {
        let records = batch.records().unwrap();
        records
            .iter()
            .map(|record| record.unwrap().offset)
            .collect()
    };
    assert_eq!(offsets(&first), (100..110).collect::<Vec<_>>());
    assert_eq!(reader.position().unwrap().offset, 110);
    let second = reader.next(now).unwrap().unwrap();
    assert_eq!(offsets(&second), [117, 118, 119]);
    assert!(reader.next(now).unwrap().is_none());
    assert_eq!(reader.position().unwrap().offset, 121, "past the marker");
    second.handled();
    assert_eq!(reader.to_commit().unwrap().offset, 100);
    first.handled();
    let watermark = reader.to_commit().unwrap();
    assert_eq!((watermark.offset, watermark.leader_epoch), (121, Some(3)));
}

#[test]
fn two_fetches_are_kept_at_most() {
    let mut reader = reading(0);
    reader.fetched(fetched(0, &[records(0, 2)]));
    assert!(reader.wants_more());
    assert_eq!(reader.fetch_position().unwrap().offset, 2);
    reader.fetched(fetched(2, &[records(2, 2)]));
    assert!(!reader.wants_more());
    for _ in 0..2 {
        reader.next(Instant::now()).unwrap().unwrap();
    }
    assert!(reader.wants_more());
}

#[test]
fn what_is_answered_after_a_seek_does_not_count() {
    let mut reader = reader(STOPS, true);
    assert_eq!(reader.need(), Need::Committed);
    let question = reader.ask();
    assert!(reader.is_asked());
    reader.restart(FetchPosition::new(7));
    assert!(!reader.answered(question));
    assert_eq!(
        (reader.need(), reader.position().unwrap().offset),
        (Need::Fetch, 7)
    );
}

#[test]
fn a_committed_offset_with_an_epoch_is_checked_before_it_is_read() {
    let now = Instant::now();
    let mut reader = reader(STOPS, true);
    let committed = Committed {
        offset: 9,
        leader_epoch: Some(2),
        metadata: None,
    };
    let report = reader.committed_found(now, Ok(Some(committed)), || Error::NoBroker);
    assert!(report.is_none());
    assert_eq!(reader.need(), Need::EpochEnd(2));
    let end = crate::fetch::EpochEndOffset::new(2, 9);
    assert!(reader.epoch_end_found(now, Ok((end, place()))).is_none());
    assert_eq!(reader.need(), Need::Fetch);
    reader.validate();
    let end = crate::fetch::EpochEndOffset::new(1, 8);
    let report = reader.epoch_end_found(now, Ok((end, place()))).unwrap();
    assert!(matches!(
        *report.error,
        Error::Diverged {
            epoch: 1,
            end_offset: 8,
            ..
        }
    ));
    assert_eq!((reader.need(), report.next), (Need::Seek, None));
}

#[test]
fn records_that_were_lost_before_anybody_saw_them_are_fetched_anew_without_a_word() {
    let now = Instant::now();
    let mut reader = reading(0);
    reader.fetched(fetched(0, &[records(0, 2), records(2, 2)]));
    reader.next(now).unwrap().unwrap();
    let diverged = Error::Diverged {
        at: place(),
        epoch: 1,
        end_offset: 3,
    };
    assert!(reader.fetch_failed(now, diverged).is_none());
    assert_eq!(
        (reader.need(), reader.fetch_position().unwrap().offset),
        (Need::Fetch, 2)
    );
}

#[test]
fn an_offset_that_the_log_has_after_all_is_fetched_again_in_a_while() {
    let now = Instant::now();
    let mut reader = reading(5);
    let out_of_range = || Error::OffsetOutOfRange {
        at: place(),
        offset: 5,
        log_start_offset: None,
        end_offset: None,
    };
    assert!(reader.fetch_failed(now, out_of_range()).is_none());
    assert_eq!(reader.need(), Need::Offset(OffsetSpec::Earliest));
    assert!(reader.offset_found(now, found(0)).is_none());
    assert_eq!(reader.need(), Need::Offset(OffsetSpec::Latest));
    let _ = reader.offset_found(now, found(9));
    assert_eq!(reader.need(), Need::Fetch);
    assert_eq!(reader.position().unwrap().offset, 5);
    assert!(reader.not_before(now).is_some());
}

#[test]
fn a_time_after_the_last_record_begins_at_the_end() {
    let now = Instant::now();
    let policies = Policies {
        start: Some(OffsetSpec::Timestamp(5)),
        ..STOPS
    };
    let mut reader = reader(policies, true);
    assert!(
        reader
            .committed_found(now, Ok(None), || Error::NoBroker)
            .is_none()
    );
    assert_eq!(reader.need(), Need::Offset(OffsetSpec::Timestamp(5)));
    assert!(reader.offset_found(now, Ok(None)).is_none());
    assert_eq!(reader.need(), Need::Offset(OffsetSpec::Latest));
    assert!(reader.offset_found(now, found(8)).is_none());
    assert_eq!(reader.position().unwrap().offset, 8);
    assert!(reader.has_new_start() && reader.to_commit().unwrap().offset == 8);
}

#[test]
fn trouble_that_lasts_is_reported_once_and_again_after_it_has_passed() {
    let mut now = Instant::now();
    let mut reader = reading(0);
    let timeout = || Arc::new(Error::Timeout { at: place() });
    assert!(
        reader.failed(now, timeout()).is_none(),
        "a second try may cure it"
    );
    let report = reader.failed(now, timeout()).unwrap();
    assert!(report.next.unwrap() > now);
    for _ in 0..5 {
        now += Duration::from_secs(1);
        assert!(reader.failed(now, timeout()).is_none());
    }
    assert!(reader.not_before(now).unwrap() <= now + Duration::from_secs(1));
    reader.succeeded();
    assert!(reader.not_before(now).is_none());
    reader.failed(now, timeout());
    assert!(reader.failed(now, timeout()).is_some());
    // One that no try cures is worth a word at once.
    reader.succeeded();
    assert!(reader.failed(now, Arc::new(Error::Batch(bad()))).is_some());
}

fn bad() -> libkafka_batch::Error {
    libkafka_batch::Batch::parse(&[]).unwrap_err()
}
