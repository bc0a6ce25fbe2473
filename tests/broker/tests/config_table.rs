//! The table of configurations, held against Kafka's own classes.

use libkafka_testkafka::{Oracle, require};
use serde_json::Value;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/configs.tsv");

/// What the file opens with.
const HEAD: &str = "\
# The configurations of Apache Kafka 4.4.0, extracted from its jars by the oracle of tests/kafka:
# scope, name, type, how brokers let it change, the broker configurations that it falls back to,
# valid values, default (\\N: none) and documentation.
# The documentation is Apache Kafka's: Copyright The Apache Software Foundation, licensed under the
# Apache License, Version 2.0 (https://www.apache.org/licenses/LICENSE-2.0).
# `BLESS=1 cargo test -p libkafka-testbroker --test config_table` writes this file.
";

fn line(config: &Value) -> String {
    let text = |field: &str| config[field].as_str().unwrap_or("\\N").replace('\n', "\\n");
    let synonyms = config["synonyms"].as_array().unwrap().iter();
    let synonyms: Vec<&str> = synonyms.map(|name| name.as_str().unwrap()).collect();
    let mode = match config["internal"].as_bool().unwrap() {
        true => format!("internal {}", text("mode")),
        false => text("mode"),
    };
    let fields = [
        text("scope"),
        text("name"),
        text("type"),
        mode,
        synonyms.join(","),
        text("rule"),
        text("default"),
        text("documentation"),
    ];
    assert!(!fields.iter().any(|field| field.contains('\t')));
    fields.join("\t") + "\n"
}

#[test]
fn the_table_is_what_kafka_has() {
    require!();
    let lines: String = Oracle::configs().unwrap().map(|c| line(&c)).collect();
    let table = format!("{HEAD}{lines}");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PATH, &table).unwrap();
    }
    let kept = std::fs::read_to_string(PATH).unwrap();
    for (kept, kafka) in kept.lines().zip(table.lines()) {
        assert_eq!(kept, kafka);
    }
    assert_eq!(kept.len(), table.len());
}
