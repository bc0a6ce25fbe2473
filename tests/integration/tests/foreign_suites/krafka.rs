//! krafka: the integration tests in its crate, with a broker of ours in place of Docker's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use libkafka_testkafka::{Error, Tool, cache, one_shot, require};
use serde_json::Value;

use crate::suite::Suite;

/// A package whose only test is that of krafka, without what starts containers.
const MANIFEST: &str = r#"
[package]
name = "suite"
version = "0.0.0"
edition = "2024"

[dependencies]
krafka = "=0.28.1"
bytes = "1"
futures = "0.3"
tokio = { version = "1", features = ["full"] }
tracing-subscriber = { version = "0.3", features = ["env-filter"] }

[workspace]
"#;

const BROKER: &str = r#"
fn kafka() -> String {
    std::env::var("KRAFKA_BROKERS").unwrap()
}

"#;

/// The tests, with [`BROKER`] from the image of the container to the first helper.
fn patch(tests: &str) -> String {
    let (head, rest) = tests.split_once("// Custom Kafka image").unwrap();
    let (_, rest) = rest.split_once("/// Helper to poll for records").unwrap();
    let head: Vec<&str> = head
        .lines()
        .filter(|line| !line.starts_with("use testcontainers") && !line.starts_with("use std::"))
        .collect();
    let uses = "use std::time::Duration;\nuse std::collections::HashMap;\n";
    let head = head
        .join("\n")
        .replacen("#![allow(", "#![allow(unused_imports, ", 1);
    let (attributes, head) = head.split_at(head.find("\n\n/// Time to wait").unwrap());
    format!("{attributes}\n{uses}{head}\n{BROKER}/// Helper to poll for records{rest}")
}

fn cargo(folder: &Path, args: &[&str]) -> Result<String, Error> {
    let what = format!("cargo {}", args[0]);
    one_shot(&what, Command::new("cargo").args(args).current_dir(folder))
}

/// The compiled tests.
fn compile() -> PathBuf {
    let entry = cache::folder(&format!("krafka/{}", cache::digest(MANIFEST)), |folder| {
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::create_dir_all(folder.join("tests")).unwrap();
        fs::write(folder.join("Cargo.toml"), MANIFEST).unwrap();
        fs::write(folder.join("src/lib.rs"), "").unwrap();
        let metadata = cargo(folder, &["metadata", "--format-version=1"])?;
        let metadata: Value = serde_json::from_str(&metadata).unwrap();
        let packages = metadata["packages"].as_array().unwrap();
        let krafka = packages.iter().find(|one| one["name"] == "krafka").unwrap();
        let manifest = PathBuf::from(krafka["manifest_path"].as_str().unwrap());
        let tests = fs::read_to_string(manifest.with_file_name("tests/integration_tests.rs"));
        fs::write(folder.join("tests/suite.rs"), patch(&tests.unwrap())).unwrap();
        let target = ["--target-dir", "target"];
        let built = ["test", "--test=suite", "--no-run", "--message-format=json"];
        let built = cargo(folder, &[&built[..], &target[..]].concat())?;
        let built = built
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok());
        let program = built
            .filter_map(|line: Value| line["executable"].as_str().map(PathBuf::from))
            .next_back();
        fs::copy(program.unwrap(), folder.join("suite")).unwrap();
        fs::remove_dir_all(folder.join("target")).unwrap();
        Ok(())
    });
    entry.unwrap().join("suite")
}

/// The outcome of a line such as `test a_name ... ok`.
fn outcome(line: &str) -> Option<(String, bool)> {
    let (name, outcome) = line.strip_prefix("test ")?.split_once(" ... ")?;
    match outcome {
        "ok" => Some((name.to_owned(), true)),
        "FAILED" => Some((name.to_owned(), false)),
        _ => None,
    }
}

fn krafka() -> Suite {
    let tests = compile();
    let tool = move |bootstrap: &str, only: &[String]| {
        let tool = Tool::program(tests.to_str().unwrap())
            .variable("KRAFKA_BROKERS", bootstrap)
            .args(["--ignored", "--test-threads=4"]);
        match only {
            [] => tool,
            only => tool.arg("--exact").args(only),
        }
    };
    Suite {
        name: "krafka 0.28.1",
        nodes: 1,
        configs: &[],
        not_served: &[],
        limit: Duration::from_secs(15 * 60),
        tool: Box::new(tool),
        outcome,
    }
}

#[test]
#[ignore = "takes minutes"]
fn the_tests_of_krafka_that_pass_on_kafka_pass_here() {
    require!();
    krafka().compare();
}
