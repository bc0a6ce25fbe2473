//! Sending without anything being sent: from a record to the batch of its partition, and no more.

use std::hint::black_box;
use std::sync::Mutex;
use std::time::Duration;

use libkafka_batch::partition_for_key;
use libkafka_client::protocol::ApiKey;
use libkafka_client::{ProducerConfig, ProducerRecord};
use libkafka_testbroker::{Broker, Fault};
use peers_harness::{Figures, Meter};

use super::produce::{now, producer};
use super::raw::Batch;
use crate::records::Records;
use crate::task::Task;

/// Of what is sent, next to nothing leaves: a broker of its own takes one request and does not
/// answer.
pub(super) fn run(task: &Task) -> Figures {
    const NEVER: Duration = Duration::from_secs(3600);
    let records = Records::new();
    let partitions = task.partitions as i32;
    let broker = Broker::builder()
        .topic(&task.topic, partitions)
        .start()
        .expect("it starts");
    let silent = broker.inject(Fault::on(ApiKey::PRODUCE).pause());
    let bootstrap = broker.bootstrap();
    let task = &Task {
        bootstrap,
        ..task.clone()
    };
    let config = ProducerConfig::new().linger(NEVER).delivery_time(2 * NEVER);
    let config = config
        .memory(4 << 30)
        .partition_memory(4 << 30)
        .max_in_flight(1);
    let producer = producer(task, config);
    let time = now();
    let send = |n: usize| {
        let record = ProducerRecord::new(&task.topic, records.key(n), records.value(n));
        producer
            .send(&record.timestamp(time), Duration::from_secs(30))
            .expect("it is taken");
    };
    send(0);
    let meter = Meter::start();
    let each = task.records / task.threads;
    std::thread::scope(|scope| {
        for thread in 0..task.threads {
            let send = &send;
            scope.spawn(move || (thread * each..(thread + 1) * each).for_each(send));
        }
    });
    let figures = meter.stop();
    silent.remove();
    figures
}

/// A partition that threads share, in lines of the processor's cache of its own.
#[repr(align(128))]
struct Partition {
    open: Batch,
    full: Vec<Vec<u8>>,
}

/// The same by hand: threads share the batches of each partition, whose records are in the order of
/// the calls.
pub(super) fn shared_by_hand(task: &Task) -> Figures {
    let records = Records::new();
    let time = now();
    let each = task.records / task.threads;
    let meter = Meter::start();
    let partition = |_| {
        let (open, full) = (Batch::new(), Vec::new());
        Mutex::new(Partition { open, full })
    };
    let partitions: Vec<_> = (0..task.partitions).map(partition).collect();
    let add = |n: usize| {
        let (key, value) = (records.key(n), records.value(n));
        let partition = partition_for_key(key, task.partitions as i32) as usize;
        let mut partition = partitions[partition].lock().expect("no thread panicked");
        let Partition { open, full } = &mut *partition;
        if !open.has_room(key, value) {
            full.push(std::mem::replace(open, Batch::new()).seal(time, false));
        }
        open.add(key, value);
    };
    std::thread::scope(|scope| {
        for thread in 0..task.threads {
            let add = &add;
            scope.spawn(move || (thread * each..(thread + 1) * each).for_each(add));
        }
    });
    meter.stop()
}

/// The same by hand: each thread has batches of its own, and nothing is shared. Records of a
/// partition are in the order of the calls of one thread only.
pub(super) fn by_hand(task: &Task) -> Figures {
    let records = Records::new();
    let time = now();
    let each = task.records / task.threads;
    let meter = Meter::start();
    std::thread::scope(|scope| {
        for thread in 0..task.threads {
            let records = &records;
            scope.spawn(move || {
                let mut open: Vec<Batch> = (0..task.partitions).map(|_| Batch::new()).collect();
                let mut full = Vec::new();
                for n in thread * each..(thread + 1) * each {
                    let key = records.key(n);
                    let partition = partition_for_key(key, task.partitions as i32) as usize;
                    let batch = &mut open[partition];
                    if !batch.has_room(key, records.value(n)) {
                        let filled = std::mem::replace(batch, Batch::new());
                        full.push(filled.seal(time, false));
                    }
                    batch.add(key, records.value(n));
                }
                black_box((open, full));
            });
        }
    });
    meter.stop()
}
