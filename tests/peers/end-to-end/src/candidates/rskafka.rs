//! rskafka.

use std::collections::BTreeMap;

use chrono::{TimeZone, Utc};
use futures::StreamExt;
use peers_harness::{Figures, Meter};
use rskafka::client::ClientBuilder;
use rskafka::client::partition::{Compression, PartitionClient, UnknownTopicHandling};
use rskafka::record::Record;

use super::{Sum, runtime};
use crate::task::{FETCH_BYTES, Kind, Task, now};
use crate::time_each::time_each;

pub fn run(task: &Task) -> Figures {
    match task.kind {
        Kind::Produce => runtime().block_on(produce(task)),
        Kind::Consume => runtime().block_on(consume(task)),
        Kind::Single => single(task),
    }
}

async fn client(task: &Task) -> PartitionClient {
    let builder = ClientBuilder::new(vec![task.bootstrap.clone()]);
    let client = builder.build().await.unwrap();
    let handling = UnknownTopicHandling::Retry;
    client
        .partition_client(&task.topic, 0, handling)
        .await
        .unwrap()
}

fn records(values: &[Vec<u8>], from: usize, count: usize) -> Vec<Record> {
    let timestamp = Utc.timestamp_millis_opt(now()).unwrap();
    let record = |i: usize| Record {
        key: None,
        value: Some(values[i % values.len()].clone()),
        headers: BTreeMap::new(),
        timestamp,
    };
    (from..from + count).map(record).collect()
}

async fn produce(task: &Task) -> Figures {
    let values = task.values();
    let client = client(task).await;
    let compression = if task.lz4 {
        Compression::Lz4
    } else {
        Compression::NoCompression
    };
    let batch = |from: usize, count: usize| {
        let records = records(&values, from, count);
        let client = &client;
        async move { client.produce(records, compression).await.unwrap().len() }
    };
    batch(0, 1).await;

    let meter = Meter::start();
    let size = task.batch_records();
    let batches = (0..task.records)
        .step_by(size)
        .map(|from| batch(from, size.min(task.records - from)));
    let mut produced = futures::stream::iter(batches).buffered(task.in_flight);
    while produced.next().await.is_some() {}
    drop(produced);
    meter.stop()
}

async fn consume(task: &Task) -> Figures {
    let client = client(task).await;
    let mut sum = Sum::default();
    let mut offset = 0;
    let mut seen = 0;

    let meter = Meter::start();
    while seen < task.records {
        let (records, _) = client
            .fetch_records(offset, 1..FETCH_BYTES, 500)
            .await
            .unwrap();
        for found in &records {
            let record = &found.record;
            let timestamp = record.timestamp.timestamp_millis();
            sum.add(found.offset, timestamp, record.value.as_ref().unwrap());
            offset = found.offset + 1;
        }
        seen += records.len();
    }
    sum.done();
    meter.stop()
}

fn single(task: &Task) -> Figures {
    let values = task.values();
    let runtime = runtime();
    let client = runtime.block_on(client(task));
    time_each(task.records, |i| {
        let records = records(&values, i, 1);
        let produced = client.produce(records, Compression::NoCompression);
        runtime.block_on(produced).unwrap();
    })
}
