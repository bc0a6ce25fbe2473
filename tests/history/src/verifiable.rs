//! `Verifiable`: the lines of Kafka's `VerifiableConsumer` and `VerifiableProducer` as events.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::event::{Event, Kind, Outcome, TopicPartition, Value};
use crate::json::{Reader, number, text};

/// The lines of one process so far.
pub(crate) struct Verifiable {
    process: Arc<str>,
    names: Reader,
    /// Those that were not taken yet.
    events: Vec<Event>,
    /// When the last event was.
    last: u64,
    claims: HashMap<TopicPartition, u64>,
    next_claim: u64,
    /// Records that were printed since the last `records_consumed`.
    records: HashMap<TopicPartition, Vec<(i64, Value)>>,
    /// What is about to be committed: offset by claim.
    asked: HashMap<u64, i64>,
}

impl Verifiable {
    pub(crate) fn new(process: &str) -> Self {
        Verifiable {
            process: process.into(),
            names: Reader::default(),
            events: Vec::new(),
            last: 0,
            claims: HashMap::new(),
            next_claim: 0,
            records: HashMap::new(),
            asked: HashMap::new(),
        }
    }

    /// The events since they were taken last.
    pub(crate) fn events(&mut self) -> &mut Vec<Event> {
        &mut self.events
    }

    /// Takes a line; those that say nothing of records are passed over.
    pub(crate) fn line(&mut self, line: &Map<String, Json>) -> Result<(), String> {
        let Ok(name) = text(line, "name") else {
            return Ok(());
        };
        // Kafka's tools print whole milliseconds. A claim that began within one did not begin before
        // what others did in it.
        let at = number::<u64>(line, "timestamp")? * 1_000;
        let at = match name {
            "partitions_assigned" => at + 999,
            _ => at.max(self.last),
        };
        match name {
            "producer_send_success" => {
                let value = self.value(line)?;
                let place = Some((self.names.partition(line)?, number(line, "offset")?));
                let outcome = Outcome::Ok;
                self.push(
                    at,
                    Kind::Sent {
                        value,
                        outcome,
                        place,
                    },
                );
            }
            // What it was is only text, and its producer had tried for two minutes.
            "producer_send_error" => {
                let value = self.value(line)?;
                let (outcome, place) = (Outcome::Info, None);
                self.push(
                    at,
                    Kind::Sent {
                        value,
                        outcome,
                        place,
                    },
                );
            }
            "partitions_assigned" => {
                for partition in self.partitions(line, "partitions")? {
                    self.next_claim += 1;
                    let claim = self.next_claim;
                    self.claims.insert(partition.clone(), claim);
                    let start = None;
                    self.push(
                        at,
                        Kind::Assigned {
                            claim,
                            partition,
                            start,
                        },
                    );
                }
            }
            "partitions_revoked" => {
                for partition in self.partitions(line, "partitions")? {
                    if let Some(claim) = self.claims.remove(&partition) {
                        self.push(at, Kind::Released { claim });
                    }
                }
            }
            "record_data" => {
                let partition = self.names.partition(line)?;
                let record = (number(line, "offset")?, self.value(line)?);
                self.records.entry(partition).or_default().push(record);
            }
            "records_consumed" => self.consumed(at, line)?,
            "offsets_committed" => self.committed(at, line)?,
            // A producer says so too, but is no member.
            "shutdown_complete" if self.next_claim > 0 => self.push(at, Kind::Left),
            _ => {}
        }
        Ok(())
    }

    fn consumed(&mut self, at: u64, line: &Map<String, Json>) -> Result<(), String> {
        for of in objects(line, "partitions") {
            let partition = self.names.partition(of)?;
            let from: i64 = number(of, "minOffset")?;
            let next = number::<i64>(of, "maxOffset")? + 1;
            let records = self.records.remove(&partition);
            if let Some(claim) = self.claims.get(&partition).copied() {
                self.push(
                    at,
                    Kind::Polled {
                        claim,
                        from,
                        records,
                        next,
                    },
                );
                let upto = next;
                self.push(at, Kind::Handled { claim, from, upto });
                // That it asks for a commit, it does not say, and it may not live to hear the
                // answer.
                self.push(
                    at,
                    Kind::Commit {
                        claim,
                        offset: upto,
                    },
                );
                self.asked.insert(claim, upto);
            }
        }
        Ok(())
    }

    fn committed(&mut self, at: u64, line: &Map<String, Json>) -> Result<(), String> {
        let outcome = match line.get("success").and_then(Json::as_bool) {
            Some(true) => Outcome::Ok,
            // Whatever the error was, the commit may have been taken.
            _ => Outcome::Info,
        };
        for of in objects(line, "offsets") {
            let partition = self.names.partition(of)?;
            let offset = number(of, "offset")?;
            if let Some(claim) = self.claims.get(&partition).copied() {
                if self.asked.remove(&claim) != Some(offset) {
                    self.push(at, Kind::Commit { claim, offset });
                }
                self.push(
                    at,
                    Kind::Committed {
                        claim,
                        offset,
                        outcome,
                    },
                );
            }
        }
        Ok(())
    }

    fn push(&mut self, at: u64, kind: Kind) {
        let process = Arc::clone(&self.process);
        self.last = at;
        self.events.push(Event { at, process, kind });
    }

    fn partitions(
        &mut self,
        line: &Map<String, Json>,
        name: &str,
    ) -> Result<Vec<TopicPartition>, String> {
        let all = objects(line, name);
        all.map(|of| self.names.partition(of)).collect()
    }

    /// `prefix.n`, or `n` of a producer without prefix.
    fn value(&mut self, line: &Map<String, Json>) -> Result<Value, String> {
        let value = text(line, "value")?;
        let (producer, n) = value.rsplit_once('.').unwrap_or(("", value));
        Ok(Value {
            producer: self.names.name(producer),
            key: self.names.name(text(line, "key").unwrap_or_default()),
            n: n.parse().map_err(|_| format!("not a number: {value}"))?,
        })
    }
}

fn objects<'j>(
    line: &'j Map<String, Json>,
    name: &str,
) -> impl Iterator<Item = &'j Map<String, Json>> {
    let all = line.get(name).and_then(Json::as_array);
    all.into_iter().flatten().filter_map(Json::as_object)
}
