//! The builder, and what of it a parser reads back.

use libkafka_batch::{
    Batch, Builder, BuilderOptions, Error, HEADER_SIZE, Header, ProducerInfo, Record,
};

use crate::record;

#[test]
fn null_and_empty_stay_apart() -> Result<(), Error> {
    let mut builder = Builder::new();
    builder.add((), "")?;
    builder.add("", ())?;
    builder.add(None::<&str>, Some(b"x"))?;
    let headers = [
        Header::new("null", ()),
        Header::new("empty", ""),
        Header::new("", b"no key"),
    ];
    builder.add_record(&Record {
        headers: (&headers).into(),
        ..Record::default()
    })?;
    let batch = Batch::parse(builder.build()?)?;
    let records = batch.records()?;
    let read = records.iter().collect::<Result<Vec<_>, _>>()?;
    assert_eq!(
        read.iter().map(|r| (r.key, r.value)).collect::<Vec<_>>(),
        [
            (None, Some(&b""[..])),
            (Some(&b""[..]), None),
            (None, Some(&b"x"[..])),
            (None, None),
        ]
    );
    assert!(read[3].headers.iter().eq(headers));
    assert_eq!(
        read.iter().map(|r| r.offset).collect::<Vec<_>>(),
        [0, 1, 2, 3]
    );
    Ok(())
}

#[test]
fn the_size_is_exact_before_during_and_after() -> Result<(), Error> {
    let mut builder = Builder::new();
    assert_eq!(builder.size(), HEADER_SIZE);
    for n in [0, 1, 62, 63, 64, 8190, 8192, 100_000] {
        let value = vec![b'v'; n];
        let headers = [Header::new("h", &value), Header::new("n", ())];
        let headers = if n % 2 == 0 { &headers[..] } else { &[] };
        let record = Record {
            value: Some(&value),
            headers: headers.into(),
            ..record(1_000_000 - n as i64)
        };
        let foretold = builder.size_with(&record);
        builder.add_record(&record)?;
        assert_eq!(builder.size(), foretold, "{n} bytes");
    }
    let size = builder.size();
    assert_eq!(builder.build()?.len(), size);
    assert_eq!(builder.size_with(&record(5)), {
        let mut next = Builder::new();
        next.add_record(&record(5))?;
        next.size()
    });
    Ok(())
}

#[test]
fn every_header_field_says_what_was_set() -> Result<(), Error> {
    let producer = ProducerInfo {
        id: 77,
        epoch: 3,
        base_sequence: Some(i32::MAX),
        transactional: true,
    };
    let options = BuilderOptions::new()
        .base_offset(1 << 40)
        .partition_leader_epoch(9)
        .producer(producer)
        .control(true)
        .log_append_time(5_000);
    let mut builder = Builder::with_options(options);
    for (delta, timestamp) in [(2, 20), (10, 30), (11, 10)] {
        builder.add_record_at(delta, &record(timestamp))?;
    }
    let batch = Batch::parse(builder.build()?)?;
    let header = batch.header;
    assert_eq!(
        (
            header.base_offset,
            header.last_offset_delta,
            batch.next_offset()
        ),
        (1 << 40, 11, (1 << 40) + 12)
    );
    assert_eq!(
        (
            header.partition_leader_epoch,
            header.magic,
            header.record_count
        ),
        (9, 2, 3)
    );
    assert_eq!(
        (
            header.producer_id,
            header.producer_epoch,
            header.base_sequence
        ),
        (77, 3, i32::MAX)
    );
    assert_eq!(
        (
            header.last_sequence(),
            header.sequence(0),
            header.sequence(1)
        ),
        (Some(10), Some(i32::MAX), Some(0))
    );
    assert!(header.attributes.is_control() && header.attributes.is_transactional());
    assert_eq!((header.base_timestamp, header.max_timestamp), (20, 5_000));
    let times = batch
        .records()?
        .iter()
        .map(|r| r.map(|r| r.timestamp))
        .collect::<Result<Vec<_>, _>>()?;
    assert_eq!(times, [5_000; 3]);
    Ok(())
}

#[test]
fn a_builder_goes_on_to_the_next_batch_by_itself() -> Result<(), Error> {
    let mut builder = Builder::new();
    assert!(matches!(builder.build(), Err(Error::Empty)));
    builder.add_record(&record(100))?;
    let first = builder.build()?.to_vec();
    assert_eq!(builder.build()?, first, "built again, it is the same");
    builder.add_record(&record(200))?;
    let second = builder.build_bytes()?;
    assert!(builder.is_empty());
    let batch = Batch::parse(&second)?;
    assert_eq!(
        (batch.header.base_timestamp, batch.header.record_count),
        (200, 1)
    );
    builder.add_record(&record(100))?;
    assert_eq!(builder.build()?, first);
    Ok(())
}

#[test]
fn offsets_that_do_not_ascend_and_timestamps_too_far_apart_are_refused() -> Result<(), Error> {
    let mut builder = Builder::new();
    assert!(matches!(
        builder.add_record_at(-1, &record(0)),
        Err(Error::OffsetDelta {
            delta: -1,
            last: -1
        })
    ));
    builder.add_record_at(i32::MAX, &record(1))?;
    assert!(matches!(
        builder.add_record(&record(1)),
        Err(Error::OffsetDelta { last: i32::MAX, .. })
    ));
    assert_eq!(
        Batch::parse(builder.build()?)?.header.last_offset_delta,
        i32::MAX
    );

    builder.add_record(&record(1))?;
    assert!(matches!(
        builder.add_record(&record(i64::MIN)),
        Err(Error::TimestampDelta { base: 1, .. })
    ));
    assert_eq!(Batch::parse(builder.build()?)?.header.record_count, 1);

    // Kafka itself writes a delta that wraps for these, and reads it back.
    builder.add_record(&record(-1))?;
    builder.add_record(&record(i64::MAX))?;
    let batch = Batch::parse(builder.build()?)?;
    assert_eq!(batch.records()?.iter().last().unwrap()?.timestamp, i64::MAX);
    Ok(())
}

#[test]
fn a_builder_numbers_batches_for_a_producer_and_gives_them_away_where_they_were_built()
-> Result<(), Error> {
    let mut builder = Builder::new();
    let mut producer = ProducerInfo {
        id: 7,
        epoch: 1,
        base_sequence: Some(i32::MAX - 4),
        transactional: false,
    };
    assert!(matches!(
        builder.build_numbered(&mut producer),
        Err(Error::Empty)
    ));
    let mut address = None;
    for first in [i32::MAX - 4, i32::MAX - 1, 1, 4] {
        assert_eq!(producer.base_sequence, Some(first));
        for _ in 0..3 {
            builder.add_record(&record(1))?;
        }
        let numbers = producer;
        // Built before, so that its size is known, or not.
        let built = (first % 2 == 0)
            .then(|| builder.build().map(<[u8]>::as_ptr))
            .transpose()?;
        let batch = builder.build_numbered(&mut producer)?;
        assert_eq!(Batch::parse(&batch)?.header.producer(), Some(numbers));
        assert!(built.is_none_or(|built| built == batch.as_ptr()));
        // The memory of the batch before, which is dropped by now.
        assert_eq!(*address.get_or_insert(batch.as_ptr()), batch.as_ptr());
    }
    Ok(())
}

#[test]
fn a_batch_numbered_late_is_the_one_that_would_have_been_built_so() -> Result<(), Error> {
    let producer = ProducerInfo {
        id: 5,
        epoch: 6,
        base_sequence: Some(7),
        transactional: true,
    };
    let mut builder = Builder::new();
    builder.add_record(&record(1))?;
    let plain = builder.build()?.to_vec();
    let late = builder.build_numbered(&mut producer.clone())?;
    builder.add_record(&record(1))?;
    assert_eq!(builder.build_numbered(&mut producer.clone())?, late);
    builder.add_record(&record(1))?;
    assert_eq!(builder.build()?, plain, "the numbers were for one batch");
    Ok(())
}

#[test]
fn a_marker_is_never_an_ordinary_record() -> Result<(), Error> {
    let mut builder = Builder::new();
    builder.add_end_transaction(true, 3, 0)?;
    let batch = Batch::parse(builder.build()?)?;
    assert!(batch.header.attributes.is_control());
    builder.add("key", "value")?;
    assert!(matches!(
        builder.add_end_transaction(true, 3, 0),
        Err(Error::MarkerAmongRecords)
    ));
    let batch = Batch::parse(builder.build()?)?;
    assert!(!batch.header.attributes.is_control());
    assert_eq!(batch.header.record_count, 1);
    Ok(())
}

#[test]
fn a_record_without_a_timestamp_has_none_rather_than_1970() -> Result<(), Error> {
    let mut builder = Builder::new();
    builder.add_record(&Record::default())?;
    let header = Batch::parse(builder.build()?)?.header;
    assert_eq!(
        (header.base_timestamp, header.max_timestamp),
        (Record::NO_TIMESTAMP, Record::NO_TIMESTAMP)
    );
    Ok(())
}

#[test]
fn one_builder_builds_what_others_hold_and_leaves_them_their_memory() -> Result<(), Error> {
    let mut whole = Builder::new();
    let mut open = Builder::new();
    open.reserve(10_000);
    let capacity = open.capacity();
    let mut building = Builder::new();
    let mut numbers = ProducerInfo {
        id: 7,
        epoch: 1,
        base_sequence: Some(40),
        transactional: false,
    };
    for first in [40, 42] {
        for builder in [&mut open, &mut whole] {
            builder.add_record(&Record::default())?;
            builder.add_record(&Record::default())?;
        }
        let mut expected = numbers;
        let expected = whole.build_numbered(&mut expected)?;
        let batch = building.build_from(&mut open, Some(&mut numbers))?;
        assert_eq!(batch, expected);
        assert_eq!(Batch::parse(&batch)?.header.base_sequence, first);
        assert_eq!((open.len(), open.capacity()), (0, capacity));
        // Nobody else holds it.
        assert!(batch.try_into_mut().is_ok());
    }
    assert!(matches!(
        building.build_from(&mut open, Some(&mut numbers)),
        Err(Error::Empty)
    ));
    assert_eq!(numbers.base_sequence, Some(44));
    Ok(())
}
