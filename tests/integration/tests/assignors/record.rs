//! The assignors, held to Kafka 4.4.0's answers that `golden` put on record.

use std::collections::BTreeMap;

use libkafka_client::assignor::{Assignor, CooperativeSticky, Range, RoundRobin, Sticky};
use serde_json::Value;

use crate::group::{Assignment, Group, Member, Partition, unevenness};

const ANSWERS: &str = include_str!("golden.jsonl");

struct Line {
    assignor: String,
    group: Group,
    answer: Value,
}

impl Line {
    fn assignment(&self) -> Assignment {
        let members = self.answer.as_object().unwrap().iter();
        let members = members.map(|(id, member)| {
            let mut sorted = partitions(&member["partitions"]);
            sorted.sort_unstable();
            (id.clone(), sorted)
        });
        members.collect()
    }
}

fn lines_of(assignor: &str) -> Vec<Line> {
    let lines = ANSWERS.lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        let question = &line["question"];
        let members = question["members"].as_object().unwrap().iter();
        Line {
            assignor: text(&question["assignor"]).unwrap(),
            group: Group {
                topics: topics(&question["topics"]),
                members: members
                    .map(|(id, json)| (id.clone(), member(json)))
                    .collect(),
            },
            answer: line["answer"].clone(),
        }
    });
    let lines: Vec<_> = lines.filter(|line| line.assignor == assignor).collect();
    assert!(lines.len() > 5, "{} answers of {assignor}", lines.len());
    lines
}

fn topics(json: &Value) -> BTreeMap<String, Vec<Vec<String>>> {
    let racks = |json: &Value| json.as_array().unwrap().iter().filter_map(text).collect();
    let topics = json.as_object().unwrap().iter();
    let topics = topics.map(|(name, partitions)| {
        let partitions = partitions.as_array().unwrap().iter();
        (name.clone(), partitions.map(racks).collect())
    });
    topics.collect()
}

fn member(json: &Value) -> Member {
    Member {
        topics: json["topics"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(text)
            .collect(),
        owned: partitions(&json["owned"]),
        generation: json["generation"]
            .as_i64()
            .map(|generation| generation as i32),
        rack: text(&json["rack"]),
        instance: text(&json["instance"]),
        user_data: None,
    }
}

fn partitions(json: &Value) -> Vec<Partition> {
    let pairs = json.as_array().unwrap().iter();
    let pairs = pairs.map(|pair| (text(&pair[0]).unwrap(), pair[1].as_i64().unwrap() as i32));
    pairs.collect()
}

fn text(json: &Value) -> Option<String> {
    json.as_str().map(str::to_owned)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn range_and_round_robin_assign_what_java_assigns() {
    for assignor in [&Range as &dyn Assignor, &RoundRobin] {
        for mut line in lines_of(assignor.name()) {
            assert_eq!(line.group.assign(assignor), line.assignment());
        }
    }
}

#[test]
fn sticky_is_as_even_as_java_and_moves_no_more() {
    for mut line in lines_of("sticky") {
        let (ours, java) = (line.group.assign(&Sticky), line.assignment());
        let group = &line.group;
        let measure = |assignment| (unevenness(assignment), group.moved(assignment));
        assert!(measure(&ours) <= measure(&java), "{group:?}");
    }
}

#[test]
fn subscriptions_are_javas_byte_for_byte() {
    for assignor in [&Range as &dyn Assignor, &CooperativeSticky] {
        for mut line in lines_of(assignor.name()) {
            line.group.assign(assignor);
            for (id, subscription) in line.group.subscription().members {
                let answer = &line.answer[id];
                let sent = subscription.to_wire().to_bytes(3).unwrap();
                assert_eq!(Some(hex(&sent)), text(&answer["metadata"]), "{id}");
                let user_data = subscription.user_data.map(hex);
                assert_eq!(user_data, text(&answer["userData"]), "{id}");
            }
        }
    }
}
