//! A log of which the older part is in tiered storage.

use libkafka_client::{Client, Config, NewTopic, OffsetSpec};
use libkafka_integration::{batch, patiently, until, values};
use libkafka_testkafka::{Kafka, Version, require};

#[test]
#[ignore = "half a minute; fetches a Kafka of 4.0"]
fn positions_are_found_and_records_come_back_from_every_tier() {
    require!();
    let kafka = Kafka::builder().version(Version::new(4, 0, 0));
    let kafka = kafka.tiered(true).start().unwrap();
    let mut client = Client::new(Config::new(kafka.bootstrap())).unwrap();
    let topic = NewTopic::new("tiered")
        .config("remote.storage.enable", "true")
        .config("segment.bytes", "1048576")
        .config("local.retention.bytes", "1");
    client.create_topic(topic).unwrap();
    patiently(&mut client, |client| {
        client.fetcher("tiered", 0)?.seek_to(OffsetSpec::Latest)
    });
    // One batch a segment; the last is the one that is written to, which stays.
    let mut producer = client.producer("tiered", 0).unwrap();
    let expected = ["a", "b", "c", "d"].map(|value| value.repeat(700_000));
    for value in &expected {
        producer.produce(batch(&[value])).unwrap();
    }

    let mut fetcher = client.fetcher("tiered", 0).unwrap();
    until(|| (fetcher.seek_to(OffsetSpec::EarliestLocal).unwrap() == 3).then_some(()));
    for (position, offset) in [
        (OffsetSpec::Earliest, 0),
        (OffsetSpec::LatestTiered, 2),
        (OffsetSpec::EarliestLocal, 3),
        (OffsetSpec::Latest, 4),
    ] {
        assert_eq!(fetcher.seek_to(position).unwrap(), offset, "{position:?}");
        let rest = &expected[offset as usize..];
        assert!(values(&mut fetcher) == rest, "{position:?}");
    }
}
