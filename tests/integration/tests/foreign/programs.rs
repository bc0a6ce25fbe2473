//! The programs that use foreign clients: Kafka's own, and ours.

use libkafka_testkafka::Tool;

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

/// One out of the folder `java`.
pub(crate) fn java(name: &str) -> Tool {
    Tool::source(format!("{FOLDER}/java/{name}.java"))
}

/// One out of the folder `python`.
pub(crate) fn python(name: &str) -> Tool {
    Tool::python(format!("{FOLDER}/python/{name}.py"))
}
