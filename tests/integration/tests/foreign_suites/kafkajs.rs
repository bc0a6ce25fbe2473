//! KafkaJS: its package holds no tests, so a driver of ours uses all that it can do.

use std::time::Duration;

use std::process::Command;

use libkafka_testkafka::{Tool, cache, one_shot, require};

use crate::suite::{Suite, driver_outcome};

const PACKAGE: &str = "kafkajs@2.2.4";
const DRIVER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/node/kafkajs/driver.js");

fn kafkajs() -> Suite {
    let packages = cache::folder(&format!("node/{PACKAGE}"), |folder| {
        let mut npm = Command::new("npm");
        npm.args(["install", "--silent", "--no-audit", "--no-fund", PACKAGE])
            .current_dir(folder);
        one_shot("npm install", &mut npm).map(drop)
    });
    let packages = packages.unwrap().join("node_modules");
    let tool = move |bootstrap: &str, only: &[String]| {
        Tool::program("node")
            .variable("NODE_PATH", &packages)
            .args([DRIVER, bootstrap])
            .args(only)
    };
    Suite {
        name: "KafkaJS 2.2.4, by a driver",
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
fn what_kafkajs_does_on_kafka_it_does_here() {
    require!();
    kafkajs().compare();
}
