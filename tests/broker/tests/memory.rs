//! What clients can make the broker hold, and that others do not feel it.
#![cfg(target_os = "linux")]

#[path = "running/optimised.rs"]
mod optimised;
mod running;

use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use libkafka_client::{Acks, Client, Config, ProducerOptions};
use libkafka_protocol::messages::create_topics::CreatableTopic;
use libkafka_protocol::messages::fetch::{FetchPartition, FetchTopic};
use libkafka_protocol::messages::join_group::JoinGroupRequestProtocol;
use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::{
    CreateTopicsRequest, FetchRequest, JoinGroupRequest, MetadataRequest, RequestHeader,
};
use libkafka_protocol::{Request, frame};
use optimised::optimised;
use running::{PROGRAM, Running};

const MIB: u64 = 1024 * 1024;
/// What the README states.
const BOUND: u64 = 640 * MIB;
const CLIENTS: usize = 1000;
/// How long the slowest call of a client among those may take.
const PATIENCE: Duration = Duration::from_secs(20);

impl Running {
    /// The most memory that it has had since the last [`forget`](Self::forget), in bytes.
    fn peak(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let kib = line.unwrap().split_whitespace().nth(1).unwrap();
        kib.parse::<u64>().unwrap() * 1024
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.addresses[0]).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }
}

fn program() -> Command {
    Command::new(optimised().as_deref().unwrap_or(PROGRAM))
}

fn framed<R: Request>(version: i16, request: &R) -> Vec<u8> {
    let header = RequestHeader {
        request_api_key: R::API_KEY,
        request_api_version: version,
        ..Default::default()
    };
    let mut out = Vec::new();
    frame::encode_request(&header, request, &mut out).unwrap();
    out
}

/// Sends a request and waits for what comes back.
fn ask<R: Request>(stream: &mut TcpStream, version: i16, request: &R) {
    stream.write_all(&framed(version, request)).unwrap();
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut rest = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut rest).unwrap();
}

/// Waits until the broker has said something to this client, or has ended the connection; gives
/// whether it has ended.
fn heard_of(stream: &TcpStream) -> bool {
    match stream.peek(&mut [0]) {
        Ok(bytes) => bytes == 0,
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => true,
        Err(error) => panic!("the broker does nothing: {error}"),
    }
}

/// Has the broker ended the connection by now?
fn is_ended(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    match stream.peek(&mut [0]) {
        Ok(bytes) => bytes == 0,
        Err(error) => error.kind() != io::ErrorKind::WouldBlock,
    }
}

/// Another client, which does its work all the while.
struct Bystander {
    calls: AtomicUsize,
    done: AtomicBool,
}

/// Has the other client end with this, a failure of the test included.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Bystander {
    /// Produces and fetches; gives the time of the slowest call.
    fn work(&self, bootstrap: &str) -> Duration {
        let mut client = Client::new(Config::new(bootstrap)).unwrap();
        let mut producer = client
            .producer_with("work", 0, ProducerOptions::new().acks(Acks::All))
            .unwrap();
        let mut fetcher = client.fetcher("work", 0).unwrap();
        let mut slowest = Duration::ZERO;
        for offset in 0.. {
            if self.done.load(Ordering::Relaxed) {
                break;
            }
            let mut builder = libkafka_client::batch::Builder::new();
            builder.add((), "a record").unwrap();
            let start = Instant::now();
            let produced = producer.produce(builder.build_bytes().unwrap()).unwrap();
            assert_eq!(produced.base_offset, Some(offset));
            fetcher.seek(offset);
            let fetched = fetcher.fetch().unwrap();
            assert_eq!(fetched.batches().count(), 1);
            slowest = slowest.max(start.elapsed());
            self.calls.fetch_add(1, Ordering::Relaxed);
        }
        slowest
    }

    /// Waits until it has got through again.
    fn gets_through(&self) {
        let before = self.calls.load(Ordering::Relaxed);
        let deadline = Instant::now() + PATIENCE * 2;
        while self.calls.load(Ordering::Relaxed) < before + 2 {
            assert!(
                Instant::now() < deadline,
                "another client does not get through"
            );
            thread::yield_now();
        }
    }
}

/// Clients that claim to send much and do not.
fn claims(program: &Running) -> Vec<TcpStream> {
    let mut streams: Vec<TcpStream> = (0..CLIENTS).map(|_| program.connect()).collect();
    let (too_long, long) = streams.split_at_mut(CLIENTS / 2);
    for stream in &mut *too_long {
        // Two gigabytes.
        stream.write_all(&[0x7f, 0xff, 0xff, 0xff]).unwrap();
    }
    for stream in long {
        // A hundred megabytes, of which three bytes come.
        stream.write_all(&[6, 0x40, 0, 0, 0, 3, 0]).unwrap();
    }
    assert!(too_long.iter().all(heard_of));
    streams
}

/// Clients that send a megabyte of a hundred and no more: a gigabyte, all in all.
fn half_frames(program: &Running) -> Vec<TcpStream> {
    let mut half = vec![0; MIB as usize];
    half[..4].copy_from_slice(&[6, 0x40, 0, 0]);
    let mut streams: Vec<TcpStream> = (0..CLIENTS).map(|_| program.connect()).collect();
    for stream in &mut streams {
        // An error where it was ended before all was sent.
        let _ = stream.write_all(&half);
    }
    // No more than a quarter of them can stay, or little more.
    let deadline = Instant::now() + PATIENCE;
    while streams.iter().filter(|stream| is_ended(stream)).count() < 700 {
        assert!(Instant::now() < deadline, "too many stay");
        thread::yield_now();
    }
    streams
}

/// Clients that ask for all of forty megabytes, and read nothing of it.
fn deaf_readers(program: &Running) -> Vec<TcpStream> {
    let mut client = Client::new(Config::new(&program.addresses[0])).unwrap();
    let mut producer = client.producer("large", 0).unwrap();
    for _ in 0..40 {
        let mut builder = libkafka_client::batch::Builder::new();
        builder.add((), &vec![b'x'; 1_000_000]).unwrap();
        producer.produce(builder.build_bytes().unwrap()).unwrap();
    }
    let request = FetchRequest {
        topics: vec![FetchTopic {
            topic: "large".into(),
            partitions: vec![FetchPartition {
                partition_max_bytes: i32::MAX,
                ..Default::default()
            }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let mut streams: Vec<TcpStream> = (0..60).map(|_| program.connect()).collect();
    for stream in &mut streams {
        stream.write_all(&framed(12, &request)).unwrap();
    }
    streams.iter().for_each(|stream| {
        heard_of(stream);
    });
    streams
}

/// Clients that ask for as much as one request can, and read what they get.
fn large_requests(program: &Running) -> Vec<TcpStream> {
    let topic = MetadataRequestTopic {
        name: Some("x".into()),
        ..Default::default()
    };
    let request = MetadataRequest {
        topics: Some(vec![topic; 150_000]),
        allow_auto_topic_creation: false,
        ..Default::default()
    };
    let threads: Vec<_> = (0..10)
        .map(|_| {
            let mut stream = program.connect();
            let request = request.clone();
            thread::spawn(move || {
                ask(&mut stream, 8, &request);
                stream
            })
        })
        .collect();
    threads.into_iter().map(|t| t.join().unwrap()).collect()
}

#[test]
fn a_thousand_clients_of_ill_will_hold_up_no_more_than_is_stated() {
    let mut program = Running::start(program().args([
        "--listen",
        "127.0.0.1:0",
        "--topic",
        "work:1",
        "--topic",
        "large:1",
    ]));
    ask(&mut program.connect(), 8, &MetadataRequest::default());
    let before = program.peak();
    let bystander = Bystander {
        calls: AtomicUsize::new(0),
        done: AtomicBool::new(false),
    };
    let slowest = thread::scope(|scope| {
        let work = scope.spawn(|| bystander.work(&program.addresses[0]));
        let ends = Ends(&bystander.done);
        type Phase = fn(&Running) -> Vec<TcpStream>;
        let phases: [(&str, Phase); 4] = [
            ("claims", claims),
            ("half frames", half_frames),
            ("deaf readers", deaf_readers),
            ("large requests", large_requests),
        ];
        for (name, phase) in phases {
            let streams = phase(&program);
            bystander.gets_through();
            println!("{name}: {} MiB", program.peak() / MIB);
            drop(streams);
        }
        drop(ends);
        work.join().unwrap()
    });
    println!(
        "at first {} MiB, the slowest call took {slowest:?}",
        before / MIB
    );
    assert!(program.peak() < BOUND, "{} MiB", program.peak() / MIB);
    assert!(slowest < PATIENCE, "{slowest:?}");
    program.stop();
}

#[test]
fn topics_and_groups_take_what_is_stated() {
    let program = Running::start(program().args(["--listen", "127.0.0.1:0"]));
    let mut stream = program.connect();
    ask(&mut stream, 8, &MetadataRequest::default());
    let before = program.peak();
    for request in 0..10 {
        let topics = (0..1000).map(|n| CreatableTopic {
            name: format!("topic-{request}-{n}"),
            num_partitions: 4,
            replication_factor: 1,
            ..Default::default()
        });
        let request = CreateTopicsRequest {
            topics: topics.collect(),
            ..Default::default()
        };
        ask(&mut stream, 7, &request);
    }
    let with_topics = program.peak();
    for group in 0..10_000 {
        let request = JoinGroupRequest {
            group_id: format!("group-{group}"),
            session_timeout_ms: 10_000,
            rebalance_timeout_ms: 10_000,
            protocol_type: "consumer".into(),
            protocols: vec![JoinGroupRequestProtocol {
                name: "range".into(),
                ..Default::default()
            }],
            ..Default::default()
        };
        ask(&mut stream, 3, &request);
    }
    let topic = (with_topics - before) / 10_000;
    let group = (program.peak() - with_topics) / 10_000;
    println!("a topic of four partitions takes {topic} bytes, a group with a member {group}");
    assert!(topic < 4096, "{topic}");
    assert!(group < 2048, "{group}");
}
