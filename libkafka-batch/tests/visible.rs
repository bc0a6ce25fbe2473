//! What an application should see of a fetch response.

use libkafka_batch::{
    AbortedTransaction, Builder, BuilderOptions, Decoder, Error, ProducerInfo, ReadCommitted,
    Record, RecordSet, VisibleBatches,
};

fn transaction(id: i64) -> ProducerInfo {
    ProducerInfo {
        id,
        epoch: 0,
        base_sequence: None,
        transactional: true,
    }
}

/// A batch of records whose values are their offsets; the last offset is `last`.
fn records(options: BuilderOptions, base_offset: i64, deltas: &[i32]) -> Vec<u8> {
    let mut builder = Builder::with_options(options.base_offset(base_offset));
    for delta in deltas {
        let value = (base_offset + i64::from(*delta)).to_string();
        let record = Record {
            value: Some(value.as_bytes()),
            ..Record::default()
        };
        builder.add_record_at(*delta, &record).unwrap();
    }
    builder.build().unwrap().to_vec()
}

fn marker(id: i64, base_offset: i64, commit: bool) -> Vec<u8> {
    let options = BuilderOptions::new()
        .base_offset(base_offset)
        .producer(transaction(id));
    let mut builder = Builder::with_options(options);
    builder.add_end_transaction(commit, 0, 0).unwrap();
    builder.build().unwrap().to_vec()
}

/// Producer 1 aborts, producer 2 commits, and one is not transactional.
fn response() -> Vec<u8> {
    [
        records(BuilderOptions::new(), 0, &[0, 1, 2]),
        records(BuilderOptions::new().producer(transaction(1)), 3, &[0, 1]),
        records(BuilderOptions::new().producer(transaction(2)), 5, &[0]),
        marker(1, 6, false),
        marker(2, 7, true),
    ]
    .concat()
}

fn seen(batches: &mut VisibleBatches<'_>) -> Result<Vec<String>, Error> {
    let mut decoder = Decoder::new();
    let mut seen = Vec::new();
    for batch in batches {
        for record in &batch?.records_with(&mut decoder)? {
            let record = record?;
            assert_eq!(record.offset.to_string(), record.value_text().unwrap());
            seen.push(record.value_text().unwrap().into_owned());
        }
    }
    Ok(seen)
}

#[test]
fn records_before_the_asked_offset_and_control_records_are_left_out() -> Result<(), Error> {
    let bytes = response();
    for from in 0..=8 {
        let mut batches = VisibleBatches::new(RecordSet::new(&bytes), from);
        assert_eq!(batches.next_offset(), from);
        let expected = (from..6).map(|offset| offset.to_string());
        assert_eq!(seen(&mut batches)?, Vec::from_iter(expected), "from {from}");
        assert_eq!(batches.next_offset(), 8, "past the markers too");
        assert_eq!(batches.record_set().remaining(), 0);
    }
    Ok(())
}

#[test]
fn records_of_aborted_transactions_are_left_out_when_reading_committed() -> Result<(), Error> {
    let bytes = response();
    let aborted = [AbortedTransaction {
        producer_id: 1,
        first_offset: 3,
    }];
    let mut batches =
        VisibleBatches::new(RecordSet::new(&bytes), 1).read_committed(ReadCommitted::new(aborted));
    assert_eq!(seen(&mut batches)?, ["1", "2", "5"]);
    assert_eq!(batches.next_offset(), 8);
    Ok(())
}

#[test]
fn a_response_of_nothing_but_what_is_left_out_moves_on_all_the_same() -> Result<(), Error> {
    let bytes = marker(1, 6, true);
    let mut batches = VisibleBatches::new(RecordSet::new(&bytes), 6);
    assert!(seen(&mut batches)?.is_empty());
    assert_eq!(batches.next_offset(), 7);
    Ok(())
}

#[test]
fn a_bad_batch_ends_it_and_is_not_passed() {
    let good = records(BuilderOptions::new(), 0, &[0, 1]);
    let mut bytes = [&good[..], &records(BuilderOptions::new(), 2, &[0]), &good].concat();
    bytes[good.len() + 65] ^= 1;
    let mut batches = VisibleBatches::new(RecordSet::new(&bytes), 0);
    assert!(batches.next().unwrap().is_ok());
    assert!(matches!(batches.next(), Some(Err(Error::Crc { .. }))));
    assert!(batches.next().is_none());
    assert_eq!(batches.next_offset(), 2);
}

#[test]
fn the_offset_to_read_on_from_never_moves_back() -> Result<(), Error> {
    let bytes = records(BuilderOptions::new(), 0, &[0, 1]);
    let mut batches = VisibleBatches::new(RecordSet::new(&bytes), 100);
    assert!(seen(&mut batches)?.is_empty());
    assert_eq!(batches.next_offset(), 100);
    Ok(())
}
