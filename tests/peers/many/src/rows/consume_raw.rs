//! The raw loop that reads: one connection to each broker, one fetch at a time for all partitions of
//! it, every record parsed by hand in one thread. It stops at the first thing amiss, and reads each
//! partition from its beginning.

use std::hint::black_box;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;

use libkafka_client::{Client, Config};
use peers_harness::by_hand::{Cursor, next_batch, next_offset, put_length, read_records};
use peers_harness::{Figures, Meter};

use super::consume::look_at;
use crate::task::Task;

const RESPONSE_BYTES: i32 = 4 << 20;
const PARTITION_BYTES: i32 = 1 << 20;
const MAX_WAIT_MS: i32 = 500;

/// A connection to a broker, and the partitions that it leads.
struct Lane {
    socket: TcpStream,
    partitions: Vec<usize>,
    request: Vec<u8>,
    response: Vec<u8>,
    /// Records that were compressed.
    unpacked: Vec<u8>,
}

pub(super) fn run(task: &Task) -> Figures {
    let mut meter = Meter::start();
    let mut lanes = connect(task);
    let mut offsets = vec![0i64; task.partitions];
    for lane in &mut lanes {
        lane.ask(&task.topic, &offsets);
    }
    let (mut count, mut sum) = (0, 0);
    while count < task.records {
        let poll = |lane: &Lane| libc::pollfd {
            fd: lane.socket.as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        };
        let mut sockets: Vec<_> = lanes.iter().map(poll).collect();
        // SAFETY: the pointer and the length are those of the list.
        unsafe { libc::poll(sockets.as_mut_ptr(), sockets.len() as u64, 10_000) };
        for (lane, socket) in lanes.iter_mut().zip(&sockets) {
            if socket.revents & libc::POLLIN != 0 {
                count += lane.answer(&task.topic, &mut offsets, &mut sum);
            }
        }
        if count >= task.records / 2 {
            meter.halfway();
        }
    }
    black_box(sum);
    meter.stop()
}

fn connect(task: &Task) -> Vec<Lane> {
    let mut client = Client::new(Config::new(&task.bootstrap)).expect("a client");
    let topology = client.topology([task.topic.as_str()]).expect("a topology");
    let leader = |partition: usize| {
        topology
            .leader(&task.topic, partition as i32)
            .expect("a leader")
            .id
    };
    let lane = |broker: &libkafka_client::Broker| {
        let address = (broker.address.host.as_str(), broker.address.port);
        let socket = TcpStream::connect(address).expect("a connection");
        socket.set_nodelay(true).expect("an option");
        let partitions = 0..task.partitions;
        Lane {
            socket,
            partitions: partitions
                .filter(|p| Some(leader(*p)) == broker.id)
                .collect(),
            request: Vec::new(),
            response: Vec::new(),
            unpacked: Vec::new(),
        }
    };
    let lanes = client
        .brokers()
        .filter(|broker| broker.id.is_some())
        .map(lane);
    lanes.filter(|lane| !lane.partitions.is_empty()).collect()
}

impl Lane {
    fn ask(&mut self, topic: &str, offsets: &[i64]) {
        let frame = &mut self.request;
        frame.clear();
        frame.extend([0; 4]); // its length, see below
        frame.extend([0, 1, 0, 12]); // Fetch v12
        frame.extend(1i32.to_be_bytes()); // correlation_id
        frame.extend([0, 3]);
        frame.extend(b"raw");
        frame.push(0); // no tags
        frame.extend((-1i32).to_be_bytes()); // replica_id
        frame.extend(MAX_WAIT_MS.to_be_bytes());
        frame.extend(1i32.to_be_bytes()); // min_bytes
        frame.extend(RESPONSE_BYTES.to_be_bytes());
        frame.push(0); // isolation_level
        frame.extend(0i32.to_be_bytes()); // session_id
        frame.extend((-1i32).to_be_bytes()); // session_epoch
        frame.push(2); // one topic
        put_length(frame, topic.len());
        frame.extend(topic.as_bytes());
        put_length(frame, self.partitions.len());
        for partition in &self.partitions {
            frame.extend((*partition as i32).to_be_bytes());
            frame.extend((-1i32).to_be_bytes()); // current_leader_epoch
            frame.extend(offsets[*partition].to_be_bytes());
            frame.extend((-1i32).to_be_bytes()); // last_fetched_epoch
            frame.extend((-1i64).to_be_bytes()); // log_start_offset
            frame.extend(PARTITION_BYTES.to_be_bytes());
            frame.push(0);
        }
        frame.extend([0, 1, 1, 0]); // no tags, nothing forgotten, no rack, no tags
        let length = frame.len() as u32 - 4;
        frame[..4].copy_from_slice(&length.to_be_bytes());
        self.socket.write_all(frame).expect("a request");
    }

    /// Takes an answer, asks for more, and then reads every record. Returns how many there were.
    fn answer(&mut self, topic: &str, offsets: &mut [i64], sum: &mut i64) -> usize {
        let mut length = [0; 4];
        self.socket.read_exact(&mut length).expect("an answer");
        let length = u32::from_be_bytes(length) as usize;
        if self.response.len() < length {
            self.response.resize(length, 0);
        }
        let mut response = std::mem::take(&mut self.response);
        self.socket
            .read_exact(&mut response[..length])
            .expect("an answer");
        let mut batches = Vec::new();
        let mut rest = Cursor(&response[..length]);
        rest.take(4); // correlation_id
        rest.tags();
        rest.take(4); // throttle_time_ms
        assert_eq!(rest.i16(), 0, "an error");
        rest.take(4); // session_id
        for _ in 1..rest.length() {
            let name = rest.length() - 1;
            rest.take(name);
            for _ in 1..rest.length() {
                let partition = rest.i32() as usize;
                assert_eq!(rest.i16(), 0, "an error of a partition");
                rest.take(24); // high_watermark, last_stable_offset, log_start_offset
                for _ in 1..rest.length() {
                    rest.take(16); // an aborted transaction
                    rest.tags();
                }
                rest.take(4); // preferred_read_replica
                let bytes = rest.length().saturating_sub(1);
                let mut records = rest.take(bytes);
                rest.tags();
                while let Some(batch) = next_batch(&mut records) {
                    offsets[partition] = next_offset(batch);
                    batches.push(batch);
                }
            }
            rest.tags();
        }
        self.ask(topic, offsets);
        let counts = batches.into_iter().map(|batch| {
            read_records(batch, &mut self.unpacked, |offset, time, key, value| {
                *sum ^= look_at(offset, time, key, value);
            })
        });
        let count = counts.sum();
        self.response = response;
        count
    }
}
