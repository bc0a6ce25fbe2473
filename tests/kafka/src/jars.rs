//! Fetches Kafka and what it needs from Maven Central.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cache;
use crate::error::At;
use crate::error::Error;
use crate::java;
use crate::version::Version;

const POM: &str = include_str!("../java/pom.xml");

/// A folder with the jars of the broker of `version`, fetched by mvn when it is wanted first.
///
/// `kafka-clients` is among them, with the message schemas under `common/message/`.
///
/// # Errors
/// [`Error::Missing`] without mvn, [`Error::Maven`] if it fails.
pub fn broker_jars(version: Version) -> Result<PathBuf, Error> {
    let scala = if version.since(2, 4) { "2.13" } else { "2.12" };
    artifact(&format!("kafka_{scala}"), version)
}

/// A folder with the jars of `org.apache.kafka:kafka-tools`, the console clients among them.
///
/// # Errors
/// As [`broker_jars`].
pub fn tools_jars(version: Version) -> Result<PathBuf, Error> {
    artifact("kafka-tools", version)
}

/// The jar of the tests of Kafka's storage, which has a tier that is a folder. For 4.4.0 none was
/// published, and another one's does not fit.
pub(crate) fn storage_tests(version: Version) -> Result<PathBuf, Error> {
    let name = format!("kafka-storage-{version}-test");
    let folder = cache::folder(&format!("jars/{name}"), |folder| {
        let artifact = format!("org.apache.kafka:kafka-storage:{version}:jar:test");
        maven(
            folder,
            &name,
            &["dependency:copy", &format!("-Dartifact={artifact}")],
        )
    })?;
    Ok(folder.join(format!("{name}.jar")))
}

/// A folder with the jars of `org.apache.kafka:NAME`, and of all that it needs.
pub(crate) fn artifact(name: &str, version: Version) -> Result<PathBuf, Error> {
    let entry = format!("{name}-{version}");
    cache::folder(&format!("jars/{entry}-{}", cache::digest(POM)), |folder| {
        let pom = folder.join("pom.xml");
        fs::write(&pom, POM).at("writing", &pom)?;
        maven(
            folder,
            &entry,
            &[
                "dependency:copy-dependencies",
                &format!("-Dkafka.artifact={name}"),
                &format!("-Dkafka.version={version}"),
                &format!("-Dlogging.artifact={}", logging(version)),
                &format!("-Dzookeeper.version={}", zookeeper(version)),
            ],
        )
    })
}

/// Has Maven put something into a folder.
fn maven(folder: &Path, name: &str, goal: &[&str]) -> Result<(), Error> {
    let mvn = java::program("mvn")?;
    let output = Command::new(&mvn)
        .args(["-q", "-B", "-Dstyle.color=never", "-DoutputDirectory=."])
        .args(goal)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .at("starting", &mvn)?;
    if output.status.success() {
        return Ok(());
    }
    let printed = [output.stdout, output.stderr].concat();
    Err(Error::Maven {
        artifact: name.to_owned(),
        output: String::from_utf8_lossy(&printed).into_owned(),
    })
}

/// Kafka up to 3.9 uses classes of log4j 1.2, which slf4j's binding for it brings.
fn logging(version: Version) -> &'static str {
    if version.since(4, 0) {
        "slf4j-simple"
    } else {
        "slf4j-reload4j"
    }
}

/// The ZooKeeper clients 3.4.11 to 3.5.7, which the oldest Kafkas name, misread an unresolved
/// address on Java 14 and later (ZOOKEEPER-3779).
fn zookeeper(version: Version) -> &'static str {
    if !version.since(2, 4) {
        "3.4.10"
    } else if !version.since(3, 0) {
        "3.5.9"
    } else {
        "3.8.4"
    }
}
