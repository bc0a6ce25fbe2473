//! Every request and response of Apache Kafka as plain structs, encoded and decoded in every version

mod api_key;
mod error_code;

pub use api_key::ApiKey;
pub use error_code::ErrorCode;
