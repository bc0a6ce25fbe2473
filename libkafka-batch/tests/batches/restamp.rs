//! Headers of finished batches, changed in place.

use libkafka_batch::{Batch, Builder, BuilderOptions, Error, ProducerInfo, Restamp};

use crate::record;

#[test]
fn a_restamped_batch_is_the_one_that_would_have_been_built_so() -> Result<(), Error> {
    let producer = ProducerInfo {
        id: 5,
        epoch: 6,
        base_sequence: Some(7),
        transactional: true,
    };
    let mut builder = Builder::new();
    for n in 0..100 {
        builder.add_record(&record(1000 + n))?;
    }
    let mut bytes = builder.build()?.to_vec();
    let options = BuilderOptions::new()
        .base_offset(42)
        .partition_leader_epoch(3)
        .producer(producer)
        .log_append_time(99);
    let mut builder = Builder::with_options(options);
    for n in 0..100 {
        builder.add_record(&record(1000 + n))?;
    }
    let stamps = Restamp::new()
        .base_offset(42)
        .partition_leader_epoch(3)
        .producer(producer)
        .log_append_time(99);
    bytes.extend_from_slice(b"what follows");
    stamps.apply(&mut bytes)?;
    assert_eq!(
        bytes.strip_suffix(b"what follows").unwrap(),
        builder.build()?
    );
    Ok(())
}

#[test]
fn a_damaged_batch_stays_damaged_when_restamped() -> Result<(), Error> {
    let mut builder = Builder::new();
    builder.add("key", "value")?;
    let mut bytes = builder.build()?.to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    let producer = ProducerInfo {
        id: 5,
        epoch: 6,
        base_sequence: Some(7),
        transactional: false,
    };
    Restamp::new().producer(producer).apply(&mut bytes)?;
    assert!(matches!(Batch::parse(&bytes), Err(Error::Crc { .. })));
    assert_eq!(Batch::parse_unchecked(&bytes)?.header.producer_id, 5);
    Ok(())
}

#[test]
fn a_restamp_that_cannot_be_changes_nothing() -> Result<(), Error> {
    let mut builder = Builder::new();
    builder.add_record_at(10, &record(0))?;
    let bytes = builder.build()?.to_vec();
    let mut changed = bytes.clone();
    let stamps = Restamp::new()
        .base_offset(i64::MAX - 9)
        .partition_leader_epoch(1);
    assert!(matches!(
        stamps.apply(&mut changed),
        Err(Error::Restamp { .. })
    ));
    assert!(matches!(
        stamps.apply(&mut changed[..70]),
        Err(Error::CutOff { available: 70, .. })
    ));
    assert_eq!(changed, bytes);
    Ok(())
}

#[test]
fn a_batch_of_append_times_gets_its_own_times_back() -> Result<(), Error> {
    let mut builder = Builder::with_options(BuilderOptions::new().log_append_time(9_000));
    for time in [20, 10, 30] {
        builder.add_record(&record(time))?;
    }
    let mut bytes = builder.build()?.to_vec();
    let times = |bytes: &[u8]| {
        let batch = Batch::parse(bytes)?;
        let records = batch.records()?;
        records
            .iter()
            .map(|record| Ok(record?.timestamp))
            .collect::<Result<Vec<_>, Error>>()
    };
    assert_eq!(times(&bytes)?, [9_000; 3]);
    Restamp::new()
        .create_time()
        .max_timestamp(30)
        .apply(&mut bytes)?;
    assert_eq!(times(&bytes)?, [20, 10, 30]);
    let mut as_built = Builder::new();
    for time in [20, 10, 30] {
        as_built.add_record(&record(time))?;
    }
    assert_eq!(as_built.build()?, bytes);
    Ok(())
}

#[test]
fn a_restamp_clears_what_it_is_told_to_and_nothing_else() -> Result<(), Error> {
    let mut plain = Builder::new();
    plain.add_record(&record(1))?;
    let producer = ProducerInfo {
        id: 5,
        epoch: 6,
        base_sequence: Some(7),
        transactional: true,
    };
    let options = BuilderOptions::new()
        .partition_leader_epoch(3)
        .producer(producer);
    let mut builder = Builder::with_options(options);
    builder.add_record(&record(1))?;
    let mut bytes = builder.build()?.to_vec();
    Restamp::new()
        .no_producer()
        .no_partition_leader_epoch()
        .apply(&mut bytes)?;
    assert_eq!(bytes, plain.build()?);
    Ok(())
}
