//! [`History`]: what all processes did, in the order of time.

use std::io::BufRead;

use crate::error::Error;
use crate::event::Event;
use crate::json;
use crate::lines::Lines;

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

    /// Adds the events that a [`Recorder`](crate::Recorder) wrote, as [`Lines`] reads them.
    ///
    /// # Errors
    /// If reading fails, or an object is no event.
    pub fn read(&mut self, lines: impl BufRead) -> Result<(), Error> {
        self.add(Lines::recorded().read(lines)?);
        Ok(())
    }

    /// Adds what Kafka's `VerifiableConsumer` or `VerifiableProducer` printed, as the process of
    /// this name, as [`Lines`] reads it.
    ///
    /// # Errors
    /// If reading fails, or an object lacks what it should have.
    pub fn read_verifiable(&mut self, process: &str, lines: impl BufRead) -> Result<(), Error> {
        self.add(Lines::verifiable(process).read(lines)?);
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
