//! The programs that use foreign clients: Kafka's own, and ours.

use libkafka_testkafka::Tool;

use crate::cluster::Cluster;
use crate::peace;

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

/// One out of the folder `java`.
pub(crate) fn java(name: &str) -> Tool {
    Tool::source(format!("{FOLDER}/java/{name}.java"))
}

/// One out of the folder `python`.
pub(crate) fn python(name: &str) -> Tool {
    Tool::python(format!("{FOLDER}/python/{name}.py"))
}

/// What the class `name` of Kafka's tools prints.
#[track_caller]
pub(crate) fn command(cluster: &Cluster, name: &str, args: &[&str]) -> Vec<String> {
    let tool = Tool::new(format!("org.apache.kafka.tools.{name}"))
        .args(["--bootstrap-server", &cluster.bootstrap()])
        .args(args);
    peace::run(tool).lines()
}
