//! Records that go in and come out.

use libkafka_client::{Acks, Error, OffsetSpec, ProducerOptions};

use libkafka_integration::{batch, batch_at, patiently, until, values};

use crate::place::Place;

pub(crate) fn come_back_with_any_acks(place: &Place) {
    let mut client = place.client();
    let topic = place.create(&mut client, "acks");
    let mut fetcher = client.fetcher(&topic, 0).unwrap();
    for (n, acks) in (0..).zip([Acks::None, Acks::Leader, Acks::All]) {
        let mut producer = client
            .producer_with(&topic, 0, ProducerOptions::new().acks(acks))
            .unwrap();
        // More than fits one TLS record, or one buffer.
        let long = format!("{n} {}", "x".repeat(100_000));
        let short = format!("{n}");
        let produced = producer.produce(batch(&[&long, &short])).unwrap();
        match acks {
            Acks::None => {
                assert_eq!(produced.base_offset, None);
                until(|| (fetcher.seek_to(OffsetSpec::Latest).unwrap() > 0).then_some(()));
                fetcher.seek(0);
            }
            _ => assert_eq!(produced.base_offset, Some(2 * n)),
        }
        assert_eq!(values(&mut fetcher), [long, short]);
    }
    fetcher.seek(17);
    let error = fetcher.fetch().unwrap_err();
    let bounds = matches!(
        error,
        Error::OffsetOutOfRange {
            offset: 17,
            log_start_offset: Some(0),
            end_offset: Some(6),
            ..
        }
    );
    assert!(bounds, "{error:?}");
}

pub(crate) fn are_found_by_position(place: &Place) {
    let mut client = place.client();
    let topic = place.create(&mut client, "positions");
    let mut fetcher = client.fetcher(&topic, 0).unwrap();
    assert_eq!(fetcher.seek_to(OffsetSpec::Earliest).unwrap(), 0);
    assert_eq!(fetcher.seek_to(OffsetSpec::Latest).unwrap(), 0);
    assert_eq!(fetcher.offset_of(OffsetSpec::Timestamp(0)).unwrap(), None);

    let time = 1_700_000_000_000;
    let mut producer = client.producer(&topic, 0).unwrap();
    producer.produce(batch_at(time, &["a", "b", "c"])).unwrap();
    producer.produce(batch_at(time + 100, &["d", "e"])).unwrap();
    for (position, offset, rest) in [
        (OffsetSpec::Earliest, 0, "abcde"),
        (OffsetSpec::Timestamp(time + 1), 1, "bcde"),
        (OffsetSpec::Timestamp(time + 50), 3, "de"),
        (OffsetSpec::Timestamp(time + 500), 5, ""),
        (OffsetSpec::Latest, 5, ""),
    ] {
        assert_eq!(fetcher.seek_to(position).unwrap(), offset, "{position:?}");
        assert_eq!(values(&mut fetcher).concat(), rest, "{position:?}");
    }
    let timestamp = OffsetSpec::Timestamp(time + 50);
    let found = fetcher.offset_of(timestamp).unwrap().unwrap();
    assert_eq!((found.offset, found.timestamp), (3, Some(time + 100)));
}

pub(crate) fn are_there_once(place: &Place) {
    let mut client = place.client();
    let topic = place.create(&mut client, "once");
    let mut producer = patiently(&mut client, |client| {
        client.producer_with(&topic, 0, ProducerOptions::new().idempotent(true))
    });
    let expected: Vec<String> = (0..8).map(|n| n.to_string()).collect();
    let mut recent = Vec::new();
    for value in &expected {
        let batch = producer.stamp(batch(&[value])).unwrap();
        let produced = producer.produce(batch.clone()).unwrap();
        recent.push((batch, produced.base_offset));
        // As one would that had not heard of its success: the last, and the fifth last.
        for (batch, offset) in [recent.last(), recent.iter().rev().nth(4)]
            .into_iter()
            .flatten()
        {
            let again = producer.produce(batch.clone()).unwrap();
            assert!(again.duplicate || again.base_offset == *offset);
        }
    }
    let mut fetcher = client.fetcher(&topic, 0).unwrap();
    assert_eq!(values(&mut fetcher), expected);
}

pub(crate) fn keep_their_order_in_a_pipeline(place: &Place) {
    let mut client = place.client();
    let topic = place.create(&mut client, "pipeline");
    let mut producer = client.producer(&topic, 0).unwrap();
    let expected: Vec<String> = (0..20).map(|n| n.to_string()).collect();
    let mut offsets = Vec::new();
    for value in &expected {
        if producer.in_flight() == 5 {
            offsets.extend(producer.collect().unwrap().unwrap().base_offset);
        }
        producer.send(batch(&[value])).unwrap();
    }
    while let Some(produced) = producer.collect().unwrap() {
        offsets.extend(produced.base_offset);
    }
    assert_eq!(offsets, Vec::from_iter(0..20));
    let mut fetcher = client.fetcher(&topic, 0).unwrap();
    assert_eq!(values(&mut fetcher), expected);
}
