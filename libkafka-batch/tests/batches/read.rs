//! Batches and records, found in the bytes of a set.

use libkafka_batch::{Batch, Builder, BuilderOptions, Error, Record, RecordSet};

use crate::record;

#[test]
fn records_before_an_offset_are_skipped() -> Result<(), Error> {
    let mut builder = Builder::with_options(BuilderOptions::new().base_offset(1000));
    for delta in [0, 5, 6, 20] {
        builder.add_record_at(delta, &record(0))?;
    }
    let batch = Batch::parse(builder.build()?)?;
    let records = batch.records()?;
    for (from, expected) in [
        (0, 4),
        (1000, 4),
        (1001, 3),
        (1006, 2),
        (1007, 1),
        (1020, 1),
        (1021, 0),
    ] {
        assert_eq!(
            records.from_offset(from).remaining(),
            expected,
            "from {from}"
        );
        assert!(records.from_offset(from).all(|r| r.unwrap().offset >= from));
    }
    Ok(())
}

#[test]
fn a_tail_that_is_cut_off_ends_the_set_and_is_visible() -> Result<(), Error> {
    let mut builder = Builder::new();
    builder.add_record(&record(0))?;
    let one = builder.build()?.to_vec();
    let two = [&one[..], &one].concat();
    for cut in 0..one.len() {
        let mut set = RecordSet::new(&two[..one.len() + cut]);
        assert_eq!(
            set.by_ref().map(|b| b.unwrap().size()).collect::<Vec<_>>(),
            [one.len()]
        );
        assert_eq!(set.remaining(), cut);
        assert_eq!(set.cut_off_size(), (cut >= 17).then_some(one.len()));

        // The first batch is too big for the response; that is not the same as nothing there.
        let mut set = RecordSet::new(&one[..cut]);
        assert_eq!(set.cut_off_size(), (cut >= 17).then_some(one.len()));
        assert!(set.next().is_none());
        assert_eq!(set.remaining(), cut);
    }
    assert_eq!(RecordSet::new(&one).cut_off_size(), None);
    Ok(())
}

#[test]
fn a_bad_batch_gives_its_place_and_the_next_one_follows() -> Result<(), Error> {
    let mut builder = Builder::with_options(BuilderOptions::new().base_offset(7));
    builder.add_record(&record(0))?;
    let one = builder.build()?.to_vec();
    let mut bytes = [&one[..], &one, &one].concat();
    bytes[one.len() + 70] ^= 1;
    let mut set = RecordSet::new(&bytes);
    assert!(set.next().unwrap().is_ok());
    let error = set.next().unwrap().unwrap_err();
    let place = error.place().unwrap();
    assert!(matches!(error, Error::Crc { .. }));
    assert_eq!((place.position, place.base_offset), (one.len(), Some(7)));
    assert_eq!(set.next().unwrap()?.position(), 2 * one.len());
    assert!(set.next().is_none());
    assert_eq!(
        RecordSet::unchecked(&bytes).filter(Result::is_ok).count(),
        3
    );
    Ok(())
}

#[test]
fn keys_and_values_can_be_looked_at_as_text() {
    let record = Record {
        key: Some(b"caf\xc3\xa9"),
        value: Some(b"a\xffb"),
        ..Record::default()
    };
    assert_eq!(record.key_text().unwrap(), "café");
    assert_eq!(record.value_text().unwrap(), "a\u{fffd}b");
    assert_eq!(Record::default().value_text(), None);
    let printed = format!("{record:?}");
    assert!(printed.contains(r#"value: Some(b"a\xffb")"#), "{printed}");
}
