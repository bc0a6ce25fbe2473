//! franz-go: the tests of its package `kgo`, and a driver of its admin client `kadm`.

use std::path::Path;
use std::time::Duration;

use libkafka_testkafka::{Tool, require};

use crate::go;
use crate::suite::Suite;

const VERSION: &str = "v1.22.3";
const KADM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/go/kadm");

const SHARE_GROUPS: [&str; 5] = [
    "TestConsumeRegexShareSkipsInternal",
    "TestShareGroup",
    "TestShareGroupAckOnClose",
    "TestShareGroupETL",
    "TestShareGroupOffsetsAdmin",
];

fn kgo() -> Suite {
    let module = go::module("github.com/twmb/franz-go", VERSION);
    let tests = go::compile(&module, "./pkg/kgo", &[]);
    let tool = move |bootstrap: &str, only: &[String]| {
        Tool::program(tests.to_str().unwrap())
            .folder(module.join("pkg/kgo"))
            .variable("KGO_SEEDS", bootstrap)
            .variable("KGO_LOG_LEVEL", "none")
            .variable("KGO_TEST_RF", "1")
            // A tenth of what it has by default.
            .variable("KGO_TEST_RECORDS", "50000")
            .args(["-test.v", "-test.timeout=20m"])
            .args(go::run(only))
    };
    Suite {
        name: "franz-go 1.22.3, kgo",
        nodes: 3,
        configs: &[],
        not_served: &SHARE_GROUPS,
        limit: Duration::from_secs(20 * 60),
        tool: Box::new(tool),
        outcome: go::outcome,
    }
}

/// Its own tests have a broker of their own.
fn kadm() -> Suite {
    let tests = go::compile(Path::new(KADM), ".", &[]);
    let tool = move |bootstrap: &str, only: &[String]| {
        Tool::program(tests.to_str().unwrap())
            .variable("BOOTSTRAP", bootstrap)
            .arg("-test.v")
            .args(go::run(only))
    };
    Suite {
        name: "franz-go, kadm 1.20.0, by a driver",
        nodes: 3,
        configs: &[],
        not_served: &[],
        limit: Duration::from_secs(10 * 60),
        tool: Box::new(tool),
        outcome: go::outcome,
    }
}

#[test]
#[ignore = "takes minutes"]
fn the_tests_of_kgo_that_pass_on_kafka_pass_here() {
    require!();
    kgo().compare();
}

#[test]
#[ignore = "takes minutes"]
fn what_kadm_does_on_kafka_it_does_here() {
    require!();
    kadm().compare();
}
