//! What holds for any records and any bytes.

use libkafka_batch::{
    Batch, Builder, BuilderOptions, Error, Header, ProducerInfo, Record, RecordSet, Restamp,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use naive::NaiveRecord;

mod naive;

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![9 => vec(any::<u8>(), 0..20), 1 => vec(any::<u8>(), 60..300)]
}

fn timestamp() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(-1),
        Just(i64::MAX),
        0..i64::MAX,
        1_700_000_000_000..1_700_000_100_000i64
    ]
}

/// Records whose offset is their delta from that of the record before, less one.
fn records() -> impl Strategy<Value = Vec<NaiveRecord>> {
    let gap = prop_oneof![5 => Just(0i64), 1 => 0..1000i64];
    let headers = vec((bytes(), option::of(bytes())), 0..4);
    let record = (
        gap,
        timestamp(),
        option::of(bytes()),
        option::of(bytes()),
        headers,
    );
    vec(
        record.prop_map(|(offset, timestamp, key, value, headers)| NaiveRecord {
            offset,
            timestamp,
            key,
            value,
            headers,
        }),
        1..40,
    )
}

/// Numbers the records and builds a batch of them.
fn build(base_offset: i64, records: &mut [NaiveRecord]) -> Vec<u8> {
    let mut builder = Builder::with_options(BuilderOptions::new().base_offset(base_offset));
    let mut delta = -1;
    for record in records {
        delta += record.offset as i32 + 1;
        record.offset = base_offset + i64::from(delta);
        let headers: Vec<_> = record
            .headers
            .iter()
            .map(|(key, value)| Header {
                key,
                value: value.as_deref(),
            })
            .collect();
        let record = Record {
            timestamp: record.timestamp,
            key: record.key.as_deref(),
            value: record.value.as_deref(),
            headers: headers.as_slice().into(),
            ..Record::default()
        };
        builder.add_record_at(delta, &record).unwrap();
    }
    let size = builder.size();
    let bytes = builder.build().unwrap();
    assert_eq!(bytes.len(), size);
    bytes.to_vec()
}

fn fast(bytes: &[u8]) -> Result<Vec<NaiveRecord>, Error> {
    let batch = Batch::parse(bytes)?;
    assert_eq!(
        batch.size(),
        bytes.len(),
        "the naive parser is given one batch"
    );
    let records = batch.records()?;
    records.iter().map(|record| Ok(own(&record?))).collect()
}

fn own(record: &Record<'_>) -> NaiveRecord {
    assert_eq!(record.headers.iter().count(), record.headers.len());
    NaiveRecord {
        offset: record.offset,
        timestamp: record.timestamp,
        key: record.key.map(<[u8]>::to_vec),
        value: record.value.map(<[u8]>::to_vec),
        headers: record
            .headers
            .iter()
            .map(|h| (h.key.to_vec(), h.value.map(<[u8]>::to_vec)))
            .collect(),
    }
}

fn fix_crc(batch: &mut [u8]) {
    let crc = naive::crc32c(&batch[21..]);
    batch[17..21].copy_from_slice(&crc.to_be_bytes());
}

proptest! {
    #[test]
    fn what_is_built_is_read_back(mut records in records(), base_offset in 0..1i64 << 60) {
        let batch = build(base_offset, &mut records);
        prop_assert_eq!(naive::parse(&batch), Some(records.clone()));
        prop_assert_eq!(fast(&batch).unwrap(), records);
    }

    #[test]
    fn what_is_read_is_built_again_byte_for_byte(mut records in records()) {
        let bytes = build(0, &mut records);
        let batch = Batch::parse(&bytes).unwrap();
        let mut builder = Builder::new();
        for record in &batch.records().unwrap() {
            let record = record.unwrap();
            builder.add_record_at(record.offset as i32, &record).unwrap();
        }
        prop_assert_eq!(builder.build().unwrap(), bytes);
    }

    #[test]
    fn skipping_leaves_out_what_comes_before_and_nothing_else(mut records in records(), from in 0..3000i64) {
        let bytes = build(1000, &mut records);
        let batch = Batch::parse(&bytes).unwrap();
        let read = batch.records().unwrap();
        let read = read.from_offset(from).map(|r| own(&r.unwrap())).collect::<Vec<_>>();
        records.retain(|record| record.offset >= from);
        prop_assert_eq!(read, records);
    }

    #[test]
    fn damaged_batches_mean_the_same_to_the_fast_parser_and_to_the_naive_one(
        mut records in records(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        small in any::<bool>(),
    ) {
        let mut batch = build(5, &mut records);
        for (at, with) in damage {
            // Behind the length and the magic, and not to another codec; small changes hit more.
            let at = 21 + at.index(batch.len() - 21);
            batch[at] = if small { batch[at] ^ 1 << (with % 8) } else { with };
        }
        batch[22] &= !7;
        fix_crc(&mut batch);
        prop_assert_eq!(fast(&batch).ok(), naive::parse(&batch));
    }

    #[test]
    fn random_records_mean_the_same_to_both(count in 0..4u8, body in vec(0..12u8, 0..60)) {
        let mut batch = build(0, &mut [NaiveRecord { offset: 3, timestamp: 0, key: None, value: None, headers: vec![] }]);
        batch.truncate(61);
        batch[60] = count;
        batch.extend(body);
        let length = batch.len() as i32 - 12;
        batch[8..12].copy_from_slice(&length.to_be_bytes());
        fix_crc(&mut batch);
        prop_assert_eq!(fast(&batch).ok(), naive::parse(&batch));
    }

    #[test]
    fn any_bytes_end_in_an_answer(bytes in vec(any::<u8>(), 0..300), magic in 0..4u8, unchecked: bool) {
        let mut bytes = bytes;
        if let Some(byte) = bytes.get_mut(16) {
            *byte = magic;
        }
        if let Some(length) = bytes.get_mut(8..12) {
            length[..3].fill(0);
        }
        let mut set = if unchecked { RecordSet::unchecked(&bytes) } else { RecordSet::new(&bytes) };
        let mut handed_out = 0;
        for batch in set.by_ref().flatten() {
            handed_out += batch.size();
            if let Ok(records) = batch.records() {
                let read = records.iter().count();
                prop_assert!(read <= records.len());
                let _ = records.from_offset(1 << 40).count();
            }
        }
        prop_assert!(handed_out + set.remaining() <= bytes.len());
    }

    #[test]
    fn a_restamp_changes_what_it_names_and_keeps_the_rest(
        mut records in records(), id: i64, epoch: i16, base_sequence: i32, transactional: bool, base_offset in 0..1i64 << 60
    ) {
        let before = build(0, &mut records);
        let mut after = before.clone();
        let producer = ProducerInfo { id, epoch, base_sequence: Some(base_sequence), transactional };
        Restamp::new().base_offset(base_offset).producer(producer).apply(&mut after).unwrap();
        let (old, new) = (Batch::parse(&before).unwrap(), Batch::parse(&after).unwrap());
        prop_assert_eq!(old.payload(), new.payload());
        prop_assert_eq!((new.header.producer_id, new.header.producer_epoch), (id, epoch));
        prop_assert_eq!(new.header.base_sequence, base_sequence);
        prop_assert_eq!(new.header.attributes.is_transactional(), transactional);
        prop_assert_eq!(new.header.last_offset(), base_offset + old.header.last_offset());
    }
}
