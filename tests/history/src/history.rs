//! [`History`]: what all processes did, in the order of time.

use std::io::BufRead;

use serde_json::Value as Json;

use crate::error::Error;
use crate::event::Event;
use crate::json::{self, Reader};
use crate::verifiable::Verifiable;

/// What all processes did, in the order of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    events: Vec<Event>,
}

impl History {
    /// The history of these events. Those of one process must be in order; events of the same time
    /// keep the order that they come in.
    pub fn new(events: impl IntoIterator<Item = Event>) -> Self {
        let mut history = History::default();
        history.add(events);
        history
    }

    /// Adds the events of further processes.
    pub fn add(&mut self, events: impl IntoIterator<Item = Event>) {
        self.events.extend(events);
        self.events.sort_by_key(|event| event.at);
    }

    /// Adds the events that a [`Recorder`](crate::Recorder) wrote, a line of JSON each. Lines that
    /// are no JSON object are passed over: programs print other things too. So is a last line
    /// without an end, which a killed process leaves behind.
    ///
    /// # Errors
    /// If reading fails, or an object is no event.
    pub fn read(&mut self, lines: impl BufRead) -> Result<(), Error> {
        let mut reader = Reader::default();
        let mut events = Vec::new();
        each_object(lines, |object| {
            events.push(reader.event(object)?);
            Ok(())
        })?;
        self.add(events);
        Ok(())
    }

    /// Adds what Kafka's `VerifiableConsumer` or `VerifiableProducer` printed, as the process of
    /// this name.
    ///
    /// A consumer with `--verbose` prints each record, without only the offsets: then nothing can
    /// be said of the values. Values have no key unless the producer has `--repeating-keys`. Run
    /// the producer with `--value-prefix` if there are several.
    ///
    /// # Errors
    /// If reading fails, or an object lacks what it should have.
    pub fn read_verifiable(&mut self, process: &str, lines: impl BufRead) -> Result<(), Error> {
        let mut verifiable = Verifiable::new(process);
        each_object(lines, |object| verifiable.line(object))?;
        self.add(verifiable.into_events());
        Ok(())
    }

    /// All events in the order of time.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The history as lines of JSON.
    pub fn to_lines(&self) -> String {
        let lines = self.events.iter().map(|event| json::write(event) + "\n");
        lines.collect()
    }
}

fn each_object(
    mut lines: impl BufRead,
    mut each: impl FnMut(&serde_json::Map<String, Json>) -> Result<(), String>,
) -> Result<(), Error> {
    let mut text = String::new();
    let mut number = 0;
    loop {
        text.clear();
        if lines.read_line(&mut text)? == 0 {
            return Ok(());
        }
        number += 1;
        let whole = text.ends_with('\n');
        match serde_json::from_str(&text) {
            Ok(Json::Object(object)) => {
                each(&object).map_err(|what| Error::Line { line: number, what })?
            }
            Err(error) if whole && text.starts_with('{') => {
                return Err(Error::Line {
                    line: number,
                    what: error.to_string(),
                });
            }
            _ => {}
        }
    }
}
