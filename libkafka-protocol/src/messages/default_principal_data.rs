use super::prelude::*;

/// The form in which Kafka's own principal builder writes a principal, after an int16 version, for
/// [`EnvelopeRequest`](super::EnvelopeRequest).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0", flexible = "0+")]
pub struct DefaultPrincipalData {
    /// Such as `User`.
    pub r#type: String,
    pub name: String,
    /// Whether the client came with a delegation token.
    pub token_authenticated: bool,
    pub unknown_tags: UnknownTags,
}
