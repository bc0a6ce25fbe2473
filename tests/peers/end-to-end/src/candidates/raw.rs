//! The limit: a loop on a socket that builds real batches and reads every record, by hand, for
//! the one broker, topic and partition that there are, and stops at the first thing amiss.

use std::io::{Read, Write};
use std::net::TcpStream;

use peers_harness::by_hand::{next_batch, next_offset, read_records};
use peers_harness::{Figures, Meter};

use self::packer::Packer;
use super::Sum;
use crate::task::{Kind, Task, now};
use crate::time_each::time_each;

mod frames;
mod packer;

pub fn run(task: &Task) -> Figures {
    match task.kind {
        Kind::Produce => produce(task),
        Kind::Consume => consume(task),
        Kind::Single => single(task),
    }
}

struct Connection {
    stream: TcpStream,
    /// The request that is being built, and the response that came last.
    request: Vec<u8>,
    response: Vec<u8>,
}

impl Connection {
    fn open(task: &Task) -> Self {
        let stream = TcpStream::connect(&task.bootstrap).unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            request: Vec::new(),
            response: Vec::new(),
        }
    }

    fn send(&mut self) {
        self.stream.write_all(&self.request).unwrap();
    }

    /// Reads a response, and returns it without its length.
    fn receive(&mut self) -> &[u8] {
        let mut length = [0; 4];
        self.stream.read_exact(&mut length).unwrap();
        let length = u32::from_be_bytes(length) as usize;
        if self.response.len() < length {
            self.response.resize(length, 0);
        }
        let response = &mut self.response[..length];
        self.stream.read_exact(response).unwrap();
        response
    }

    fn send_batch<'a>(
        &mut self,
        task: &Task,
        packer: &mut Packer,
        values: impl Iterator<Item = &'a Vec<u8>>,
    ) {
        frames::produce(&mut self.request, &task.topic, |request| {
            packer.write(request, values, now());
        });
        self.send();
    }

    fn collect(&mut self, task: &Task) {
        frames::check_produced(self.receive(), &task.topic);
    }
}

fn produce(task: &Task) -> Figures {
    let values = task.values();
    let mut values = values.iter().cycle();
    let mut packer = Packer::new(task.lz4);
    let mut connection = Connection::open(task);
    connection.send_batch(task, &mut packer, values.by_ref().take(1));
    connection.collect(task);

    let meter = Meter::start();
    let mut left = task.records;
    let mut in_flight = 0;
    while left > 0 {
        let count = left.min(task.batch_records());
        left -= count;
        if in_flight == task.in_flight {
            connection.collect(task);
            in_flight -= 1;
        }
        connection.send_batch(task, &mut packer, values.by_ref().take(count));
        in_flight += 1;
    }
    for _ in 0..in_flight {
        connection.collect(task);
    }
    meter.stop()
}

fn consume(task: &Task) -> Figures {
    let mut connection = Connection::open(task);
    let mut unpacked = Vec::new();
    let mut sum = Sum::default();
    let mut offset = 0;
    let mut seen = 0;

    let meter = Meter::start();
    while seen < task.records {
        frames::fetch(&mut connection.request, &task.topic, offset);
        connection.send();
        let mut batches = frames::fetched(connection.receive(), &task.topic);
        while let Some(batch) = next_batch(&mut batches) {
            seen += read_records(batch, &mut unpacked, |offset, timestamp, _, value| {
                sum.add(offset, timestamp, value);
            });
            offset = next_offset(batch);
        }
    }
    sum.done();
    meter.stop()
}

fn single(task: &Task) -> Figures {
    let values = task.values();
    let mut values = values.iter().cycle();
    let mut packer = Packer::new(task.lz4);
    let mut connection = Connection::open(task);
    time_each(task.records, |_| {
        connection.send_batch(task, &mut packer, values.by_ref().take(1));
        connection.collect(task);
    })
}
