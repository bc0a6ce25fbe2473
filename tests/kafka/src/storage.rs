//! Formats the log folders of a KRaft cluster.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;

use crate::Error;
use crate::config::Cluster;
use crate::error::At;
use crate::java::Java;
use crate::process::{Output, Process};

const DEADLINE: Duration = Duration::from_secs(60);

/// Runs Kafka's own `StorageTool` for broker 1. The folders of the others differ by two ids only,
/// and a Java start each is too dear for that.
pub(crate) fn format(cluster: &Cluster, java: Java) -> Result<(), Error> {
    let java = java
        .args(["format", "--cluster-id", &uuid(), "--config"])
        .args([cluster.properties_file(1)]);
    let log = cluster.broker_folder(1).join("format.log");
    let mut tool = Process::spawn("StorageTool", &java, log, Output::Log)?;
    match tool.wait(Instant::now() + DEADLINE) {
        Some(status) if status.success() => {}
        Some(status) => return Err(tool.ended_error(status)),
        None => return Err(tool.deadline_error("format the storage")),
    }
    for id in cluster.ids().skip(1) {
        copy(&cluster.data_folder(1), &cluster.data_folder(id), id)?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path, id: i32) -> Result<(), Error> {
    fs::create_dir_all(to).at("creating", to)?;
    for entry in fs::read_dir(from).at("reading", from)? {
        let entry = entry.at("reading", from)?.path();
        let Some(name) = entry.file_name() else {
            continue;
        };
        let target = to.join(name);
        if name != "meta.properties" {
            fs::copy(&entry, &target).at("copying", &entry)?;
            continue;
        }
        let mut meta = String::new();
        for line in fs::read_to_string(&entry).at("reading", &entry)?.lines() {
            match line.split_once('=') {
                Some(("node.id", _)) => meta += &format!("node.id={id}"),
                Some(("directory.id", _)) => meta += &format!("directory.id={}", uuid()),
                _ => meta += line,
            }
            meta += "\n";
        }
        fs::write(&target, meta).at("writing", &target)?;
    }
    Ok(())
}

/// A random uuid as Kafka writes it.
fn uuid() -> String {
    loop {
        let uuid = BASE64URL_NOPAD.encode(&fastrand::u128(..).to_be_bytes());
        // Kafka's own command line would take it for an option.
        if !uuid.starts_with('-') {
            return uuid;
        }
    }
}
