//! [`Commands`]: Kafka's tools, run one after the other by one Java that has started once.

use std::time::Instant;

use libkafka_integration::PATIENCE;
use libkafka_testkafka::Session;

use crate::cluster::Cluster;
use crate::peace::complaints;
use crate::programs;

/// A running `Commands.java`.
pub(crate) struct Commands(Session);

impl Commands {
    pub(crate) fn start() -> Commands {
        let tool = programs::java("Commands").artifact("kafka-tools");
        Commands(tool.spawn().unwrap())
    }

    /// What a command prints, which has nothing to complain about.
    #[track_caller]
    fn run(&mut self, command: &[&str]) -> Vec<String> {
        self.0.send(command.join("\t").as_bytes()).unwrap();
        let deadline = Instant::now() + PATIENCE;
        let mut printed = Vec::new();
        loop {
            let line = self.0.line(deadline).unwrap();
            let line = line.unwrap_or_else(|| panic!("{command:?}: {}", self.0.stderr()));
            let line = String::from_utf8(line).unwrap();
            if let Some(status) = line.strip_prefix("exit status ") {
                let stderr = self.0.stderr();
                assert_eq!(status, "0", "{command:?}: {printed:?} {stderr}");
                assert_eq!(complaints(&stderr), [""; 0], "{command:?}");
                return printed;
            }
            printed.push(line);
        }
    }
}

/// What the class `name` of Kafka's tools prints.
#[track_caller]
pub(crate) fn command(cluster: &Cluster, name: &str, args: &[&str]) -> Vec<String> {
    let name = format!("org.apache.kafka.tools.{name}");
    let bootstrap = cluster.bootstrap();
    let command = [&name, "--bootstrap-server", &bootstrap];
    cluster.commands().run(&[&command[..], args].concat())
}
