//! `Value`: the properties of a type that encoding and decoding share.

use crate::error_code::ErrorCode;
use crate::schema::FieldType;

/// A type that a field of a message may have.
///
/// Implemented for the types of Kafka's protocol, and by
/// [`KafkaWire`](macro@crate::KafkaWire) for structs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a Kafka message",
    label = "not a type of the Kafka protocol, or a struct without `#[derive(KafkaWire)]`",
    note = "a field is a `bool`, `i8`, `i16`, `u16`, `i32`, `u32`, `i64`, `f64`, `String`, `&str`, \
            `Bytes`, `&[u8]`, `Uuid`, `ErrorCode`, `ApiKey` or `BrokerIds`, a struct that derives \
            `KafkaWire`, or a `Vec`, `Option` or `Box` of these"
)]
pub trait Value {
    /// The type in the terms of Kafka's schemas.
    const TYPE: FieldType;

    /// The fewest bytes that any value takes in any version. It limits array counts that are read
    /// from the wire.
    const MIN_SIZE: usize;

    /// Whether a value may hold an [`ErrorCode`]. If false,
    /// [`error_codes`](Self::error_codes) is not called. Default: true.
    const HOLDS_ERROR_CODES: bool = true;

    /// Returns whether the value is the default of its type: zero, empty or null.
    fn is_default(&self) -> bool;

    /// Calls `visit` with every error code in the value, in wire order.
    #[inline]
    fn error_codes(&self, visit: &mut dyn FnMut(ErrorCode)) {
        let _ = visit;
    }
}
