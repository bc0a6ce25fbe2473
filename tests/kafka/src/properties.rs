//! [`Properties`]: keys and values of a properties file.

use std::fmt::Write;
use std::path::Path;

/// Keys and values of a properties file, in the order in which they were set first.
#[derive(Default)]
pub(crate) struct Properties(Vec<(String, String)>);

impl Properties {
    /// Sets a key; a later value replaces an earlier one.
    pub(crate) fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        let (key, value) = (key.into(), value.into());
        match self.0.iter_mut().find(|(k, _)| *k == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key, value)),
        }
    }

    /// The text of a `.properties` file.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for (key, value) in &self.0 {
            // A backslash starts an escape in such a file.
            let _ = writeln!(text, "{key}={}", value.replace('\\', "\\\\"));
        }
        text
    }
}

/// A path as a value. Not valid UTF-8: Kafka could not read it either.
pub(crate) fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
