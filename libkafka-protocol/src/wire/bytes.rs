//! Byte strings: a length and that many bytes. Records are such a field.

use bytes::Bytes;

use super::decode::Decode;
use super::encode::Encode;
use super::nullable::Nullable;
use super::value::Value;
use crate::error::Error;
use crate::reader::Reader;
use crate::schema::FieldType;
use crate::writer::Writer;

macro_rules! byte_string {
    ($type:ty, [$($lifetime:lifetime)?], $put:expr, $own:expr) => {
        #[diagnostic::do_not_recommend]
        impl $(<$lifetime>)? Value for $type {
            const TYPE: FieldType = FieldType::Bytes;
            const MIN_SIZE: usize = 1;
            const HOLDS_ERROR_CODES: bool = false;

            #[inline]
            fn is_default(&self) -> bool {
                self.is_empty()
            }
        }

        #[diagnostic::do_not_recommend]
        impl $(<$lifetime>)? Encode for $type {
            #[inline]
            fn write<'w>(&'w self, w: &mut Writer<'w>) -> Result<(), Error> {
                Self::write_nullable(Some(self), w)
            }

            #[inline]
            fn write_nullable<'w>(
                value: Option<&'w Self>,
                w: &mut Writer<'w>,
            ) -> Result<(), Error> {
                w.long_length(value.map(|value| value.len()))?;
                if let Some(value) = value {
                    $put(w, value);
                }
                Ok(())
            }
        }

        #[diagnostic::do_not_recommend]
        impl $(<$lifetime>)? Nullable for $type {}

        #[diagnostic::do_not_recommend]
        impl<'de $(: $lifetime, $lifetime)?> Decode<'de> for $type {
            #[inline]
            fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error> {
                let length = r.long_length()?;
                let length = r.not_null(length)?;
                let taken = r.take(length)?;
                *self = $own(r, taken);
                Ok(())
            }

            #[inline]
            fn read_nullable(
                value: &mut Option<Self>,
                r: &mut Reader<'de>,
            ) -> Result<(), Error> {
                *value = None;
                if let Some(length) = r.long_length()? {
                    let taken = r.take(length)?;
                    *value = Some($own(r, taken));
                }
                Ok(())
            }
        }
    };
}

byte_string!(Bytes, [], Writer::put_shared, Reader::share);
byte_string!(&'a [u8], ['a], Writer::put_bytes, |_: &Reader<'de>, taken| taken);
