use super::prelude::*;

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 58, versions = "0", flexible = "0+", broker = "controller")]
pub struct EnvelopeRequest {
    pub request_data: Bytes,
    #[kafka(default = b"")]
    pub request_principal: Option<Bytes>,
    pub client_host_address: Bytes,
    pub unknown_tags: UnknownTags,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(api_key = 58, versions = "0", flexible = "0+")]
pub struct EnvelopeResponse {
    pub response_data: Option<Bytes>,
    pub error_code: ErrorCode,
    pub unknown_tags: UnknownTags,
}
