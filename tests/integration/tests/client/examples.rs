//! The examples that take more than an embedded broker without TLS: certificates, or real Kafka.

use std::fs;
use std::path::Path;
use std::process::Command;

use libkafka_batch::{Builder, BuilderOptions, Header, Lz4, Record};
use libkafka_client::{Client, Config};
use libkafka_integration::example;
use libkafka_testbroker::{Broker, Listener, Tls};
use libkafka_testkafka::{Certificates, Identity, Kafka, Tool, require};
use serde_json::Value;

use crate::topics::create;

#[test]
fn tls_sasl_connects_by_tls_and_each_mechanism_and_shows_how_long_that_took() {
    let Some(example) = example("tls_sasl") else {
        return;
    };
    let certificates = Certificates::generate().unwrap();
    let read = |path| fs::read(path).unwrap();
    let certificate = read(certificates.certificate(Identity::Server));
    let tls = Tls::new(certificate, read(certificates.key(Identity::Server))).unwrap();
    let broker = Broker::builder()
        .user("alice", "alice-secret")
        .listener(Listener::SaslSsl)
        .tls(tls)
        .start()
        .unwrap();
    let run = |mechanism, password| {
        let ca = certificates.ca();
        let mut command = Command::new(&example);
        command.args([
            "--bootstrap",
            &broker.bootstrap(),
            "--user",
            "alice",
            "--json",
        ]);
        command.args(["--mechanism", mechanism, "--ca", ca.to_str().unwrap()]);
        command.env("KAFKA_PASSWORD", password).output().unwrap()
    };
    for mechanism in ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] {
        let output = run(mechanism, "alice-secret");
        assert!(output.status.success(), "{output:?}");
        let printed = String::from_utf8(output.stdout).unwrap();
        let lines = printed
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        let lines: Vec<Value> = lines.collect();
        assert_eq!(lines[0]["address"], broker.bootstrap());
        for (line, step) in lines[1..].iter().zip(["connect", "TLS", "SASL"]) {
            assert_eq!(line["step"], step);
            assert!(line["microseconds"].as_u64().unwrap() > 0, "{printed}");
        }
    }
    let output = run("PLAIN", "guessed");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn dump_log_prints_what_kafkas_own_tool_prints() {
    require!();
    let Some(example) = example("dump_log") else {
        return;
    };
    let kafka = Kafka::shared();
    fill("dumped", &kafka.bootstrap());
    // The second begins with the election of a leader.
    for partition in ["dumped-0", "__cluster_metadata-0"] {
        let segment = kafka.folder().join("broker1/data").join(partition);
        let segment = segment.join("00000000000000000000.log");
        let ours = Tool::program(example.to_str().unwrap()).arg(&segment);
        let ours = ours.run().unwrap().lines();
        let mut theirs = kafkas_own(&segment);
        // The log of the quorum grows meanwhile.
        theirs.truncate(ours.len());
        let is_readable = |line: &String| !partition.starts_with("__") || !line.contains("payload");
        let comparable = |lines: Vec<String>| {
            let lines = lines.into_iter().filter(is_readable);
            lines.map(|line| json_sorted(&line)).collect::<Vec<_>>()
        };
        assert_eq!(comparable(ours), comparable(theirs));
    }
}

/// Produces records of all shapes, a compressed batch, and a transaction.
fn fill(topic: &str, bootstrap: &str) {
    let mut client = Client::new(Config::new(bootstrap)).unwrap();
    create(&mut client, topic, 1, &[]);
    let mut producer = client.producer(topic, 0).unwrap();
    let headers = [Header::new("h", "x"), Header::new("none", ())];
    for options in [
        BuilderOptions::new(),
        BuilderOptions::new().compressor(Lz4::new()),
    ] {
        let mut builder = Builder::with_options(options);
        let record = Record {
            timestamp: 1_700_000_000_000,
            key: Some(b"key"),
            value: Some("größer".as_bytes()),
            headers: (&headers).into(),
            ..Record::default()
        };
        builder.add_record(&record).unwrap();
        builder.add((), ()).unwrap();
        builder.add("", "").unwrap();
        producer.produce(builder.build_bytes().unwrap()).unwrap();
    }
    Tool::new("org.apache.kafka.tools.ProducerPerformance")
        .args(["--bootstrap-server", bootstrap, "--topic", topic])
        .args([
            "--num-records",
            "3",
            "--payload-monotonic",
            "--throughput",
            "-1",
        ])
        .args([
            "--transactional-id",
            "dumped",
            "--transaction-duration-ms",
            "1000",
        ])
        .run()
        .unwrap();
}

/// What `kafka-dump-log.sh` prints, but for the two lines at the head.
fn kafkas_own(segment: &Path) -> Vec<String> {
    let printed = Tool::new("org.apache.kafka.tools.DumpLogSegments")
        .args(["--print-data-log", "--files"])
        .arg(segment)
        .run()
        .unwrap();
    let lines = printed.lines();
    assert_eq!(lines[1], "Log starting offset: 0");
    lines[2..].to_vec()
}

/// The line, with the keys of the JSON at its end in alphabetical order.
fn json_sorted(line: &str) -> String {
    let at = line.find('{').unwrap_or(line.len());
    match serde_json::from_str::<Value>(&line[at..]) {
        Ok(json) => format!("{}{json}", &line[..at]),
        Err(_) => line.to_owned(),
    }
}
