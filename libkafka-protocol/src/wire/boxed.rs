//! `Box`: encoded as the value that it contains.

use alloc::boxed::Box;

use super::decode::Decode;
use super::encode::Encode;
use super::nullable::Nullable;
use super::value::Value;
use crate::error::Error;
use crate::error_code::ErrorCode;
use crate::reader::Reader;
use crate::schema::FieldType;
use crate::writer::Writer;

#[diagnostic::do_not_recommend]
impl<T: Value> Value for Box<T> {
    const TYPE: FieldType = T::TYPE;
    const MIN_SIZE: usize = T::MIN_SIZE;
    const HOLDS_ERROR_CODES: bool = T::HOLDS_ERROR_CODES;

    #[inline]
    fn is_default(&self) -> bool {
        (**self).is_default()
    }

    #[inline]
    fn error_codes(&self, visit: &mut dyn FnMut(ErrorCode)) {
        (**self).error_codes(visit);
    }
}

#[diagnostic::do_not_recommend]
impl<T: Encode> Encode for Box<T> {
    #[inline]
    fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error> {
        (**self).write(w)
    }
}

#[diagnostic::do_not_recommend]
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

#[diagnostic::do_not_recommend]
impl<T: Nullable> Nullable for Box<T> {}
