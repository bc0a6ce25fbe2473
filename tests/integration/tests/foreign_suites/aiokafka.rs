//! aiokafka: its source distribution holds no tests, so a driver of ours uses all that it can do.

use std::time::Duration;

use libkafka_testkafka::{Tool, python, require};

use crate::suite::{Suite, driver_outcome};

const PACKAGES: [&str; 4] = [
    "aiokafka==0.14.0",
    "lz4==4.4.5",
    "python-snappy==0.7.3",
    "zstandard==0.25.0",
];
const DRIVER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/python/aiokafka_driver/driver.py"
);

fn aiokafka() -> Suite {
    let python = python::with(&PACKAGES).unwrap();
    let tool = move |bootstrap: &str, only: &[String]| {
        Tool::program(python.to_str().unwrap())
            .args(["-uB", DRIVER, bootstrap])
            .args(only)
    };
    Suite {
        name: "aiokafka 0.14.0, by a driver",
        nodes: 3,
        configs: &[],
        not_served: &[],
        limit: Duration::from_secs(10 * 60),
        tool: Box::new(tool),
        outcome: driver_outcome,
    }
}

#[test]
#[ignore = "takes minutes"]
fn what_aiokafka_does_on_kafka_it_does_here() {
    require!();
    aiokafka().compare();
}
