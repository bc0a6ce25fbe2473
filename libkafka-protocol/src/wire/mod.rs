//! How single values stand on the wire.
//!
//! [`Encode`] and [`Decode`] are implemented for what a field may be, and by
//! the derive for structs. A message calls them field by field, in place: an
//! array's elements are filled where they will stay, never built and moved.

mod array;
mod broker_ids;
mod bytes;
mod numbers;
mod scalar;
mod string;
mod unknown_tags;
mod uuid;

pub use self::broker_ids::BrokerIds;
pub use self::unknown_tags::UnknownTags;
pub use self::uuid::Uuid;

#[doc(hidden)]
pub use self::unknown_tags::Interleave;

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::schema::{FieldType, StructSchema};
use crate::{Error, ErrorCode, Reader, WireStruct, Writer};

/// A value that can be written.
pub trait Encode {
    /// The type, as the schema has it.
    const TYPE: FieldType;

    /// The fewest bytes that any value takes in any version: what bounds a
    /// count that is read from the wire.
    const MIN_SIZE: usize;

    /// Writes the value.
    ///
    /// # Errors
    /// If the version cannot carry the value.
    fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error>;

    /// Writes the value or null; in the form of structs, unless overridden.
    ///
    /// # Errors
    /// If the version cannot carry the value.
    #[doc(hidden)]
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

    /// Is it the value of a field of this type that is not set?
    fn is_default(&self) -> bool;

    /// Shows `visit` every error code in the value, in wire order.
    #[inline]
    fn error_codes(&self, visit: &mut dyn FnMut(ErrorCode)) {
        let _ = visit;
    }
}

/// A value that can be read, from input that lives for `'de`.
///
/// `Default` is the value of a field that is not set, by Kafka's own defaults.
pub trait Decode<'de>: Encode + Default {
    /// Reads over the value, which is at its default.
    ///
    /// # Errors
    /// If the bytes are not such a value.
    fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error>;

    /// Reads the value or null; in the form of structs, unless overridden.
    ///
    /// # Errors
    /// If the bytes are neither.
    #[doc(hidden)]
    #[inline]
    fn read_nullable(value: &mut Option<Self>, r: &mut Reader<'de>) -> Result<(), Error> {
        let [marker] = r.array()?;
        if marker >= 0x80 {
            *value = None;
            return Ok(());
        }
        value.insert(Self::default()).read(r)
    }

    /// Fills `elements`, which are none yet, with `count` values; the count is
    /// one that the reader has granted.
    ///
    /// # Errors
    /// If one of them is bad.
    #[doc(hidden)]
    fn read_elements(
        elements: &mut Vec<Self>,
        count: usize,
        r: &mut Reader<'de>,
    ) -> Result<(), Error> {
        array::read_each(elements, count, r)
    }
}

/// A value with a form for null: strings, bytes and arrays by the length -1,
/// structs by a byte in front. Numbers have none.
pub trait Nullable: Encode {}

impl<T: Nullable> Encode for Option<T> {
    const TYPE: FieldType = T::TYPE;
    const MIN_SIZE: usize = 1;

    #[inline]
    fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error> {
        T::write_nullable(self.as_ref(), w)
    }

    #[inline]
    fn is_default(&self) -> bool {
        self.is_none()
    }

    #[inline]
    fn error_codes(&self, visit: &mut dyn FnMut(ErrorCode)) {
        if let Some(value) = self {
            value.error_codes(visit);
        }
    }
}

impl<'de, T: Nullable + Decode<'de>> Decode<'de> for Option<T> {
    #[inline]
    fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error> {
        T::read_nullable(self, r)
    }
}

impl<T: Encode> Encode for Box<T> {
    const TYPE: FieldType = T::TYPE;
    const MIN_SIZE: usize = T::MIN_SIZE;

    #[inline]
    fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error> {
        (**self).write(w)
    }

    #[inline]
    fn is_default(&self) -> bool {
        (**self).is_default()
    }

    #[inline]
    fn error_codes(&self, visit: &mut dyn FnMut(ErrorCode)) {
        (**self).error_codes(visit);
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Box<T> {
    #[inline]
    fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error> {
        // A struct may contain itself in a box, as it may in an array.
        r.grant(size_of::<T>())?;
        r.enter()?;
        (**self).read(r)?;
        r.leave();
        Ok(())
    }
}
impl<T: Nullable> Nullable for Box<T> {}

/// The schema of a struct, as [`FieldType::Struct`] has it.
#[doc(hidden)]
pub fn schema<T: WireStruct + ?Sized>() -> &'static StructSchema {
    T::SCHEMA
}
