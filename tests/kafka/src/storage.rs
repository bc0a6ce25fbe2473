//! Formats the log folders of a KRaft cluster.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use data_encoding::BASE64URL_NOPAD;

use crate::cluster::Cluster;
use crate::error::At;
use crate::error::Error;
use crate::process::{Output, Process};
use crate::user::User;

/// Far more than a start of Java takes: a busy machine is no failure.
const DEADLINE: Duration = Duration::from_secs(240);

/// Runs Kafka's own `StorageTool` for broker 1. The folders of the others differ by two ids only,
/// and a Java start each is too dear for that.
pub(crate) fn format(cluster: &Cluster) -> Result<(), Error> {
    let java = cluster
        .java("kafka.tools.StorageTool")?
        .args(["format", "--cluster-id", &uuid(), "--config"])
        .args([cluster.properties_file(1)])
        .args(users(cluster));
    let log = cluster.broker_folder(1).join("format.log");
    Process::spawn("StorageTool", &java, log, Output::Log)?.succeed(Instant::now() + DEADLINE)?;
    for id in cluster.ids().skip(1) {
        copy(&cluster.data_folder(1), &cluster.data_folder(id), id)?;
    }
    Ok(())
}

/// The arguments that put the users of SCRAM into the new storage.
fn users(cluster: &Cluster) -> Vec<String> {
    let mut arguments = Vec::new();
    for mechanism in cluster
        .mechanisms()
        .filter(|mechanism| cluster.settings.sasl && mechanism.is_scram())
    {
        for User { name, password } in User::ALL {
            arguments.push("--add-scram".to_owned());
            arguments.push(format!(
                "{mechanism}=[name={name},iterations=4096,password={password}]"
            ));
        }
    }
    arguments
}

fn copy(from: &Path, to: &Path, id: i32) -> Result<(), Error> {
    fs::create_dir_all(to).at("creating", to)?;
    for entry in fs::read_dir(from).at("reading", from)? {
        let entry = entry.at("reading", from)?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &target, id)?;
        } else if entry.file_name() == "meta.properties" {
            let text = fs::read_to_string(&source).at("reading", &source)?;
            fs::write(&target, meta_of(id, &text)).at("writing", &target)?;
        } else {
            fs::copy(&source, &target).at("copying", &source)?;
        }
    }
    Ok(())
}

/// The `meta.properties` of broker `id`, made from another's.
fn meta_of(id: i32, text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once('=') {
        Some(("node.id", _)) => format!("node.id={id}\n"),
        Some(("directory.id", _)) => format!("directory.id={}\n", uuid()),
        _ => format!("{line}\n"),
    });
    lines.collect()
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
