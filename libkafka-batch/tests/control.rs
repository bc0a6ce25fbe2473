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
