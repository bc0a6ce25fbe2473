//! The raw loop: sockets, hand-made requests and batches, one thread, one connection to each broker.
//! It stops at the first thing amiss, numbers nothing and tries nothing again.

use std::collections::VecDeque;
use std::io::{IoSlice, Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use libkafka_batch::partition_for_key;
use libkafka_client::{Client, Config};
use peers_harness::by_hand::{HEADER, compress, put_length, put_record, seal};
use peers_harness::{Figures, Meter};

use super::produce::now;
use crate::records::Records;
use crate::task::Task;

const BATCH_BYTES: usize = 64 << 10;
const REQUEST_BYTES: usize = 1 << 20;
const LINGER: Duration = Duration::from_millis(5);
const IN_FLIGHT: usize = 5;
/// Bytes that are worth a request before the linger time is over.
const ENOUGH: usize = 256 << 10;
/// Bytes in batches that are open, wait for the brokers or are on their way.
const MEMORY: usize = 32 << 20;

/// A batch that is being filled.
pub(super) struct Batch {
    bytes: Vec<u8>,
    count: i32,
}

impl Batch {
    pub(super) fn new() -> Self {
        Self::in_memory(Vec::with_capacity(BATCH_BYTES))
    }

    fn in_memory(mut bytes: Vec<u8>) -> Self {
        bytes.clear();
        bytes.resize(HEADER, 0);
        Self { bytes, count: 0 }
    }

    #[inline]
    pub(super) fn has_room(&self, key: &[u8], value: &[u8]) -> bool {
        self.bytes.len() + key.len() + value.len() + 16 <= BATCH_BYTES
    }

    #[inline]
    pub(super) fn add(&mut self, key: &[u8], value: &[u8]) {
        put_record(&mut self.bytes, self.count, Some(key), value);
        self.count += 1;
    }

    /// The whole batch, header and checksum included.
    pub(super) fn seal(self, time: i64, lz4: bool) -> Vec<u8> {
        let Self {
            bytes: mut batch,
            count,
        } = self;
        if lz4 {
            let plain = batch;
            batch = vec![0; HEADER];
            compress(&mut batch, &plain[HEADER..]);
        }
        seal(&mut batch, count, time, lz4);
        batch
    }
}

/// A connection to a broker, and the partitions that it leads.
struct Lane {
    socket: TcpStream,
    partitions: Vec<usize>,
    ready: VecDeque<(usize, Vec<u8>)>,
    ready_bytes: usize,
    in_flight: VecDeque<Vec<Vec<u8>>>,
    flushed: Instant,
    response: Vec<u8>,
}

struct Loop<'a> {
    task: &'a Task,
    lanes: Vec<Lane>,
    /// Which lane leads a partition.
    leaders: Vec<usize>,
    open: Vec<Option<Batch>>,
    free: Vec<Vec<u8>>,
    held: usize,
    sealed: u64,
    time: i64,
}

pub(super) fn produce(task: &Task) -> Figures {
    let records = Records::new();
    let mut raw = Loop::connect(task);
    (0..100).for_each(|n| raw.add(records.key(n), records.value(n)));
    raw.finish();
    raw.sealed = 0;
    let meter = Meter::start();
    let mut sent = 0;
    while sent < task.records && !(sent % 256 == 0 && task.is_over(&meter)) {
        raw.add(records.key(sent), records.value(sent));
        sent += 1;
        if sent % 256 == 0 {
            raw.tick();
        }
    }
    raw.finish();
    let figures = meter.stop().batches(sent as u64, raw.sealed);
    figures.records(sent)
}

impl<'a> Loop<'a> {
    fn connect(task: &'a Task) -> Self {
        let mut client = Client::new(Config::new(&task.bootstrap)).expect("a client");
        let topology = client.topology([task.topic.as_str()]).expect("a topology");
        let leader = |partition| {
            topology
                .leader(&task.topic, partition as i32)
                .expect("one")
                .id
        };
        let ids: Vec<i32> = client.brokers().filter_map(|broker| broker.id).collect();
        let place = |id| ids.iter().position(|other| *other == id).expect("a broker");
        let leaders: Vec<usize> = (0..task.partitions).map(|p| place(leader(p))).collect();
        let lane = |(i, broker): (usize, &libkafka_client::Broker)| {
            let address = (broker.address.host.as_str(), broker.address.port);
            let socket = TcpStream::connect(address).expect("it listens");
            socket.set_nodelay(true).expect("a socket");
            let led = |partition: &usize| leaders[*partition] == i;
            Lane {
                socket,
                partitions: (0..task.partitions).filter(led).collect(),
                ready: VecDeque::new(),
                ready_bytes: 0,
                in_flight: VecDeque::new(),
                flushed: Instant::now(),
                response: Vec::new(),
            }
        };
        Self {
            task,
            lanes: client.brokers().enumerate().map(lane).collect(),
            open: (0..task.partitions).map(|_| None).collect(),
            leaders,
            free: Vec::new(),
            held: 0,
            sealed: 0,
            time: now(),
        }
    }

    #[inline]
    fn add(&mut self, key: &[u8], value: &[u8]) {
        let partition = partition_for_key(key, self.task.partitions as i32) as usize;
        let is_full = |batch: &Batch| !batch.has_room(key, value);
        if self.open[partition].as_ref().is_some_and(is_full) {
            self.seal(partition);
            self.send(self.leaders[partition], ENOUGH);
        }
        if self.held > MEMORY {
            self.make_room();
        }
        let free = &mut self.free;
        let batch = self.open[partition]
            .get_or_insert_with(|| Batch::in_memory(free.pop().unwrap_or_default()));
        let before = batch.bytes.len();
        batch.add(key, value);
        self.held += batch.bytes.len() - before;
    }

    #[cold]
    fn make_room(&mut self) {
        while self.held > MEMORY {
            let has_room = |lane: &usize| self.lanes[*lane].in_flight.len() < IN_FLIGHT;
            let leave: Vec<usize> = (0..self.lanes.len()).filter(has_room).collect();
            leave.into_iter().for_each(|lane| self.flush(lane));
            self.receive(1000);
        }
    }

    fn seal(&mut self, partition: usize) {
        if let Some(batch) = self.open[partition].take() {
            let before = batch.bytes.len() - HEADER;
            let batch = batch.seal(self.time, self.task.lz4);
            self.held -= before;
            let lane = &mut self.lanes[self.leaders[partition]];
            lane.ready_bytes += batch.len();
            self.held += batch.len();
            self.sealed += 1;
            lane.ready.push_back((partition, batch));
        }
    }

    /// What the clock brings: answers, and the end of the linger time.
    fn tick(&mut self) {
        self.time = now();
        self.receive(0);
        let now = Instant::now();
        for i in 0..self.lanes.len() {
            let lane = &self.lanes[i];
            if now - lane.flushed >= LINGER && lane.in_flight.len() < IN_FLIGHT {
                self.flush(i);
                self.lanes[i].flushed = now;
            }
        }
    }

    fn flush(&mut self, i: usize) {
        let partitions = std::mem::take(&mut self.lanes[i].partitions);
        partitions
            .iter()
            .for_each(|partition| self.seal(*partition));
        self.lanes[i].partitions = partitions;
        self.send(i, 0);
    }

    fn finish(&mut self) {
        (0..self.lanes.len()).for_each(|lane| self.flush(lane));
        let is_busy = |lane: &Lane| !lane.in_flight.is_empty() || !lane.ready.is_empty();
        while self.lanes.iter().any(is_busy) {
            self.receive(1000);
            (0..self.lanes.len()).for_each(|lane| self.send(lane, 0));
        }
    }

    /// Sends requests as long as there is enough for one.
    fn send(&mut self, i: usize, enough: usize) {
        let lane = &mut self.lanes[i];
        while lane.in_flight.len() < IN_FLIGHT
            && !lane.ready.is_empty()
            && lane.ready_bytes >= enough
        {
            lane.send(&self.task.topic);
        }
    }

    /// Takes the answers that are there, or waits for one for so many milliseconds.
    fn receive(&mut self, wait: i32) {
        let events = |lane: &Lane| match lane.in_flight.is_empty() {
            true => 0,
            false => libc::POLLIN,
        };
        let poll = |lane: &Lane| libc::pollfd {
            fd: lane.socket.as_raw_fd(),
            events: events(lane),
            revents: 0,
        };
        let mut sockets: Vec<_> = self.lanes.iter().map(poll).collect();
        // SAFETY: the pointer and the length are those of the list.
        unsafe { libc::poll(sockets.as_mut_ptr(), sockets.len() as u64, wait) };
        for (lane, socket) in self.lanes.iter_mut().zip(&sockets) {
            if socket.revents & libc::POLLIN != 0 {
                for batch in lane.receive(&self.task.topic) {
                    self.held -= batch.len();
                    self.free.push(batch);
                }
            }
        }
    }
}

impl Lane {
    /// Sends one request: at most one batch of each partition.
    fn send(&mut self, topic: &str) {
        let mut taken: Vec<(usize, Vec<u8>)> = Vec::new();
        let mut later = VecDeque::new();
        let mut bytes = 0;
        let mut in_request = vec![false; self.partitions.last().map_or(0, |last| last + 1)];
        while let Some((partition, batch)) = self.ready.pop_front() {
            if in_request[partition] || bytes + batch.len() > REQUEST_BYTES {
                later.push_back((partition, batch));
                continue;
            }
            in_request[partition] = true;
            bytes += batch.len();
            taken.push((partition, batch));
        }
        self.ready = later;
        self.ready_bytes -= bytes;
        let mut frame = Vec::with_capacity(64 + taken.len() * 16);
        frame.extend([0; 4]); // its length, see below
        frame.extend([0, 0, 0, 9]); // Produce v9
        frame.extend(1i32.to_be_bytes()); // correlation_id
        frame.extend([0, 3]);
        frame.extend(b"raw");
        frame.extend([0, 0]); // no tags, no transactional_id
        frame.extend((-1i16).to_be_bytes()); // acks
        frame.extend(30_000i32.to_be_bytes()); // timeout_ms
        frame.push(2); // one topic
        put_length(&mut frame, topic.len());
        frame.extend(topic.as_bytes());
        put_length(&mut frame, taken.len());
        // Where the frame is cut, for a batch to go in.
        let mut cuts = Vec::with_capacity(taken.len());
        for (i, (partition, batch)) in taken.iter().enumerate() {
            if i > 0 {
                frame.push(0); // no tags
            }
            frame.extend((*partition as i32).to_be_bytes());
            put_length(&mut frame, batch.len());
            cuts.push(frame.len());
        }
        frame.extend([0; 3]); // no tags: partition, topic, request
        let length = (frame.len() - 4 + bytes) as u32;
        frame[..4].copy_from_slice(&length.to_be_bytes());
        let mut slices = Vec::with_capacity(2 * taken.len() + 1);
        let mut from = 0;
        for (cut, (_, batch)) in cuts.into_iter().zip(&taken) {
            slices.push(IoSlice::new(&frame[from..cut]));
            slices.push(IoSlice::new(batch));
            from = cut;
        }
        slices.push(IoSlice::new(&frame[from..]));
        let mut slices = &mut slices[..];
        while !slices.is_empty() {
            let most = slices.len().min(1024);
            let written = self
                .socket
                .write_vectored(&slices[..most])
                .expect("it takes all");
            IoSlice::advance_slices(&mut slices, written);
        }
        self.in_flight
            .push_back(taken.into_iter().map(|(_, batch)| batch).collect());
    }

    /// Reads one answer, and returns the batches that it is about.
    fn receive(&mut self, topic: &str) -> Vec<Vec<u8>> {
        let mut length = [0; 4];
        self.socket.read_exact(&mut length).expect("an answer");
        self.response.resize(u32::from_be_bytes(length) as usize, 0);
        self.socket
            .read_exact(&mut self.response)
            .expect("an answer");
        let batches = self.in_flight.pop_front().expect("a request");
        // correlation id, tags, topics, name
        let mut at = 4 + 1 + 1 + 1 + topic.len();
        while self.response[at] >= 0x80 {
            at += 1;
        }
        at += 1;
        for _ in &batches {
            let code = &self.response[at + 4..at + 6];
            assert_eq!(code, [0, 0], "produce error");
            // index, error code, three offsets and times, no errors, no message, no tags
            at += 4 + 2 + 3 * 8 + 1 + 1 + 1;
        }
        batches
    }
}
