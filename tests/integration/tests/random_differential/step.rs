//! [`Step`]: a request of a sequence, written so that it can be sent again.

use serde_json::{Value, json};

use crate::api::{self, Api};

/// A request, in which names and ids are those of no broker: see
/// [`Renaming`](crate::renaming::Renaming).
#[derive(Clone)]
pub(crate) struct Step {
    /// Its place in the sequence as it was made first; ids are called after it.
    pub(crate) number: usize,
    pub(crate) connection: usize,
    pub(crate) api: &'static Api,
    pub(crate) version: i16,
    pub(crate) request: Value,
}

impl Step {
    /// As a line of JSON.
    pub(crate) fn to_line(&self) -> String {
        json!({
            "step": self.number,
            "connection": self.connection,
            "api": self.api.short_name(),
            "version": self.version,
            "request": self.request,
        })
        .to_string()
    }

    /// From such a line.
    pub(crate) fn from_line(line: &str) -> Step {
        let json: Value = serde_json::from_str(line).unwrap();
        Step {
            number: json["step"].as_u64().unwrap() as usize,
            connection: json["connection"].as_u64().unwrap() as usize,
            api: api::named(json["api"].as_str().unwrap()),
            version: json["version"].as_i64().unwrap() as i16,
            request: json["request"].clone(),
        }
    }

    /// Whether no answer is to come.
    pub(crate) fn is_unanswered(&self) -> bool {
        self.api.short_name() == "Produce" && self.request["acks"] == 0
    }
}
