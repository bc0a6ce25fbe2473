//! `Encode`: a value that can be written.

use super::value::Value;
use crate::error::Error;
use crate::writer::Writer;

/// A value that can be written.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be encoded in a Kafka message",
    label = "needs `#[derive(KafkaWire)]`, or `Encode`"
)]
pub trait Encode: Value {
    /// Writes the value.
    ///
    /// # Errors
    /// If the version cannot carry the value.
    fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error>;

    /// Writes the value or, for `None`, null.
    ///
    /// Default: the form of structs, which is a byte in front of the value. Strings, bytes and
    /// arrays override it: their null is a length of -1.
    ///
    /// # Errors
    /// If the version cannot carry the value.
    #[inline]
    fn write_nullable<'a>(value: Option<&'a Self>, w: &mut Writer<'a>) -> Result<(), Error> {
        match value {
            None => {
                w.put(&[0xff]);
                Ok(())
            }
            Some(value) => {
                w.put(&[1]);
                value.write(w)
            }
        }
    }
}
