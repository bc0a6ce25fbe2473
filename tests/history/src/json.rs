//! Events as lines of JSON.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::event::{Event, Kind, Outcome, TopicPartition, Value};

/// The line of an event, without its end.
pub(crate) fn write(event: &Event) -> String {
    let mut line = match &event.kind {
        Kind::Send { value } => json!({ "kind": "send", "value": of_value(value) }),
        Kind::Sent {
            value,
            outcome,
            place,
        } => {
            let mut line = json!({
                "kind": "sent", "value": of_value(value), "outcome": of_outcome(*outcome),
            });
            if let Some((partition, offset)) = place {
                line["topic"] = json!(*partition.topic);
                line["partition"] = json!(partition.partition);
                line["offset"] = json!(offset);
            }
            line
        }
        Kind::Joined { generation } => json!({ "kind": "joined", "generation": generation }),
        Kind::Left => json!({ "kind": "left" }),
        Kind::Crash => json!({ "kind": "crash" }),
        Kind::Assigned {
            claim,
            partition,
            start,
        } => json!({
            "kind": "assigned", "claim": claim, "topic": *partition.topic,
            "partition": partition.partition, "start": start,
        }),
        Kind::Revoking { claim } => json!({ "kind": "revoking", "claim": claim }),
        Kind::Released { claim } => json!({ "kind": "released", "claim": claim }),
        Kind::Lost { claim, why } => json!({ "kind": "lost", "claim": claim, "why": why }),
        Kind::Polled {
            claim,
            from,
            records,
            next,
        } => {
            let records = records.as_deref().map(of_records);
            json!({
                "kind": "polled", "claim": claim, "from": from, "records": records, "next": next,
            })
        }
        Kind::Handled { claim, from, upto } => {
            json!({ "kind": "handled", "claim": claim, "from": from, "upto": upto })
        }
        Kind::Sought { claim, to } => json!({ "kind": "sought", "claim": claim, "to": to }),
        Kind::Commit { claim, offset } => {
            json!({ "kind": "commit", "claim": claim, "offset": offset })
        }
        Kind::Committed {
            claim,
            offset,
            outcome,
        } => json!({
            "kind": "committed", "claim": claim, "offset": offset,
            "outcome": of_outcome(*outcome),
        }),
        Kind::Paused { claim } => json!({ "kind": "paused", "claim": claim }),
        Kind::Resumed { claim } => json!({ "kind": "resumed", "claim": claim }),
        Kind::Reset { partition, offset } => of_partition("reset", partition, Some(*offset)),
        Kind::Leaderless { partition } => of_partition("leaderless", partition, None),
        Kind::Led { partition } => of_partition("led", partition, None),
        Kind::End { partition, offset } => of_partition("end", partition, Some(*offset)),
        Kind::Logged { partition, records } => {
            let mut line = of_partition("logged", partition, None);
            line["records"] = of_records(records);
            line
        }
        Kind::Nemesis { what } => json!({ "kind": "nemesis", "what": what }),
    };
    line["t"] = json!(event.at);
    line["process"] = json!(*event.process);
    line.to_string()
}

fn of_value(value: &Value) -> Json {
    json!([*value.producer, *value.key, value.n])
}

fn of_records(records: &[(i64, Value)]) -> Json {
    let record = |(offset, value): &(i64, Value)| json!([offset, of_value(value)]);
    records.iter().map(record).collect()
}

fn of_outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ok => "ok",
        Outcome::Fail => "fail",
        Outcome::Info => "info",
    }
}

fn of_partition(kind: &str, partition: &TopicPartition, offset: Option<i64>) -> Json {
    let mut line = json!({
        "kind": kind, "topic": *partition.topic, "partition": partition.partition,
    });
    if let Some(offset) = offset {
        line["offset"] = json!(offset);
    }
    line
}

/// Reads lines, and keeps one copy of each name in them.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    names: HashSet<Arc<str>>,
}

impl Reader {
    /// The event in an object, or what it lacks.
    pub(crate) fn event(&mut self, line: &Map<String, Json>) -> Result<Event, String> {
        let kind = text(line, "kind")?;
        let claim = || number::<u64>(line, "claim");
        let offset = || number::<i64>(line, "offset");
        let kind = match kind {
            "send" => Kind::Send {
                value: self.value(field(line, "value")?)?,
            },
            "sent" => Kind::Sent {
                value: self.value(field(line, "value")?)?,
                outcome: outcome(line)?,
                place: match line.get("offset") {
                    None | Some(Json::Null) => None,
                    Some(_) => Some((self.partition(line)?, offset()?)),
                },
            },
            "joined" => Kind::Joined {
                generation: number(line, "generation")?,
            },
            "left" => Kind::Left,
            "crash" => Kind::Crash,
            "assigned" => Kind::Assigned {
                claim: claim()?,
                partition: self.partition(line)?,
                start: line.get("start").and_then(Json::as_i64),
            },
            "revoking" => Kind::Revoking { claim: claim()? },
            "released" => Kind::Released { claim: claim()? },
            "lost" => Kind::Lost {
                claim: claim()?,
                why: text(line, "why").unwrap_or_default().to_owned(),
            },
            "polled" => Kind::Polled {
                claim: claim()?,
                from: number(line, "from")?,
                records: match line.get("records") {
                    Some(Json::Array(records)) => Some(self.records(records)?),
                    _ => None,
                },
                next: number(line, "next")?,
            },
            "handled" => Kind::Handled {
                claim: claim()?,
                from: number(line, "from")?,
                upto: number(line, "upto")?,
            },
            "sought" => Kind::Sought {
                claim: claim()?,
                to: number(line, "to")?,
            },
            "commit" => Kind::Commit {
                claim: claim()?,
                offset: offset()?,
            },
            "committed" => Kind::Committed {
                claim: claim()?,
                offset: offset()?,
                outcome: outcome(line)?,
            },
            "paused" => Kind::Paused { claim: claim()? },
            "resumed" => Kind::Resumed { claim: claim()? },
            "reset" => Kind::Reset {
                partition: self.partition(line)?,
                offset: offset()?,
            },
            "leaderless" => Kind::Leaderless {
                partition: self.partition(line)?,
            },
            "led" => Kind::Led {
                partition: self.partition(line)?,
            },
            "end" => Kind::End {
                partition: self.partition(line)?,
                offset: offset()?,
            },
            "logged" => Kind::Logged {
                partition: self.partition(line)?,
                records: match line.get("records") {
                    Some(Json::Array(records)) => self.records(records)?,
                    _ => return Err("no records".to_owned()),
                },
            },
            "nemesis" => Kind::Nemesis {
                what: text(line, "what")?.to_owned(),
            },
            other => return Err(format!("no such kind: {other}")),
        };
        Ok(Event {
            at: number(line, "t")?,
            process: self.name(text(line, "process")?),
            kind,
        })
    }

    pub(crate) fn name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.names.insert(Arc::clone(&name));
        name
    }

    pub(crate) fn partition(&mut self, line: &Map<String, Json>) -> Result<TopicPartition, String> {
        Ok(TopicPartition {
            topic: self.name(text(line, "topic")?),
            partition: number(line, "partition")?,
        })
    }

    fn value(&mut self, json: &Json) -> Result<Value, String> {
        match json.as_array().map(Vec::as_slice) {
            Some([Json::String(producer), Json::String(key), n]) => Ok(Value {
                producer: self.name(producer),
                key: self.name(key),
                n: n.as_u64().ok_or("a value's number is no number")?,
            }),
            _ => Err(format!("not a value: {json}")),
        }
    }

    fn records(&mut self, records: &[Json]) -> Result<Vec<(i64, Value)>, String> {
        let records = records.iter().map(|record| match record.as_array() {
            Some(pair) if pair.len() == 2 => {
                let offset = pair[0].as_i64().ok_or("an offset is no number")?;
                Ok((offset, self.value(&pair[1])?))
            }
            _ => Err(format!("not a record: {record}")),
        });
        records.collect()
    }
}

fn field<'j>(line: &'j Map<String, Json>, name: &str) -> Result<&'j Json, String> {
    line.get(name).ok_or_else(|| format!("no {name}"))
}

pub(crate) fn text<'j>(line: &'j Map<String, Json>, name: &str) -> Result<&'j str, String> {
    let text = field(line, name)?.as_str();
    text.ok_or_else(|| format!("{name} is not a string"))
}

pub(crate) fn number<N: TryFrom<i64>>(line: &Map<String, Json>, name: &str) -> Result<N, String> {
    let number = field(line, name)?.as_i64();
    let number = number.and_then(|number| N::try_from(number).ok());
    number.ok_or_else(|| format!("{name} is not a number that fits"))
}

fn outcome(line: &Map<String, Json>) -> Result<Outcome, String> {
    match text(line, "outcome")? {
        "ok" => Ok(Outcome::Ok),
        "fail" => Ok(Outcome::Fail),
        "info" => Ok(Outcome::Info),
        other => Err(format!("no such outcome: {other}")),
    }
}
