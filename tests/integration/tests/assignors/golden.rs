//! Kafka's answers, on record so that it takes no Java to hold the assignors to them.

use std::fs;

use libkafka_testkafka::{GroupOracle, require};
use serde_json::{Value, json};

use crate::java::question;
use crate::random::{Had, Shape};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/assignors/golden.jsonl");

/// `BLESS=1` asks other questions, should the groups have changed, and puts the answers on record.
#[test]
fn the_answers_on_record_are_those_of_kafka() {
    require!();
    let mut oracle = GroupOracle::shared();
    let mut answer = |question: &Value| oracle.ask("assign", question).unwrap();
    if std::env::var_os("BLESS").is_some() {
        let mut lines = String::new();
        for question in questions() {
            if let Ok(answer) = answer(&question) {
                let line = json!({ "question": question, "answer": answer });
                lines += &format!("{line}\n");
            }
        }
        fs::write(PATH, lines).unwrap();
    }
    for line in fs::read_to_string(PATH).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(answer(&line["question"]).as_ref(), Ok(&line["answer"]));
    }
}

fn questions() -> Vec<Value> {
    let mut questions = Vec::new();
    for assignor in ["range", "roundrobin", "sticky", "cooperative-sticky"] {
        for had in [Had::Nothing, Had::One, Had::Some, Had::Conflicts] {
            for (equal, racks) in [(true, false), (true, true), (false, true)] {
                let shape = Shape {
                    members: 6,
                    topics: 3,
                    partitions: 20,
                    equal,
                    racks,
                    had,
                    seed: questions.len() as u64,
                };
                questions.push(question(assignor, &shape.group()));
            }
        }
    }
    questions
}
