//! Strings: a length and UTF-8.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::decode::Decode;
use super::encode::Encode;
use super::nullable::Nullable;
use super::value::Value;
use crate::error::Error;
use crate::reader::Reader;
use crate::schema::FieldType;
use crate::writer::Writer;

// Nothing here is inlined into messages: there are more than 400 strings in them.
macro_rules! string {
    ($type:ty, [$($lifetime:lifetime)?], $from:expr) => {
        #[diagnostic::do_not_recommend]
        impl $(<$lifetime>)? Value for $type {
            const TYPE: FieldType = FieldType::String;
            const MIN_SIZE: usize = 1;
            const HOLDS_ERROR_CODES: bool = false;

            #[inline]
            fn is_default(&self) -> bool {
                self.is_empty()
            }
        }

        #[diagnostic::do_not_recommend]
        impl $(<$lifetime>)? Encode for $type {
            #[inline(never)]
            fn write<'w>(&'w self, w: &mut Writer<'w>) -> Result<(), Error> {
                write(Some(&**self), w)
            }

            #[inline(never)]
            fn write_nullable<'w>(
                value: Option<&'w Self>,
                w: &mut Writer<'w>,
            ) -> Result<(), Error> {
                write(value.map(|value| &**value), w)
            }
        }

        #[diagnostic::do_not_recommend]
        impl $(<$lifetime>)? Nullable for $type {}

        #[diagnostic::do_not_recommend]
        impl<'de $(: $lifetime, $lifetime)?> Decode<'de> for $type {
            #[inline(never)]
            fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error> {
                let value = read(r)?;
                *self = $from(r.not_null(value)?);
                Ok(())
            }

            #[inline(never)]
            fn read_nullable(
                value: &mut Option<Self>,
                r: &mut Reader<'de>,
            ) -> Result<(), Error> {
                *value = read(r)?.map($from);
                Ok(())
            }
        }
    };
}

string!(String, [], str::to_owned);
string!(&'a str, ['a], core::convert::identity);

#[inline]
fn write(value: Option<&str>, w: &mut Writer<'_>) -> Result<(), Error> {
    w.string_length(value.map(str::len))?;
    if let Some(value) = value {
        w.put(value.as_bytes());
    }
    Ok(())
}

#[inline]
fn read<'de>(r: &mut Reader<'de>) -> Result<Option<&'de str>, Error> {
    match r.string_length()? {
        None => Ok(None),
        Some(length) => r.str(length).map(Some),
    }
}
