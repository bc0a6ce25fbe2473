//! libkafka-client.

use libkafka_client::batch::{Builder, BuilderOptions, Decoder, Lz4, Record};
use libkafka_client::{Acks, Client, Config, FetchOptions, PartitionProducer, ProducerOptions};
use peers_harness::{Figures, Meter};

use super::Sum;
use crate::task::{FETCH_BYTES, Kind, Task, now};
use crate::time_each::time_each;

pub fn run(task: &Task) -> Figures {
    match task.kind {
        Kind::Produce => produce(task),
        Kind::Consume => consume(task),
        Kind::Single => single(task),
    }
}

fn client(task: &Task) -> Client {
    Client::new(Config::new(&task.bootstrap)).unwrap()
}

fn producer(task: &Task) -> PartitionProducer {
    let options = ProducerOptions::new().acks(Acks::Leader);
    client(task).producer_with(&task.topic, 0, options).unwrap()
}

fn builder(task: &Task) -> Builder {
    let options = BuilderOptions::new();
    Builder::with_options(if task.lz4 {
        options.compressor(Lz4::new())
    } else {
        options
    })
}

fn fill(builder: &mut Builder, values: &mut dyn Iterator<Item = &Vec<u8>>, count: usize) {
    let timestamp = now();
    for value in values.take(count) {
        let record = Record {
            timestamp,
            value: Some(value),
            ..Record::default()
        };
        builder.add_record(&record).unwrap();
    }
}

fn produce(task: &Task) -> Figures {
    let values = task.values();
    let mut values = values.iter().cycle();
    let mut producer = producer(task);
    let mut builder = builder(task);
    fill(&mut builder, &mut values, 1);
    producer.produce(builder.build_bytes().unwrap()).unwrap();

    let meter = Meter::start();
    let mut left = task.records;
    while left > 0 {
        let count = left.min(task.batch_records());
        fill(&mut builder, &mut values, count);
        left -= count;
        if producer.in_flight() == task.in_flight {
            producer.collect().unwrap();
        }
        producer.send(builder.build_bytes().unwrap()).unwrap();
    }
    while producer.collect().unwrap().is_some() {}
    meter.stop()
}

fn consume(task: &Task) -> Figures {
    let mut fetcher = client(task)
        .fetcher_with(
            &task.topic,
            0,
            FetchOptions::new().max_bytes(FETCH_BYTES as u32),
        )
        .unwrap();
    let mut decoder = Decoder::new();
    let mut sum = Sum::default();
    let mut seen = 0;

    let meter = Meter::start();
    while seen < task.records {
        let fetched = fetcher.fetch().unwrap();
        let mut next = fetcher.offset();
        for batch in fetched.batches() {
            let batch = batch.unwrap();
            for record in &batch.records_with(&mut decoder).unwrap() {
                let record = record.unwrap();
                sum.add(record.offset, record.timestamp, record.value.unwrap());
                seen += 1;
            }
            next = batch.next_offset();
        }
        fetcher.seek(next);
    }
    sum.done();
    meter.stop()
}

fn single(task: &Task) -> Figures {
    let values = task.values();
    let mut values = values.iter().cycle();
    let mut producer = producer(task);
    let mut builder = builder(task);
    time_each(task.records, |_| {
        fill(&mut builder, &mut values, 1);
        producer.produce(builder.build_bytes().unwrap()).unwrap();
    })
}
