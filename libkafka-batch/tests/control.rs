//! Control records and transactions.

use libkafka_batch::{
    AbortedTransaction, Batch, Builder, BuilderOptions, Control, Error, LeaderChange, ProducerInfo,
    ReadCommitted, Record, RecordSet, Voter,
};

/// A batch that Kafka wrote, as bytes.
fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap())
        .collect()
}

fn first(bytes: &[u8]) -> Result<Control, Error> {
    let batch = Batch::parse(bytes)?;
    assert!(batch.header.attributes.is_control());
    let records = batch.records()?;
    Control::parse(&records.iter().next().unwrap()?)
}

fn batch(id: i64, base_offset: i64, kind: Option<bool>) -> Vec<u8> {
    let producer = ProducerInfo {
        id,
        epoch: 0,
        base_sequence: None,
        transactional: true,
    };
    let options = BuilderOptions::new()
        .base_offset(base_offset)
        .producer(producer);
    let mut builder = Builder::with_options(options);
    match kind {
        Some(commit) => builder.add_end_transaction(commit, 3, 0).unwrap(),
        None => builder.add("key", "value").unwrap(),
    }
    builder.build().unwrap().to_vec()
}

#[test]
fn transaction_markers_tell_commit_from_abort() -> Result<(), Error> {
    assert_eq!(
        first(&batch(1, 0, Some(true)))?,
        Control::Commit {
            coordinator_epoch: 3
        }
    );
    assert_eq!(
        first(&batch(1, 0, Some(false)))?,
        Control::Abort {
            coordinator_epoch: 3
        }
    );
    Ok(())
}

#[test]
fn a_leader_change_that_kafka_wrote_is_read() -> Result<(), Error> {
    let bytes = unhex(concat!(
        "000000000000000a00000086000000060247adf247002000000000000001977420dc01000001977420dc01ffffffffffffffffffffffff",
        "ffff00000001a6010000000800000002900100010000000203000000010000000000000001000000000000000200000000020000000000",
        "000003000000000000000400020000000200000000000000030000000000000004000000",
    ));
    let directory_id =
        |high: u64, low: u64| (u128::from(high) << 64 | u128::from(low)).to_be_bytes();
    let two = Voter {
        id: 2,
        directory_id: directory_id(3, 4),
    };
    let expected = LeaderChange {
        leader_id: 2,
        voters: vec![
            Voter {
                id: 1,
                directory_id: directory_id(1, 2),
            },
            two,
        ],
        granting_voters: vec![two],
    };
    assert_eq!(first(&bytes)?, Control::LeaderChange(expected));
    Ok(())
}

#[test]
fn malformed_control_records_are_errors_and_unknown_ones_are_not() {
    let parse = |key: Option<&[u8]>, value: Option<&[u8]>| {
        Control::parse(&Record {
            offset: 7,
            key,
            value,
            ..Record::default()
        })
    };
    for (key, value) in [
        (None, None),
        (Some(&[0, 0, 0][..]), None),
        (Some(&[0, 0, 0, 0]), None),
        (Some(&[0, 0, 0, 1]), Some(&[0, 0, 0, 0, 0][..])),
        (
            Some(&[0, 0, 0, 2]),
            Some(&[0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f]),
        ),
    ] {
        assert!(
            matches!(
                parse(key, value),
                Err(Error::ControlRecord { offset: 7, .. })
            ),
            "{key:?} {value:?}"
        );
    }
    assert_eq!(
        parse(Some(&[0, 9, 0, 99, 1, 2]), None).unwrap(),
        Control::Unknown { kind: 99 }
    );
}

#[test]
fn records_of_aborted_transactions_and_markers_are_not_for_applications() -> Result<(), Error> {
    // Producer 1 aborts and then commits, producer 2 commits, producer 3 is not transactional.
    let mut plain = Builder::with_options(BuilderOptions::new().base_offset(2));
    plain.add("key", "value")?;
    let sets = [
        batch(1, 0, None),
        batch(2, 1, None),
        plain.build()?.to_vec(),
        batch(1, 3, None),
        batch(1, 4, Some(false)),
        batch(1, 5, None),
        batch(2, 6, Some(true)),
        batch(1, 7, Some(true)),
        batch(1, 8, None),
        batch(1, 9, Some(false)),
    ]
    .concat();
    let seen = |aborted: &[AbortedTransaction]| {
        let mut committed = ReadCommitted::new(aborted.iter().copied());
        let batches = RecordSet::new(&sets).map(Result::unwrap);
        batches
            .filter(|b| committed.admits(b).unwrap())
            .map(|b| b.header.base_offset)
            .collect::<Vec<_>>()
    };
    let aborted = |producer_id, first_offset| AbortedTransaction {
        producer_id,
        first_offset,
    };
    assert_eq!(seen(&[]), [0, 1, 2, 3, 5, 8]);
    assert_eq!(seen(&[aborted(1, 0), aborted(1, 8)]), [1, 2, 5]);
    assert_eq!(
        seen(&[aborted(1, 8), aborted(1, 0)]),
        [1, 2, 5],
        "in any order"
    );
    // A fetch that starts in the midst of the transaction lists it all the same.
    assert_eq!(seen(&[aborted(1, -5)]), [1, 2, 5, 8]);
    Ok(())
}

/// A control batch whose record has this key and value, for the producer 1.
fn control(base_offset: i64, options: BuilderOptions, key: &[u8], value: Option<&[u8]>) -> Vec<u8> {
    let producer = ProducerInfo {
        id: 1,
        epoch: 0,
        base_sequence: None,
        transactional: true,
    };
    let options = options
        .base_offset(base_offset)
        .producer(producer)
        .control(true);
    let mut builder = Builder::with_options(options);
    let record = Record {
        key: Some(key),
        value,
        ..Record::default()
    };
    builder.add_record(&record).unwrap();
    builder.build().unwrap().to_vec()
}

fn seen_after_marker(marker: &[u8]) -> Result<Vec<i64>, Error> {
    let set = [&batch(1, 0, None)[..], marker, &batch(1, 2, None)].concat();
    let mut committed = ReadCommitted::new([AbortedTransaction {
        producer_id: 1,
        first_offset: 0,
    }]);
    let mut seen = Vec::new();
    for batch in RecordSet::new(&set) {
        let batch = batch?;
        if committed.admits(&batch)? {
            seen.push(batch.header.base_offset);
        }
    }
    Ok(seen)
}

#[test]
fn the_key_of_a_marker_alone_ends_an_aborted_transaction() -> Result<(), Error> {
    for value in [None, Some(&[][..]), Some(&[0, 0, 0]), Some(&[0; 40])] {
        let marker = control(1, BuilderOptions::new(), &[0, 0, 0, 0], value);
        assert_eq!(seen_after_marker(&marker)?, [2], "{value:?}");
        // A commit of another transaction ends nothing.
        let marker = control(1, BuilderOptions::new(), &[0, 0, 0, 1], value);
        assert!(seen_after_marker(&marker)?.is_empty(), "{value:?}");
    }
    for key in [&[][..], &[0, 0, 0], &[0xff, 0xff, 0, 0]] {
        let marker = control(1, BuilderOptions::new(), key, None);
        assert!(
            matches!(
                seen_after_marker(&marker),
                Err(Error::ControlRecord { offset: 1, .. })
            ),
            "{key:?}"
        );
    }
    Ok(())
}

#[cfg(feature = "gzip")]
#[test]
fn a_compressed_marker_is_read_up_to_a_small_limit() -> Result<(), Error> {
    use libkafka_batch::{Decoder, Gzip};

    let gzip = || BuilderOptions::new().compressor(Gzip::new());
    let marker = control(1, gzip(), &[0, 0, 0, 0], None);
    assert_eq!(seen_after_marker(&marker)?, [2]);
    let big = vec![0; Decoder::CONTROL_LIMIT];
    let marker = control(1, gzip(), &[0, 0, 0, 0], Some(&big));
    assert!(matches!(
        seen_after_marker(&marker),
        Err(Error::TooLarge {
            limit: Decoder::CONTROL_LIMIT,
            ..
        })
    ));
    Ok(())
}

#[test]
fn attribute_bits_of_old_messages_make_no_control_record_and_no_transaction() -> Result<(), Error> {
    // A message of magic 1 that has the bits 0x70, which Kafka overlooks.
    let bytes = unhex(
        "00000000000000640000001857d1d6400170000000000000000500000001 6b0000000176"
            .replace(' ', "")
            .as_str(),
    );
    let header = Batch::parse_unchecked(&bytes)?.header;
    assert!(header.attributes.is_control() && header.attributes.is_transactional());
    assert!(!header.is_control() && !header.is_transactional());
    assert!(ReadCommitted::default().admits(&Batch::parse_unchecked(&bytes)?)?);
    Ok(())
}
