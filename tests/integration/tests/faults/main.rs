//! The client against the embedded broker, which fails on purpose.

mod answers;
mod authentication;
mod leadership;
mod wire;

use std::time::{Duration, Instant};

use bytes::Bytes;
use libkafka_batch::Builder;
use libkafka_client::{Client, Config, Error, PartitionFetcher};
use libkafka_testbroker::Broker;

/// A broker with the topic `t` of one partition.
fn broker() -> Broker {
    Broker::builder().topic("t", 1).start().unwrap()
}

fn config(broker: &Broker) -> Config {
    Config::new(broker.bootstrap()).timeout(Duration::from_secs(5))
}

fn client(broker: &Broker) -> Client {
    Client::new(config(broker)).unwrap()
}

fn batch(value: &str) -> Bytes {
    let mut builder = Builder::new();
    builder.add((), value).unwrap();
    builder.build_bytes().unwrap()
}

/// All values from the fetcher's offset up to the high watermark.
fn values(fetcher: &mut PartitionFetcher) -> Vec<String> {
    let mut values = Vec::new();
    loop {
        let fetched = fetcher.fetch().unwrap();
        for batch in fetched.batches() {
            let batch = batch.unwrap();
            for record in &batch.records().unwrap() {
                let value = record.unwrap().value.unwrap().to_vec();
                values.push(String::from_utf8(value).unwrap());
            }
            fetcher.seek(batch.next_offset());
        }
        if fetcher.offset() >= fetched.high_watermark {
            return values;
        }
    }
}

/// The error of a call that is to fail within `time` and a tenth.
fn fails_within<T>(time: Duration, call: impl FnOnce() -> Result<T, Error>) -> Error {
    let started = Instant::now();
    let Err(error) = call() else {
        panic!("no error");
    };
    let took = started.elapsed();
    assert!(took <= time + time / 10, "{error} after {took:?}");
    error
}
