//! Messages as JSON, in the very form of Kafka's own `JsonConverter`, so that a dump can be held
//! against those of Kafka's tools.
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
//! - An object has the fields of its version, by the names of Kafka's schemas: `groupId`. Tagged
//!   fields at their default are left out.
//! - Numbers are numbers, up to the full range of an `i64`; `NaN`, `Infinity` and `-Infinity` are
//!   strings.
//! - Bytes are base64 with padding. So are records, where Kafka prints an empty string.
//! - A [`Uuid`](crate::Uuid) is its 22 characters. An error code or API key is its number.
//! - Null is null. Unknown tags have no place and are left out.
//!
//! Reading is as strict as Kafka's: each field that the version has must be there, unless it is
//! tagged. Keys that mean nothing are passed over; a field that the version lacks is read, and it
//! is encoding that refuses it, unless it has structs in it. Stricter than Kafka's: an `i8` is from -128 to 127 (Kafka
//! subtracts 128 from more), and nothing but an object is an object. Wider: numbers without a
//! fraction are good for an `f64`, and so are the strings above, which Kafka writes and cannot
//! read.
//!
//! Errors name the fields as the JSON does.
//!
//! With the feature on, the derive asks [`ToJson`] and [`FromJson`] of every field: a type whose
//! [`Encode`] is written by hand needs them by hand too.

mod object;
mod value;

pub use serde_json::Value;

#[doc(hidden)]
pub use self::object::{ObjectReader, ObjectWriter};

use crate::schema::FieldType;
use crate::wire::Encode;
use crate::{Error, ErrorKind};

/// A value with a form in JSON: every struct that derives
/// [`KafkaWire`](macro@crate::KafkaWire), and whatever may be a field of one.
pub trait ToJson: Encode {
    /// The value as JSON, as it is in `version`.
    ///
    /// # Errors
    /// If the version does not exist, or cannot carry a value that is set, as in
    /// [`encode`](crate::KafkaWire::encode).
    fn to_json(&self, version: i16) -> Result<Value, Error> {
        in_message::<Self, _>(version, || self.write_json(version))
    }

    /// [`to_json`](Self::to_json) of a part of a message, which is in charge of the version.
    ///
    /// # Errors
    /// If the version cannot carry a value that is set.
    fn write_json(&self, version: i16) -> Result<Value, Error>;
}

/// A value that can be read from JSON: what has [`ToJson`] and borrows nothing.
pub trait FromJson: ToJson + Default {
    /// The value that [`to_json`](ToJson::to_json) gives `json` of.
    ///
    /// # Errors
    /// If the version does not exist, or the JSON is not such a value.
    fn from_json(version: i16, json: &Value) -> Result<Self, Error> {
        in_message::<Self, _>(version, || Self::read_json(version, json))
    }

    /// [`from_json`](Self::from_json) of a part of a message, which is in charge of the version.
    ///
    /// # Errors
    /// If the JSON is not such a value.
    fn read_json(version: i16, json: &Value) -> Result<Self, Error>;
}

/// Checks the version of a struct, and names it in the error.
fn in_message<T: Encode + ?Sized, R>(
    version: i16,
    convert: impl FnOnce() -> Result<R, Error>,
) -> Result<R, Error> {
    let FieldType::Struct(schema) = T::TYPE else {
        return convert();
    };
    let (name, supported) = (schema().name, schema().versions);
    let result = if supported.contains(version) {
        convert()
    } else {
        let kind = ErrorKind::UnsupportedVersion { supported };
        Err(Error::new(kind, None))
    };
    result.map_err(|error| error.in_message(name, version))
}
