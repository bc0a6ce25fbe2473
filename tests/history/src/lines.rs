//! [`Lines`]: reads what a process prints as events.

use std::io::BufRead;

use serde_json::{Map, Value as Json};

use crate::error::Error;
use crate::event::Event;
use crate::json::Reader;
use crate::verifiable::Verifiable;

/// Reads what a process prints as events, piece by piece while it runs.
///
/// Lines that are no JSON object are passed over: programs print other things too. So is a last
/// line without an end, which a killed process leaves behind.
///
/// ```
/// use libkafka_history::Lines;
///
/// let mut lines = Lines::recorded();
/// let first = lines.read(&b"{\"t\":1,\"process\":\"p\",\"kind\":\"joined\",\"generation\":1}\n"[..])?;
/// let second = lines.read(&b"{\"t\":2,\"process\":\"p\",\"kind\":\"left\"}\n"[..])?;
/// assert_eq!((first.len(), second.len()), (1, 1));
/// # Ok::<(), libkafka_history::Error>(())
/// ```
pub struct Lines {
    format: Format,
    number: usize,
}

enum Format {
    Recorded(Reader),
    Verifiable(Verifiable),
}

impl Lines {
    /// Of a [`Recorder`](crate::Recorder).
    pub fn recorded() -> Self {
        Self::of(Format::Recorded(Reader::default()))
    }

    /// Of Kafka's `VerifiableConsumer` or `VerifiableProducer`, as the process of this name.
    ///
    /// A consumer with `--verbose` prints each record, without only the offsets: then nothing can
    /// be said of the values. Values have no key unless the producer has `--repeating-keys`. Run
    /// the producer with `--value-prefix` if there are several. What a consumer has got counts as
    /// handled, and as about to be committed, since it commits before it gets more.
    pub fn verifiable(process: &str) -> Self {
        Self::of(Format::Verifiable(Verifiable::new(process)))
    }

    fn of(format: Format) -> Self {
        Self { format, number: 0 }
    }

    /// The events in the lines that come next.
    ///
    /// # Errors
    /// If reading fails, or an object is no event or lacks what it should have.
    pub fn read(&mut self, mut lines: impl BufRead) -> Result<Vec<Event>, Error> {
        let mut events = Vec::new();
        let mut text = String::new();
        loop {
            text.clear();
            if lines.read_line(&mut text)? == 0 {
                return Ok(events);
            }
            self.number += 1;
            let whole = text.ends_with('\n');
            let read = match serde_json::from_str(&text) {
                Ok(Json::Object(object)) => self.object(&object, &mut events),
                Err(error) if whole && text.starts_with('{') => Err(error.to_string()),
                _ => Ok(()),
            };
            read.map_err(|what| Error::Line {
                line: self.number,
                what,
            })?;
        }
    }

    fn object(&mut self, line: &Map<String, Json>, to: &mut Vec<Event>) -> Result<(), String> {
        match &mut self.format {
            Format::Recorded(reader) => to.push(reader.event(line)?),
            Format::Verifiable(verifiable) => {
                verifiable.line(line)?;
                to.append(verifiable.events());
            }
        }
        Ok(())
    }
}
