//! The vectors, line by line.

use std::io::{BufRead, BufReader};

use libkafka_protocol::Bytes;
use libkafka_protocol::json::ToJson;
use serde_json::Value;

/// Every vector there is.
pub(crate) fn vectors() -> impl Iterator<Item = Vector> {
    let golden = &include_bytes!("../golden/messages.jsonl.gz")[..];
    let lines = BufReader::new(flate2::read::GzDecoder::new(golden)).lines();
    lines.map(|line| Vector::new(&line.unwrap()))
}

/// A message by Kafka's hand.
pub(crate) struct Vector {
    pub(crate) line: Value,
    pub(crate) name: String,
    pub(crate) version: i16,
    pub(crate) bytes: Bytes,
}

impl Vector {
    fn new(line: &str) -> Self {
        let line: Value = serde_json::from_str(line).unwrap();
        Self {
            name: line["name"].as_str().unwrap().to_owned(),
            version: line["version"].as_i64().unwrap() as i16,
            bytes: unhex(line["hex"].as_str().unwrap()),
            line,
        }
    }

    /// The message as JSON, with the records that Kafka does not show.
    pub(crate) fn json(&self) -> Value {
        let mut json = self.line["json"].clone();
        for records in self.line["records"].as_array().into_iter().flatten() {
            let place = json.pointer_mut(records[0].as_str().unwrap()).unwrap();
            if let Some(hex) = records[1].as_str() {
                assert_eq!(*place, "");
                *place = unhex(hex).to_json(0).unwrap();
            }
        }
        json
    }

    /// Where the structs with unknown tags are in the JSON.
    pub(crate) fn tagged_structs(&self) -> impl Iterator<Item = &str> {
        let tagged = self.line["unknown"].as_array();
        tagged.into_iter().flatten().map(|t| t[0].as_str().unwrap())
    }

    /// What to say of a failure.
    pub(crate) fn label(&self) -> String {
        let Self { line, name, .. } = self;
        format!("{name} v{} ({})", self.version, line["mode"])
    }
}

/// The bytes that `text` is the hex of.
fn unhex(text: &str) -> Bytes {
    (0..text.len() / 2)
        .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}
