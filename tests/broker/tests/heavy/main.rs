//! Requests of kilobytes that ask for gigabytes or for minutes: the broker neither grows beyond what
//! the README states nor keeps others waiting.
#![cfg(target_os = "linux")]

mod administration;
mod machine;
#[path = "../running/optimised.rs"]
mod optimised;
#[path = "../running/mod.rs"]
mod running;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use administration::administration;
use libkafka_client::batch::{Builder, BuilderOptions, Zstd};
use libkafka_protocol::messages::create_topics::CreatableTopic;
use libkafka_protocol::messages::describe_configs::DescribeConfigsResource;
use libkafka_protocol::messages::describe_producers::TopicRequest;
use libkafka_protocol::messages::join_group::JoinGroupRequestProtocol;
use libkafka_protocol::messages::metadata::MetadataRequestTopic;
use libkafka_protocol::messages::produce::{PartitionProduceData, TopicProduceData};
use libkafka_protocol::messages::sync_group::SyncGroupRequestAssignment;
use libkafka_protocol::messages::{
    ApiVersionsRequest, CreateTopicsRequest, DescribeConfigsRequest, DescribeGroupsRequest,
    DescribeGroupsResponse, DescribeProducersRequest, JoinGroupRequest, MetadataRequest,
    ProduceRequest, RequestHeader, SyncGroupRequest,
};
use libkafka_protocol::{Bytes, Request, frame};
use machine::Machine;
use optimised::optimised;
use running::{PROGRAM, Running};

const MIB: u64 = 1024 * 1024;
/// What the README states.
const BOUND: u64 = 640 * MIB;
/// What the README states for the call of any other client.
const STATED: Duration = Duration::from_secs(2);
/// What an unoptimised build on a busy machine needs.
const PATIENCE: Duration = Duration::from_secs(20);

fn connect(program: &Running) -> TcpStream {
    let stream = TcpStream::connect(&program.addresses[0]).unwrap();
    stream.set_read_timeout(Some(PATIENCE * 6)).unwrap();
    stream
}

fn peak(program: &Running) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", program.child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line.unwrap().split_whitespace().nth(1).unwrap();
    kib.parse::<u64>().unwrap() * 1024
}

/// Sends a request and takes what comes back, which may be the end of the connection; gives the
/// length of the answer.
fn ask<R: Request>(stream: &mut TcpStream, version: i16, request: &R) -> Option<usize> {
    let header = RequestHeader {
        request_api_key: R::API_KEY,
        request_api_version: version,
        ..Default::default()
    };
    let mut out = Vec::new();
    frame::encode_request(&header, request, &mut out).unwrap();
    stream.write_all(&out).unwrap();
    let mut length = [0; 4];
    stream.read_exact(&mut length).ok()?;
    let length = u32::from_be_bytes(length) as usize;
    let read = std::io::copy(&mut stream.take(length as u64), &mut std::io::sink());
    assert_eq!(read.unwrap(), length as u64);
    Some(length)
}

/// The same, of which the answer must come.
#[track_caller]
fn must<R: Request>(program: &Running, version: i16, request: &R) -> usize {
    ask(&mut connect(program), version, request).expect("an answer")
}

fn metadata(program: &Running) {
    let one = |name: &str| MetadataRequestTopic {
        name: Some(name.into()),
        ..Default::default()
    };
    let request = |times| MetadataRequest {
        topics: Some(vec![one("wide"); times]),
        ..Default::default()
    };
    let once = must(program, 9, &request(1));
    // As Kafka answers: once, however often it is named.
    assert_eq!(must(program, 9, &request(1_000)), once);
    assert_eq!(must(program, 9, &request(20_000)), once);
}

fn one_large_group(program: &Running) {
    let mut stream = connect(program);
    let join = JoinGroupRequest {
        group_id: "large".into(),
        session_timeout_ms: 60_000,
        rebalance_timeout_ms: 60_000,
        protocol_type: "consumer".into(),
        protocols: vec![JoinGroupRequestProtocol {
            name: "range".into(),
            metadata: vec![0; 3_000_000].into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    ask(&mut stream, 3, &join).unwrap();
    let described = DescribeGroupsRequest {
        groups: vec!["large".into()],
        ..Default::default()
    };
    // Its member is the only one there is, whatever its id.
    let id = member_of(program, "large");
    let sync = SyncGroupRequest {
        group_id: "large".into(),
        generation_id: 1,
        member_id: id.clone(),
        assignments: vec![SyncGroupRequestAssignment {
            member_id: id,
            ..Default::default()
        }],
        ..Default::default()
    };
    ask(&mut stream, 3, &sync).unwrap();
    assert!(must(program, 5, &described) > 3_000_000);
    let request = DescribeGroupsRequest {
        groups: vec!["large".into(); 3_000],
        ..Default::default()
    };
    assert_eq!(ask(&mut connect(program), 5, &request), None);
}

/// The id of the only member of a group.
fn member_of(program: &Running, group: &str) -> String {
    let request = DescribeGroupsRequest {
        groups: vec![group.into()],
        ..Default::default()
    };
    let mut stream = connect(program);
    let header = RequestHeader {
        request_api_key: DescribeGroupsRequest::API_KEY,
        request_api_version: 5,
        ..Default::default()
    };
    let mut out = Vec::new();
    frame::encode_request(&header, &request, &mut out).unwrap();
    stream.write_all(&out).unwrap();
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut bytes = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut bytes).unwrap();
    let answer = frame::decode_response::<DescribeGroupsResponse>(5, &Bytes::from(bytes));
    answer.unwrap().1.groups[0].members[0].member_id.clone()
}

fn configs(program: &Running) {
    let resource = DescribeConfigsResource {
        resource_type: 2,
        resource_name: "wide".into(),
        configuration_keys: None,
        ..Default::default()
    };
    let request = DescribeConfigsRequest {
        resources: vec![resource; 60_000],
        include_synonyms: true,
        ..Default::default()
    };
    assert_eq!(ask(&mut connect(program), 4, &request), None);
}

fn producers(program: &Running) {
    let mut builder = Builder::new();
    for id in 0..500 {
        builder.add((), "v").unwrap();
        let mut batch = builder.build().unwrap().to_vec();
        let producer = libkafka_client::batch::ProducerInfo {
            id,
            epoch: 0,
            base_sequence: Some(0),
            transactional: false,
        };
        let restamp = libkafka_client::batch::Restamp::new().producer(producer);
        restamp.apply(&mut batch).unwrap();
        must(program, 9, &produce_request("work", vec![batch.into()]));
    }
    let request = DescribeProducersRequest {
        topics: vec![TopicRequest {
            name: "work".into(),
            partition_indexes: vec![0; 10_000],
            ..Default::default()
        }],
        ..Default::default()
    };
    assert_eq!(ask(&mut connect(program), 0, &request), None);
}

fn produce_request(topic: &str, batches: Vec<Bytes>) -> ProduceRequest {
    let partitions = (0..)
        .zip(batches)
        .map(|(index, records)| PartitionProduceData {
            index,
            records: Some(records),
            ..Default::default()
        });
    ProduceRequest {
        acks: 1,
        timeout_ms: 30_000,
        topic_data: vec![TopicProduceData {
            name: topic.into(),
            partition_data: partitions.collect(),
            ..Default::default()
        }],
        ..Default::default()
    }
}

fn protocols(program: &Running) {
    let protocol = |n: usize| JoinGroupRequestProtocol {
        name: format!("protocol-{n}"),
        ..Default::default()
    };
    let threads = thread::scope(|scope| {
        let joins: Vec<_> = (0..3)
            .map(|member| {
                scope.spawn(move || {
                    // All have one in common, the last.
                    let names = (0..50_000).map(|n| protocol(n + 50_000 * member));
                    let request = JoinGroupRequest {
                        group_id: "many-names".into(),
                        session_timeout_ms: 6_000,
                        rebalance_timeout_ms: 1_000,
                        protocol_type: "consumer".into(),
                        protocols: names.chain([protocol(1_000_000)]).collect(),
                        ..Default::default()
                    };
                    ask(&mut connect(program), 3, &request)
                })
            })
            .collect();
        joins
            .into_iter()
            .map(|join| join.join().unwrap())
            .collect::<Vec<_>>()
    });
    assert!(threads.iter().any(Option::is_some));
}

fn topics(program: &Running) {
    let topics = |partitions: i32| CreateTopicsRequest {
        topics: (0..20_000)
            .map(|n| CreatableTopic {
                name: format!("topic-{n}"),
                num_partitions: partitions,
                replication_factor: 1,
                ..Default::default()
            })
            .collect(),
        timeout_ms: 30_000,
        ..Default::default()
    };
    // More than one request may make, as in Kafka.
    ask(&mut connect(program), 5, &topics(1));
    let mut half = topics(1);
    half.topics.truncate(10_000);
    must(program, 5, &half);
}

fn bombs(program: &Running) {
    let mut builder = Builder::with_options(BuilderOptions::new().compressor(Zstd::new()));
    builder.add((), &vec![0; 10_000_000]).unwrap();
    let bomb = Bytes::copy_from_slice(builder.build().unwrap());
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    must(program, 9, &produce_request("bombs", vec![bomb; 20]));
}

/// Has the other client end with this, a failure of the test included.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn kilobytes_that_ask_for_much_neither_fill_the_memory_nor_hold_up_others() {
    let optimised = optimised();
    let patience = if optimised.is_some() {
        STATED
    } else {
        PATIENCE
    };
    let program = optimised.as_deref().unwrap_or(PROGRAM);
    let mut program = Running::start(Command::new(program).args([
        "--listen",
        "127.0.0.1:0",
        "--topic",
        "wide:10000",
        "--topic",
        "work:1",
        "--topic",
        "bombs:20",
    ]));
    let done = AtomicBool::new(false);
    let slowest = Mutex::new(Duration::ZERO);
    thread::scope(|scope| {
        let bystander = scope.spawn(|| {
            let mut stream = connect(&program);
            while !done.load(Ordering::Relaxed) {
                let start = Instant::now();
                ask(&mut stream, 0, &ApiVersionsRequest::default()).expect("an answer");
                let mut slowest = slowest.lock().unwrap();
                *slowest = slowest.max(start.elapsed());
                drop(slowest);
                thread::yield_now();
            }
        });
        let _ends = Ends(&done);
        type Phase = fn(&Running);
        let phases: [(&str, Phase); 8] = [
            ("metadata of one wide topic", metadata),
            ("one large group", one_large_group),
            ("configs", configs),
            ("producers", producers),
            ("protocols", protocols),
            ("topics", topics),
            ("bombs", bombs),
            ("administration", administration),
        ];
        for (name, phase) in phases {
            let (start, machine) = (Instant::now(), Machine::now(program.child.id()));
            phase(&program);
            let (took, slowdown) = (start.elapsed(), machine.slowdown());
            let slowest = std::mem::take(&mut *slowest.lock().unwrap());
            println!(
                "{name}: {took:?}, {} MiB, the slowest call of another client {slowest:?}, \
                 on a machine that made it {slowdown:.1} times as slow",
                peak(&program) / MIB
            );
            assert!(slowest < patience.mul_f64(slowdown), "{name}: {slowest:?}");
            // What takes long takes it outside of the lock.
            let is_long = took > Duration::from_secs(4);
            assert!(
                !is_long || slowest < took / 2,
                "{name}: {slowest:?} of {took:?}"
            );
            assert!(
                !bystander.is_finished(),
                "{name}: another client was turned away"
            );
        }
    });
    assert!(peak(&program) < BOUND, "{} MiB", peak(&program) / MIB);
    program.stop();
}
