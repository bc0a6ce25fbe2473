//! [`Rename`]: the two names of a topic.

/// The two names of a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// The name that clients use.
    pub for_clients: String,
    /// The name that brokers use.
    pub for_brokers: String,
}
