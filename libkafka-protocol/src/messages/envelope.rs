use super::prelude::*;

/// Forwards a client's request to the active controller, together with who sent it. Only brokers
/// send it (KIP-590).
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 58, versions = "0", flexible = "0+", broker = "controller")]
pub struct EnvelopeRequest {
    /// The request as it came, header and all.
    pub request_data: Bytes,
    /// The client's principal, as the broker's principal builder writes it; that of Kafka writes a
    /// [`DefaultPrincipalData`](super::DefaultPrincipalData) after an int16 version. Null: none.
    #[kafka(default = b"")]
    pub request_principal: Option<Bytes>,
    /// The client's IP address: 4 or 16 bytes.
    pub client_host_address: Bytes,
    pub unknown_tags: UnknownTags,
}

/// The answer to a forwarded request.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 58, versions = "0", flexible = "0+")]
pub struct EnvelopeResponse {
    /// The response for the client, header and all; null on error.
    pub response_data: Option<Bytes>,
    /// An error of the forwarding; those of the request are inside.
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
