//! Numbers, booleans and codes: fixed sizes, big-endian.

use alloc::vec::Vec;

use super::{Decode, Encode};
use crate::schema::FieldType;
use crate::{ApiKey, Error, ErrorCode, Reader, Writer};

macro_rules! number {
    ($($type:ty: $schema:ident),*) => {$(
        impl Encode for $type {
            const TYPE: FieldType = FieldType::$schema;
            const MIN_SIZE: usize = size_of::<$type>();

            #[inline]
            fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error> {
                w.put(&self.to_be_bytes());
                Ok(())
            }

            #[inline]
            fn is_default(&self) -> bool {
                // By bits, so that -0.0 and NaN count as set.
                self.to_be_bytes() == [0; size_of::<$type>()]
            }
        }

        impl<'de> Decode<'de> for $type {
            #[inline]
            fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error> {
                *self = <$type>::from_be_bytes(r.array()?);
                Ok(())
            }

            fn read_elements(
                elements: &mut Vec<Self>,
                count: usize,
                r: &mut Reader<'de>,
            ) -> Result<(), Error> {
                let bytes = r.take(count * size_of::<$type>())?;
                elements.extend(bytes.as_chunks().0.iter().map(|b| <$type>::from_be_bytes(*b)));
                Ok(())
            }
        }
    )*};
}

number!(i8: Int8, i16: Int16, u16: Uint16, i32: Int32, u32: Uint32, i64: Int64, f64: Float64);

impl Encode for bool {
    const TYPE: FieldType = FieldType::Bool;
    const MIN_SIZE: usize = 1;

    #[inline]
    fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error> {
        w.put(&[u8::from(*self)]);
        Ok(())
    }

    #[inline]
    fn is_default(&self) -> bool {
        !self
    }
}

impl<'de> Decode<'de> for bool {
    #[inline]
    fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error> {
        let [byte] = r.array()?;
        *self = byte != 0;
        Ok(())
    }
}

macro_rules! code {
    ($type:ident, $self:ident, $visit:ident, $errors:expr) => {
        impl Encode for $type {
            const TYPE: FieldType = FieldType::Int16;
            const MIN_SIZE: usize = 2;

            #[inline]
            fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error> {
                self.0.write(w)
            }

            #[inline]
            fn is_default(&self) -> bool {
                self.0 == 0
            }

            #[inline]
            fn error_codes(&$self, $visit: &mut dyn FnMut(ErrorCode)) {
                $errors
            }
        }

        impl<'de> Decode<'de> for $type {
            #[inline]
            fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error> {
                self.0.read(r)
            }
        }
    };
}

code!(ErrorCode, self, visit, visit(*self));
code!(ApiKey, self, _visit, ());
