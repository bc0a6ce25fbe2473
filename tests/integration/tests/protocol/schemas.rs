//! `SCHEMA` of every message against the schemas in the jar of kafka-clients.

use std::collections::BTreeMap;

use libkafka_protocol::messages::*;
use libkafka_protocol::{Request, Response, StructSchema, WireStruct};
use libkafka_testkafka::{Oracle, Version, require};
use serde_json::{Value, json};

use crate::difference;
use crate::shape::{Shape, range};

/// A message of ours.
struct Ours {
    schema: &'static StructSchema,
    /// `request`, `response`, `data` or `header`.
    kind: &'static str,
    /// The version of the header in front of each version of the message.
    header_version: Option<fn(i16) -> i16>,
}

fn ours() -> BTreeMap<&'static str, Ours> {
    macro_rules! header_version {
        (request $message:ident) => {
            Some(<$message as Request>::header_version)
        };
        (response $message:ident) => {
            Some(<$message as Response>::header_version)
        };
        ($other:ident $message:ident) => {
            None
        };
    }
    macro_rules! all {
        ($($kind:ident $message:ident;)*) => {
            [$((stringify!($message), Ours {
                schema: $message::SCHEMA,
                kind: stringify!($kind),
                header_version: header_version!($kind $message),
            })),*]
        };
    }
    libkafka_protocol::for_each_message!(all).into()
}

/// Every difference between our messages and Kafka's schemas and APIs.
fn differences(kafka: &Value) -> Vec<String> {
    let mut ours = ours();
    let mut lines = Vec::new();
    for schema in kafka["schemas"].as_array().unwrap() {
        let Some(kafka) = Shape::of_kafka(schema) else {
            continue;
        };
        let Some(message) = ours.remove(kafka.name.as_str()) else {
            lines.push(format!(
                "{}: missing here; in Kafka {}",
                kafka.name, schema["type"]
            ));
            continue;
        };
        if message.kind != schema["type"] {
            let (here, there) = (message.kind, &schema["type"]);
            lines.push(format!(
                "{}: kind: here {here:?}, in Kafka {there}",
                kafka.name
            ));
        }
        lines.extend(difference::of_messages(
            &Shape::of_ours(message.schema),
            &kafka,
        ));
    }
    lines.extend(ours.keys().map(|name| format!("{name}: not in Kafka")));
    for api in kafka["apis"].as_array().unwrap() {
        headers(api, &mut lines);
    }
    lines
}

/// Compares the versions of the headers that go with an API.
fn headers(api: &Value, lines: &mut Vec<String>) {
    let ours = ours();
    for (kind, suffix) in [("request", "Request"), ("response", "Response")] {
        let name = format!("{}{suffix}", api["name"].as_str().unwrap());
        let Some(message) = ours.get(name.as_str()) else {
            continue;
        };
        let header_version = message.header_version.unwrap();
        for header in api["headers"].as_array().unwrap() {
            let version = header["version"].as_i64().unwrap() as i16;
            let (here, there) = (i64::from(header_version(version)), &header[kind]);
            if *there != here {
                lines.push(format!(
                    "{name} v{version}: {kind} header: here {here}, in Kafka {there}"
                ));
            }
        }
    }
}

#[test]
fn every_message_is_what_the_schemas_of_kafka_say() {
    require!();
    let kafka = Oracle::schemas().unwrap();
    let lines = differences(&kafka);
    assert!(
        lines.is_empty(),
        "\n{} differences between libkafka-protocol/src/messages and the schemas of Kafka {}:\n  {}\n",
        lines.len(),
        Version::CURRENT,
        lines.join("\n  ")
    );
    // So that a list which came out empty is no proof.
    let with_versions = |schema: &&Value| !range(&schema["validVersions"]).is_empty();
    let schemas = kafka["schemas"].as_array().unwrap();
    assert_eq!(schemas.iter().filter(with_versions).count(), ours().len());
    assert!(ours().len() >= 195);
    assert!(kafka["apis"].as_array().unwrap().len() >= 91);
}

/// The place in `kafka` that a path of names leads to.
fn find<'k>(kafka: &'k mut Value, path: &str) -> &'k mut Value {
    let mut names = path.split('.');
    let message = names.next().unwrap();
    let schemas = kafka["schemas"].as_array_mut().unwrap();
    let mut at = schemas
        .iter_mut()
        .find(|schema| schema["name"] == message)
        .unwrap();
    for name in names {
        let fields = at["fields"].as_array_mut().unwrap();
        at = fields
            .iter_mut()
            .find(|field| field["name"] == name)
            .unwrap();
    }
    at
}

#[test]
fn every_kind_of_difference_is_named() {
    require!();
    let kafka = Oracle::schemas().unwrap();
    let named = |change: &dyn Fn(&mut Value), expected: &[&str]| {
        let mut changed = kafka.clone();
        change(&mut changed);
        assert_eq!(differences(&changed), expected);
    };
    let set = |path: &'static str, key: &'static str, value: Value| {
        move |kafka: &mut Value| find(kafka, path)[key] = value.clone()
    };
    named(
        &set("HeartbeatRequest", "validVersions", json!("0-5")),
        &["HeartbeatRequest: versions: here 0-4, in Kafka 0-5"],
    );
    named(
        &set("HeartbeatRequest", "flexibleVersions", json!("3+")),
        &["HeartbeatRequest: flexible versions: here 4+, in Kafka 3+"],
    );
    named(
        &set("HeartbeatRequest", "apiKey", json!(13)),
        &["HeartbeatRequest: api key: here 12, in Kafka 13"],
    );
    named(
        &set("HeartbeatRequest", "name", json!("HeartbeatsRequest")),
        &[
            "HeartbeatsRequest: missing here; in Kafka \"request\"",
            "HeartbeatRequest: not in Kafka",
        ],
    );
    named(
        &set("HeartbeatRequest", "type", json!("data")),
        &["HeartbeatRequest: kind: here \"request\", in Kafka \"data\""],
    );
    named(
        &set(
            "FetchRequest.Topics.Partitions.FetchOffset",
            "type",
            json!("int32"),
        ),
        &["FetchRequest.topics.partitions.fetchOffset: type: here int64, in Kafka int32"],
    );
    named(
        &set("FetchRequest.Topics", "type", json!("[]Topic")),
        &["FetchRequest.topics: type: here []FetchTopic, in Kafka []Topic"],
    );
    named(
        &set(
            "FetchRequest.Topics.Partitions.HighWatermark",
            "versions",
            json!("17+"),
        ),
        &["FetchRequest.topics.partitions.highWatermark: versions: here 18+, in Kafka 17+"],
    );
    named(
        &set(
            "FetchRequest.Topics.Partitions.HighWatermark",
            "tag",
            json!(2),
        ),
        &["FetchRequest.topics.partitions.highWatermark: tag: here 1, in Kafka 2"],
    );
    named(
        &set(
            "FetchRequest.Topics.Partitions.HighWatermark",
            "default",
            json!("-1"),
        ),
        &["FetchRequest.topics.partitions.highWatermark: default: \
           here 9223372036854775807, in Kafka -1"],
    );
    named(
        &set(
            "FetchRequest.Topics.Partitions.HighWatermark",
            "ignorable",
            json!(false),
        ),
        &["FetchRequest.topics.partitions.highWatermark: ignorable: here true, in Kafka false"],
    );
    named(
        &set("MetadataRequest.Topics", "nullableVersions", json!("2+")),
        &["MetadataRequest.topics: nullable versions: here 1+, in Kafka 2+"],
    );
    named(
        &set("MetadataRequest.Topics.Name", "default", json!("null")),
        &["MetadataRequest.topics.name: default: here \"\", in Kafka null"],
    );
    named(
        &set("RequestHeader.ClientId", "flexibleVersions", json!("0+")),
        &["RequestHeader.clientId: not flexible: here true, in Kafka false"],
    );
    named(
        &set("MetadataRequest.Topics.TopicId", "name", json!("Id")),
        &[
            "MetadataRequest.topics.id: missing here; in Kafka uuid, versions 10+, \
             default zero, ignorable",
            "MetadataRequest.topics.topicId: not in Kafka; here uuid, versions 10+, \
             default zero, ignorable",
        ],
    );
    named(
        &|kafka| {
            find(kafka, "HeartbeatResponse")["fields"]
                .as_array_mut()
                .unwrap()
                .reverse()
        },
        &[
            "HeartbeatResponse: order of fields: here throttleTimeMs, errorCode, \
           in Kafka errorCode, throttleTimeMs",
        ],
    );
    named(
        &|kafka| {
            let apis = kafka["apis"].as_array_mut().unwrap();
            let api = apis
                .iter_mut()
                .find(|api| api["name"] == "ApiVersions")
                .unwrap();
            api["headers"][3]["response"] = json!(1);
        },
        &["ApiVersionsResponse v3: response header: here 0, in Kafka 1"],
    );
}
