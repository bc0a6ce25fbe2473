//! Messages as JSON, in the exact form of Kafka's own `JsonConverter`, so that a dump can be
//! compared with those of Kafka's tools.
//!
//! ```
//! use libkafka_protocol::json::{FromJson, ToJson};
//! use libkafka_protocol::messages::HeartbeatRequest;
//!
//! let request = HeartbeatRequest {
//!     group_id: "checkout".into(),
//!     generation_id: 7,
//!     ..Default::default()
//! };
//! let json = request.to_json(2)?;
//! assert_eq!(
//!     json.to_string(),
//!     r#"{"generationId":7,"groupId":"checkout","memberId":""}"#
//! );
//! assert_eq!(HeartbeatRequest::from_json(2, &json)?, request);
//! # Ok::<(), libkafka_protocol::Error>(())
//! ```
//!
//! # The form
//!
//! - An object has the fields of its version, with the names of Kafka's schemas: `groupId`. Tagged
//!   fields that have their default are omitted.
//! - Numbers are numbers, up to the full range of an `i64`; `NaN`, `Infinity` and `-Infinity` are
//!   strings.
//! - Bytes are base64 with padding. So are records, for which Kafka prints an empty string.
//! - A [`Uuid`](crate::Uuid) is its 22 characters. An error code or API key is its number.
//! - Null is null. Unknown tags are omitted.
//!
//! Reading is as strict as in Kafka: each field that the version has must be present, unless it is
//! tagged. Unknown keys are skipped. A field that the version lacks is read, and refused when the
//! message is encoded; if it contains structs, it is refused at once.
//!
//! Two things are stricter than in Kafka: an `i8` is from -128 to 127 (Kafka takes larger numbers
//! and subtracts), and an object must be an object. One is wider: an `f64` may be a number without
//! a fraction or one of the strings above, which Kafka writes but cannot read.
//!
//! Errors name the fields as the JSON does.
//!
//! With this feature, the derive needs [`ToJson`] and [`FromJson`] for every field type. If you
//! implement [`Encode`](crate::wire::Encode) by hand, implement them too.

mod convert;
mod value;

pub use serde_json::Value;

pub use self::convert::{FromJson, ToJson};
pub(crate) use self::value::unexpected;
