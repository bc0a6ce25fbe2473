//! [`Renaming`]: the ids of one broker, and what both brokers' are called.

use std::collections::BTreeMap;

use libkafka_protocol::Uuid;
use serde_json::{Map, Value};

/// The first number that stands for the id of a producer.
const PRODUCERS: i64 = 5_000_000_000;
/// The first number that stands for a fetch session.
const SESSIONS: i64 = 1_500_000_000;
/// The first half of the ids that stand for those of topics.
const TOPICS: u128 = 0xd1ff_0000_0000_0000;

/// What one broker's ids are called, so that those of two can be compared. An id is called after
/// the step whose answer it was in first. Names are the same on both, and start with what sets a
/// run apart from others; here with a tilde.
#[derive(Clone, Default)]
pub(crate) struct Renaming {
    prefix: String,
    /// From what a broker says to what it is called.
    texts: BTreeMap<String, String>,
    /// By the field that they are in.
    numbers: BTreeMap<(String, i64), i64>,
}

impl Renaming {
    pub(crate) fn new(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            ..Self::default()
        }
    }

    /// What is sent to the broker.
    pub(crate) fn real(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match text.strip_prefix('~') {
                Some(name) => format!("{}{name}", self.prefix).into(),
                None => {
                    let known = self.texts.iter().find(|(_, called)| *called == text);
                    known
                        .map_or_else(|| text.clone(), |(real, _)| real.clone())
                        .into()
                }
            },
            Value::Number(number) if number.as_i64().is_some_and(|n| n >= SESSIONS) => {
                let number = number.as_i64().unwrap_or_default();
                let known = self.numbers.iter().find(|(_, called)| **called == number);
                known.map_or(number, |((_, real), _)| *real).into()
            }
            Value::Array(values) => values.iter().map(|value| self.real(value)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| (name.clone(), self.real(value)))
                .collect(),
            value => value.clone(),
        }
    }

    /// What the names of this run start with.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// An answer in which the ids that are known already have their names.
    pub(crate) fn known(&self, answer: &Value) -> Value {
        self.rename("", answer)
    }

    /// What an answer is called; ids that are new are called after `step`.
    pub(crate) fn called(&mut self, step: usize, answer: &Value) -> Value {
        let mut new = 0;
        self.learn(step, "", answer, &mut new);
        self.rename("", answer)
    }

    fn learn(&mut self, step: usize, field: &str, value: &Value, new: &mut usize) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    if !(is_refused(fields) && name == "producerId") {
                        self.learn(step, name, value, new);
                    }
                }
            }
            Value::Array(values) => {
                for value in values {
                    self.learn(step, field, value, new);
                }
            }
            Value::String(text) => {
                let called = match field {
                    "topicId" if *text != Uuid::ZERO.to_string() => {
                        let id = TOPICS << 64 | (step as u128) << 16 | *new as u128;
                        Uuid::from(id).to_string()
                    }
                    "memberId" | "leader" if ends_in_an_id(text) => {
                        format!("member-{step}-{new}")
                    }
                    _ => return,
                };
                if !self.texts.contains_key(text) && !self.texts.values().any(|c| c == text) {
                    self.texts.insert(text.clone(), called);
                    *new += 1;
                }
            }
            Value::Number(number) => {
                let Some(number) = number.as_i64() else {
                    return;
                };
                let base = match field {
                    "producerId" if (0..PRODUCERS).contains(&number) => PRODUCERS,
                    "sessionId" if number > 0 => SESSIONS,
                    _ => return,
                };
                let is_called = self.numbers.values().any(|called| *called == number);
                let key = (field.to_owned(), number);
                if !is_called && !self.numbers.contains_key(&key) {
                    self.numbers.insert(key, base + (step * 100 + *new) as i64);
                    *new += 1;
                }
            }
            _ => {}
        }
    }

    fn rename(&self, field: &str, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                let mut text = text.replace(&self.prefix, "~");
                for (real, called) in &self.texts {
                    if text.contains(real) {
                        text = text.replace(real, called);
                    }
                }
                text.into()
            }
            Value::Number(number) if ["producerId", "sessionId"].contains(&field) => {
                let number = number.as_i64().unwrap_or_default();
                let called = self.numbers.get(&(field.to_owned(), number));
                called.copied().unwrap_or(number).into()
            }
            Value::Array(values) => values
                .iter()
                .map(|value| self.rename(field, value))
                .collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| match name.as_str() {
                    "producerId" if is_refused(fields) => (name.clone(), value.clone()),
                    _ => (name.clone(), self.rename(name, value)),
                })
                .collect(),
            value => value.clone(),
        }
    }
}

/// Whether what is said beside an error means nothing.
fn is_refused(fields: &Map<String, Value>) -> bool {
    fields.get("errorCode").is_some_and(|code| *code != 0)
}

/// Whether a broker has made this, of random numbers: an id in Java's form after some name, or one
/// in Kafka's alone.
fn ends_in_an_id(text: &str) -> bool {
    if text.parse::<Uuid>().is_ok() {
        return true;
    }
    let Some(id) = text.len().checked_sub(36).and_then(|at| text.get(at..)) else {
        return false;
    };
    let dashes = id
        .char_indices()
        .filter(|(_, c)| *c == '-')
        .map(|(at, _)| at);
    dashes.eq([8, 13, 18, 23])
}
