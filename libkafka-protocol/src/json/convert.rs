//! `ToJson` and `FromJson`: values that can be written as JSON and read from it.

use serde_json::Value as Json;

use crate::error::{Error, ErrorKind};
use crate::schema::FieldType;
use crate::wire::Value;

/// A value that can be written as JSON: every struct that derives
/// [`KafkaWire`](macro@crate::KafkaWire), and every type that a field of such a struct may have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written as JSON",
    label = "needs `#[derive(KafkaWire)]`, or `ToJson`"
)]
pub trait ToJson: Value {
    /// Returns the value in `version` as JSON.
    ///
    /// # Errors
    /// If the version does not exist, or lacks a field that is set and not ignorable, as in
    /// [`encode`](crate::KafkaWire::encode).
    fn to_json(&self, version: i16) -> Result<Json, Error> {
        in_message::<Self, _>(version, || self.write_json(version))
    }

    /// Like [`to_json`](Self::to_json), for a part of a message: the message checks the version.
    ///
    /// # Errors
    /// If the version lacks a field that is set and not ignorable.
    fn write_json(&self, version: i16) -> Result<Json, Error>;
}

/// A value that can be read from JSON: it implements [`ToJson`] and borrows nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be read from JSON",
    label = "needs `#[derive(KafkaWire)]`, or `FromJson`"
)]
pub trait FromJson: ToJson + Default {
    /// Reads a value from the JSON that [`to_json`](ToJson::to_json) returns for it.
    ///
    /// # Errors
    /// If the version does not exist, or the JSON is not such a value.
    fn from_json(version: i16, json: &Json) -> Result<Self, Error> {
        in_message::<Self, _>(version, || Self::read_json(version, json))
    }

    /// Like [`from_json`](Self::from_json), for a part of a message: the message checks the version.
    ///
    /// # Errors
    /// If the JSON is not such a value.
    fn read_json(version: i16, json: &Json) -> Result<Self, Error>;
}

/// Checks the version of a struct, and adds the struct's name to the error.
fn in_message<T: Value + ?Sized, R>(
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
