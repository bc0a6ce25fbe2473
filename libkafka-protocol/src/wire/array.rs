//! Arrays: a count and that many elements.
//!
//! The counters are written by hand: with iterator adapters, the arrays of all messages would take
//! twice as long to compile.
#![allow(clippy::explicit_counter_loop)]

use alloc::vec::Vec;

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
impl<T: Value> Value for Vec<T> {
    const TYPE: FieldType = FieldType::Array(&T::TYPE);
    const MIN_SIZE: usize = 1;
    const HOLDS_ERROR_CODES: bool = T::HOLDS_ERROR_CODES;

    #[inline]
    fn is_default(&self) -> bool {
        self.is_empty()
    }

    #[inline]
    fn error_codes(&self, visit: &mut dyn FnMut(ErrorCode)) {
        for element in self {
            element.error_codes(visit);
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: Encode> Encode for Vec<T> {
    #[inline]
    fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error> {
        w.count(Some(self.len()))?;
        let mut i = 0;
        for element in self {
            if let Err(error) = element.write(w) {
                return Err(error.at_index(i));
            }
            i += 1;
        }
        Ok(())
    }

    #[inline]
    fn write_nullable<'a>(value: Option<&'a Self>, w: &mut Writer<'a>) -> Result<(), Error> {
        match value {
            Some(elements) => elements.write(w),
            None => w.count(None),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: Value> Nullable for Vec<T> {}

#[diagnostic::do_not_recommend]
impl<'de, T: Decode<'de>> Decode<'de> for Vec<T> {
    #[inline]
    fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error> {
        let count = r.required_count(T::MIN_SIZE, size_of::<T>())?;
        T::read_elements(self, count, r)
    }

    #[inline]
    fn read_nullable(value: &mut Option<Self>, r: &mut Reader<'de>) -> Result<(), Error> {
        match r.count(T::MIN_SIZE, size_of::<T>())? {
            None => *value = None,
            Some(count) => T::read_elements(value.insert(Self::new()), count, r)?,
        }
        Ok(())
    }
}
