//! `Decode`: a value that can be read.
//!
//! The counters are written by hand: with iterator adapters, the arrays of all messages would take
//! twice as long to compile.
#![allow(clippy::explicit_counter_loop)]

use alloc::vec::Vec;

use super::value::Value;
use crate::error::Error;
use crate::reader::Reader;

/// A value that can be read, from input that lives for `'de`.
///
/// `Default` is the value of a field that is not set, according to Kafka's own defaults.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be decoded from a Kafka message",
    label = "needs `#[derive(KafkaWire)]`, or `Decode`"
)]
pub trait Decode<'de>: Value + Default {
    /// Reads into `self`, which has its default value.
    ///
    /// # Errors
    /// If the bytes are not such a value.
    fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error>;

    /// Reads the value or null.
    ///
    /// Default: the form of structs, which is a byte in front of the value. Strings, bytes and
    /// arrays override it: their null is a length of -1.
    ///
    /// # Errors
    /// If the bytes are neither.
    #[inline]
    fn read_nullable(value: &mut Option<Self>, r: &mut Reader<'de>) -> Result<(), Error> {
        let [marker] = r.array()?;
        if marker >= 0x80 {
            *value = None;
            return Ok(());
        }
        value.insert(Self::default()).read(r)
    }

    /// Reads `count` values into `elements`, which is empty. The reader has checked the count
    /// against the remaining bytes and memory.
    ///
    /// Default: makes room for all elements and reads each in its place, since building one
    /// elsewhere and moving it costs more than reading it. Numbers override it.
    ///
    /// # Errors
    /// If the bytes of an element are not such a value.
    #[inline]
    fn read_elements(
        elements: &mut Vec<Self>,
        count: usize,
        r: &mut Reader<'de>,
    ) -> Result<(), Error> {
        r.enter()?;
        elements.reserve_exact(count);
        elements.extend((0..count).map(|_| Self::default()));
        let mut i = 0;
        for element in elements {
            if let Err(error) = element.read(r) {
                return Err(error.at_index(i));
            }
            i += 1;
        }
        r.leave();
        Ok(())
    }
}
