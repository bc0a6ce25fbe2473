//! Reads the log of a topic back.

use libkafka_client::{Client, OffsetSpec, PartitionFetcher};
use libkafka_history::{Event, Kind, TopicPartition, Value};
use libkafka_integration::strangers::value;
use libkafka_integration::{patiently, until_ok};

use crate::load::now;

/// The end offset of a partition.
#[track_caller]
pub(crate) fn end(client: &mut Client, topic: &str, partition: i32) -> i64 {
    until_ok(|| {
        let mut fetcher = client.fetcher(topic, partition)?;
        fetcher.seek_to(OffsetSpec::Latest)
    })
}

/// What is in a partition up to its end, and where that is.
#[track_caller]
pub(crate) fn read_back(client: &mut Client, topic: &str, partition: i32, end: i64) -> Vec<Event> {
    let mut fetcher = until_ok(|| client.fetcher(topic, partition));
    fetcher.seek(0);
    let mut records = Vec::new();
    while fetcher.offset() < end {
        read_on(&mut fetcher, &mut records);
    }
    let partition = TopicPartition::new(topic, partition);
    let logged = Kind::Logged {
        partition: partition.clone(),
        records,
    };
    let end = Kind::End {
        partition,
        offset: end,
    };
    let event = |kind| Event {
        at: now(),
        process: "log".into(),
        kind,
    };
    vec![event(logged), event(end)]
}

#[track_caller]
fn read_on(fetcher: &mut PartitionFetcher, records: &mut Vec<(i64, Value)>) {
    let fetched = patiently(fetcher, |fetcher| fetcher.fetch());
    let mut batches = fetched.visible_batches();
    for batch in &mut batches {
        for record in &batch.unwrap().records().unwrap() {
            let record = record.unwrap();
            records.push((record.offset, value(&record).unwrap()));
        }
    }
    fetcher.seek(batches.next_offset());
}
