//! Records go out and come back.

use std::time::{Duration, Instant};

use libkafka_client::{
    Acks, Client, Config, Error, FetchOptions, FetchPosition, OffsetSpec, PartitionProducer,
    ProducerOptions, RetryPolicy, Target, protocol::ApiKey,
};

use libkafka_integration::{PATIENCE, batch, batch_at, until, values};

use crate::on_both;
use crate::topics::{client, create};

on_both! {
    fn batches_come_back_as_they_were_sent_with_any_acks(cluster) {
        let mut client = client(cluster);
        create(&mut client, "acks", 1, &[]);
        for (n, acks) in [Acks::None, Acks::Leader, Acks::All]
            .into_iter()
            .enumerate()
        {
            let mut producer = client.producer_with("acks", 0, ProducerOptions::new().acks(acks)).unwrap();
            let values = ["a", "b"].map(|v| format!("{v}{n}"));
            let produced = producer
                .produce(batch_at(1000, &[&values[0], &values[1]]))
                .unwrap();
            let offset = 2 * n as i64;
            let expected = (acks != Acks::None).then_some(offset);
            assert_eq!(produced.base_offset, expected);

            // Without an answer, only the log itself tells that the batch is there.
            let mut fetcher = client.fetcher("acks", 0).unwrap();
            until(|| (fetcher.seek_to(OffsetSpec::Latest).unwrap() == offset + 2).then_some(()));
            fetcher.seek(offset);
            assert_eq!(self::values(&mut fetcher), values);
        }
    }

    fn a_produce_without_acks_returns_at_once(cluster) {
        let mut client = client(cluster);
        create(&mut client, "no-acks", 1, &[]);
        let mut producer = client.producer_with("no-acks", 0, ProducerOptions::new().acks(Acks::None)).unwrap();
        producer.produce(batch(&["first"])).unwrap();
        // All of them take less than one would that waited for an answer.
        let started = Instant::now();
        let time = Duration::from_secs(30);
        for _ in 0..100 {
            producer.within(time).produce(batch(&["x"])).unwrap();
        }
        assert!(started.elapsed() < time);
    }

    fn a_producer_that_wants_no_answers_notices_that_the_topic_was_created_again(cluster) {
        let mut client = client(cluster);
        create(&mut client, "again", 1, &[]);
        let options = ProducerOptions::new().acks(Acks::None);
        let mut producer = client.producer_with("again", 0, options).unwrap();
        producer.produce(batch(&["old"])).unwrap();
        client.delete_topic("again").unwrap();
        let deadline = Instant::now() + PATIENCE;
        let error = loop {
            match producer.produce(batch(&["lost"])) {
                Ok(_) => assert!(Instant::now() < deadline, "nobody says so"),
                Err(error) => break error,
            }
        };
        assert!(matches!(error, Error::Closed { .. }), "{error:?}");
        create(&mut client, "again", 1, &[]);
        let policy = RetryPolicy::for_idempotent_calls();
        let mut fetcher = client.fetcher("again", 0).unwrap();
        while fetcher.seek_to(OffsetSpec::Latest).unwrap() < 3 {
            let produce = |producer: &mut PartitionProducer| producer.produce(batch(&["new"]));
            policy.run(PATIENCE, &mut producer, produce).unwrap();
            assert!(Instant::now() < deadline, "nothing is stored");
        }
    }

    fn positions_are_found_by_name_and_by_timestamp(cluster) {
        let mut client = client(cluster);
        create(&mut client, "positions", 1, &[]);
        let mut fetcher = client.fetcher("positions", 0).unwrap();
        assert_eq!(fetcher.seek_to(OffsetSpec::Earliest).unwrap(), 0);
        assert_eq!(fetcher.seek_to(OffsetSpec::Latest).unwrap(), 0);
        assert_eq!(fetcher.offset_of(OffsetSpec::Timestamp(0)).unwrap(), None);

        let now = 1_700_000_000_000;
        let mut producer = client.producer("positions", 0).unwrap();
        producer.produce(batch_at(now, &["a", "b", "c"])).unwrap();
        producer.produce(batch_at(now + 100, &["d", "e"])).unwrap();
        assert_eq!(fetcher.seek_to(OffsetSpec::Latest).unwrap(), 5);
        assert_eq!(fetcher.seek_to(OffsetSpec::Earliest).unwrap(), 0);
        assert_eq!(fetcher.seek_to(OffsetSpec::Timestamp(now + 1)).unwrap(), 1);
        assert_eq!(fetcher.seek_to(OffsetSpec::Timestamp(now + 50)).unwrap(), 3);
        assert_eq!(values(&mut fetcher), ["d", "e"]);
        assert_eq!(fetcher.seek_to(OffsetSpec::Timestamp(now + 500)).unwrap(), 5);
        let greatest = fetcher.offset_of(OffsetSpec::MaxTimestamp).unwrap().unwrap();
        assert_eq!((greatest.offset, greatest.timestamp), (4, Some(now + 101)));
    }

    fn a_position_that_the_version_does_not_know_is_an_error_and_no_guess(cluster) {
        create(&mut client(cluster), "tiers", 1, &[]);
        for (version, known) in [(6, 0), (7, 1), (8, 2), (9, 3), (11, 4)] {
            let config = Config::new(cluster.bootstrap());
            let config = config.max_version(ApiKey::LIST_OFFSETS, version);
            let mut client = Client::new(config).unwrap();
            let mut fetcher = client.fetcher("tiers", 0).unwrap();
            let positions = [
                (OffsetSpec::MaxTimestamp, None),
                (OffsetSpec::EarliestLocal, Some(0)),
                // Nothing is tiered here.
                (OffsetSpec::LatestTiered, None),
                (OffsetSpec::EarliestPendingUpload, None),
            ];
            for (n, (position, offset)) in positions.into_iter().enumerate() {
                let found = fetcher.offset_of(position);
                if n < known {
                    let found = found.unwrap().map(|found| found.offset);
                    assert_eq!(found, offset, "{position:?} in version {version}");
                } else {
                    let error = found.unwrap_err();
                    assert!(matches!(error, Error::Version { .. }), "{error:?}");
                }
            }
        }
    }

    fn a_fetcher_never_moves_by_itself_and_max_wait_is_how_long_it_waits(cluster) {
        let mut client = client(cluster);
        create(&mut client, "waiting", 1, &[]);
        let mut producer = client.producer("waiting", 0).unwrap();
        producer.produce(batch(&["a"])).unwrap();
        let wait = Duration::from_millis(300);
        let mut fetcher = client.fetcher_with("waiting", 0, FetchOptions::new().max_wait(wait)).unwrap();
        for _ in 0..2 {
            let fetched = fetcher.fetch().unwrap();
            assert_eq!((fetcher.offset(), fetched.batches().count()), (0, 1));
            assert_eq!(fetched.high_watermark, 1);
        }
        fetcher.seek(1);
        let started = Instant::now();
        assert!(fetcher.fetch().unwrap().records.is_empty());
        assert!(started.elapsed() >= wait);

        let wait = Duration::from_secs(20);
        fetcher.configure(FetchOptions::new().max_wait(wait).min_bytes(0));
        let started = Instant::now();
        fetcher.fetch().unwrap();
        assert!(started.elapsed() < wait);
    }

    fn max_bytes_cuts_between_batches_but_never_withholds_the_first(cluster) {
        let mut client = client(cluster);
        create(&mut client, "max-bytes", 1, &[]);
        let mut producer = client.producer("max-bytes", 0).unwrap();
        let large = "x".repeat(100_000);
        for _ in 0..3 {
            producer.produce(batch(&[&large])).unwrap();
        }
        let mut fetcher = client.fetcher_with("max-bytes", 0, FetchOptions::new().max_bytes(1000)).unwrap();
        for offset in 0..3 {
            fetcher.seek(offset);
            let fetched = fetcher.fetch().unwrap();
            assert_eq!(fetched.batches().count(), 1);
            assert_eq!(
                fetched.batches().next().unwrap().unwrap().next_offset(),
                offset + 1
            );
        }
    }

    fn an_offset_out_of_range_carries_the_bounds_of_the_log(cluster) {
        let mut client = client(cluster);
        create(&mut client, "bounds", 1, &[]);
        let mut producer = client.producer("bounds", 0).unwrap();
        producer.produce(batch(&["a", "b"])).unwrap();
        let mut fetcher = client.fetcher("bounds", 0).unwrap();
        fetcher.seek(17);
        let error = fetcher.fetch().unwrap_err();
        assert!(
            matches!(
                error,
                Error::OffsetOutOfRange {
                    offset: 17,
                    log_start_offset: Some(0),
                    end_offset: Some(2),
                    ..
                }
            ),
            "{error:?}"
        );
        fetcher.seek(0);
        assert_eq!(values(&mut fetcher), ["a", "b"]);
    }

    fn a_log_that_has_less_of_an_epoch_than_was_read_of_it_diverges(cluster) {
        let mut client = client(cluster);
        create(&mut client, "diverged", 1, &[]);
        let mut producer = client.producer("diverged", 0).unwrap();
        producer.produce(batch(&["a", "b"])).unwrap();
        let mut fetcher = client.fetcher("diverged", 0).unwrap();
        let epoch = fetcher.leader().epoch.unwrap();
        let end = fetcher.end_of_epoch(epoch).unwrap();
        assert_eq!((end.leader_epoch, end.end_offset), (Some(epoch), Some(2)));
        fetcher.seek(FetchPosition::new(2).last_fetched_epoch(epoch));
        assert!(fetcher.fetch().unwrap().records.is_empty());
        // As one that read five records from a leader whose last three were lost.
        fetcher.seek(FetchPosition::new(5).last_fetched_epoch(epoch));
        let error = fetcher.fetch().unwrap_err();
        assert!(
            matches!(error, Error::Diverged { epoch: e, end_offset: 2, .. } if e == epoch),
            "{error:?}"
        );
        fetcher.seek(FetchPosition::new(1).last_fetched_epoch(epoch));
        assert_eq!(values(&mut fetcher), ["b"]);
    }

    fn a_pipeline_keeps_the_order_of_its_batches(cluster) {
        let mut client = client(cluster);
        create(&mut client, "pipeline", 1, &[]);
        let mut producer = client.producer("pipeline", 0).unwrap();
        let texts: Vec<String> = (0..50).map(|n| n.to_string()).collect();
        let mut offsets = Vec::new();
        for text in &texts {
            if producer.in_flight() == 5 {
                assert!(matches!(
                    producer.send(batch(&["too many"])),
                    Err(Error::InFlight { in_flight: 5 })
                ));
                offsets.extend(producer.collect().unwrap().unwrap().base_offset);
            }
            producer.send(batch(&[text])).unwrap();
        }
        assert!(matches!(producer.refresh(), Err(Error::Uncollected { .. })));
        while let Some(produced) = producer.collect().unwrap() {
            offsets.extend(produced.base_offset);
        }
        assert_eq!(offsets, Vec::from_iter(0..50));
        let mut fetcher = client.fetcher("pipeline", 0).unwrap();
        assert_eq!(values(&mut fetcher), texts);
    }

    fn every_version_of_produce_and_fetch_works(cluster) {
        let mut client = client(cluster);
        create(&mut client, "versions", 1, &[]);
        let mut expected = Vec::new();
        for version in 3..=18 {
            let mut pinned = Client::new(
                Config::new(cluster.bootstrap())
                    .max_version(ApiKey::PRODUCE, version)
                    .max_version(ApiKey::FETCH, version.max(4))
                    .max_version(ApiKey::LIST_OFFSETS, version.min(11))
                    .max_version(ApiKey::METADATA, version.max(4)),
            )
            .unwrap();
            let mut producer = pinned.producer("versions", 0).unwrap();
            let value = version.to_string();
            producer.produce(batch(&[&value])).unwrap();
            let spoken = producer.last_exchange().unwrap().version;
            // Without topic ids, which metadata has from version 10 on, 12 is the last.
            assert_eq!(spoken, version.min(13));
            expected.push(value);

            let mut fetcher = pinned.fetcher("versions", 0).unwrap();
            fetcher.seek_to(OffsetSpec::Earliest).unwrap();
            assert_eq!(values(&mut fetcher), expected);
            assert_eq!(fetcher.last_exchange().unwrap().version, version.max(4));
        }
        let versions = client.api_versions(Target::Any).unwrap();
        assert!(versions.iter().any(|(api, _)| *api == ApiKey::FETCH));
    }
}
