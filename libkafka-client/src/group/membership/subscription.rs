//! `Subscription`: what a member wants to read.

use std::collections::BTreeSet;

/// What a member wants to read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subscription {
    /// These topics, by name.
    Topics(BTreeSet<String>),
    /// All topics whose whole name matches. With KIP-848 the coordinator matches, in RE2 syntax; in
    /// a classic group the member does, with what it knows of the cluster's topics.
    Regex(TopicRegex),
}

/// A regular expression for topic names. It must match the whole name.
#[derive(Debug, Clone)]
pub struct TopicRegex {
    text: String,
    compiled: regex_lite::Regex,
}

/// The error for text that is not a regular expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a regular expression: {message}")]
pub struct BadRegex {
    message: String,
}

impl Subscription {
    /// Subscribes to topics by name.
    pub fn topics<S: Into<String>>(topics: impl IntoIterator<Item = S>) -> Self {
        Self::Topics(topics.into_iter().map(Into::into).collect())
    }

    /// Subscribes to all topics whose whole name matches.
    ///
    /// # Errors
    /// [`BadRegex`] if the text is not valid in the syntax that RE2 and Rust's `regex-lite` share.
    pub fn regex(text: impl Into<String>) -> Result<Self, BadRegex> {
        TopicRegex::new(text).map(Self::Regex)
    }
}

impl TopicRegex {
    /// Parses a regular expression.
    ///
    /// # Errors
    /// [`BadRegex`] if the text is not a regular expression.
    pub fn new(text: impl Into<String>) -> Result<Self, BadRegex> {
        let text = text.into();
        match regex_lite::Regex::new(&format!("^(?:{text})$")) {
            Ok(compiled) => Ok(Self { text, compiled }),
            Err(error) => Err(BadRegex {
                message: error.to_string(),
            }),
        }
    }

    /// The text of the expression.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it matches the whole name.
    pub fn matches(&self, topic: &str) -> bool {
        self.compiled.is_match(topic)
    }
}

impl PartialEq for TopicRegex {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for TopicRegex {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regex_matches_whole_names_only() {
        let regex = TopicRegex::new("a|orders-.*").unwrap();
        assert!(regex.matches("a") && regex.matches("orders-eu"));
        assert!(!regex.matches("ab") && !regex.matches("old-orders-eu"));
    }

    #[test]
    fn what_is_no_regex_is_refused() {
        assert!(Subscription::regex("(").is_err());
    }
}
