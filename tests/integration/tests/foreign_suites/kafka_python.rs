//! kafka-python: the integration tests in its source distribution.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use libkafka_testkafka::{Tool, cache, one_shot, python, require};

use crate::suite::Suite;

const PACKAGE: &str = "kafka-python==3.0.12";
/// What its tests want, and the codecs, which are wheels all.
const PACKAGES: [&str; 8] = [
    PACKAGE,
    "pytest==9.2.0",
    "pytest-mock==3.17.0",
    "pytest-timeout==2.4.0",
    "lz4==4.4.5",
    "python-snappy==0.7.3",
    "zstandard==0.25.0",
    "crc32c==2.9.post0",
];

/// In place of the module that starts Kafka, which the distribution lacks.
const SERVICE: &str = "\
class ExternalService:
    def __init__(self, host, port):
        pass

    def stop(self):
        pass


class SpawnedService:
    pass
";

/// The unpacked source distribution.
fn source() -> PathBuf {
    let folder = cache::folder(&format!("python/source-{PACKAGE}"), |folder| {
        let mut pip = Command::new("python3");
        pip.args([
            "-m",
            "pip",
            "download",
            "-q",
            "--no-deps",
            "--no-binary",
            ":all:",
            PACKAGE,
        ])
        .current_dir(folder);
        one_shot("pip download", &mut pip)?;
        let mut tar = Command::new("sh");
        tar.args(["-c", "tar xzf *.tar.gz --strip-components=1"])
            .current_dir(folder);
        one_shot("tar", &mut tar)?;
        // Without the first, `test` would be Python's own.
        fs::write(folder.join("test/__init__.py"), "").unwrap();
        fs::write(folder.join("test/service.py"), SERVICE).unwrap();
        Ok(())
    });
    folder.unwrap()
}

/// The outcome of a line such as `test/integration/test_x.py::test_y PASSED  [ 12%]`.
fn outcome(line: &str) -> Option<(String, bool)> {
    let mut words = line.split_whitespace();
    let name = words.next().filter(|name| name.starts_with("test/"))?;
    match words.next()? {
        "PASSED" => Some((name.to_owned(), true)),
        "FAILED" | "ERROR" => Some((name.to_owned(), false)),
        _ => None,
    }
}

fn kafka_python() -> Suite {
    let source = source();
    let python = python::with(&PACKAGES).unwrap();
    let tool = move |bootstrap: &str, only: &[String]| {
        let first = bootstrap.split(',').next().unwrap_or_default();
        let tool = Tool::program(python.to_str().unwrap())
            .folder(&source)
            .variable("KAFKA_URI", format!("kafka://{first}"))
            .variable("KAFKA_VERSION", "4.4.0")
            // It looks whether a Kafka is there, and lets it be.
            .variable("KAFKA_ROOT", "/")
            .variable("PYTHONUNBUFFERED", "1")
            .args([
                "-B",
                "-m",
                "pytest",
                "-p",
                "no:cacheprovider",
                "-o",
                "addopts=",
            ])
            .args(["-o", "log_level=CRITICAL", "--timeout=90", "-v", "--tb=no"]);
        match only {
            [] => tool.arg("test/integration"),
            only => tool.args(only),
        }
    };
    Suite {
        name: "kafka-python 3.0.12",
        nodes: 1,
        // As the file of properties that its tests start Kafka with.
        configs: &[
            ("num.partitions", "4"),
            ("group.min.session.timeout.ms", "1000"),
        ],
        not_served: &[],
        limit: Duration::from_secs(15 * 60),
        tool: Box::new(tool),
        outcome,
    }
}

#[test]
#[ignore = "takes minutes"]
fn the_tests_of_kafka_python_that_pass_on_kafka_pass_here() {
    require!();
    kafka_python().compare();
}
