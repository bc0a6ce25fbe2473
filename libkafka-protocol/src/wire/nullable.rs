//! `Nullable` and `Option`: values that may be null.

use super::decode::Decode;
use super::encode::Encode;
use super::value::Value;
use crate::error::Error;
use crate::error_code::ErrorCode;
use crate::reader::Reader;
use crate::schema::FieldType;
use crate::writer::Writer;

/// A value that can be null, and so can be in an `Option`.
///
/// A null string, byte string or array is a length of -1; a null struct is a byte in front of it.
/// Numbers cannot be null.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be in an `Option`",
    label = "the Kafka protocol has no null of this type",
    note = "strings, bytes, arrays and structs can be null; numbers, `bool`, `Uuid` and codes cannot"
)]
pub trait Nullable: Value {}

#[diagnostic::do_not_recommend]
impl<T: Nullable> Value for Option<T> {
    const TYPE: FieldType = T::TYPE;
    const MIN_SIZE: usize = 1;
    const HOLDS_ERROR_CODES: bool = T::HOLDS_ERROR_CODES;

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

#[diagnostic::do_not_recommend]
impl<T: Nullable + Encode> Encode for Option<T> {
    #[inline]
    fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error> {
        T::write_nullable(self.as_ref(), w)
    }
}

#[diagnostic::do_not_recommend]
impl<'de, T: Nullable + Decode<'de>> Decode<'de> for Option<T> {
    #[inline]
    fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error> {
        T::read_nullable(self, r)
    }
}
