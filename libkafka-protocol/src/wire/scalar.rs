//! Numbers and booleans: fixed sizes, big-endian.

use alloc::vec::Vec;

use super::decode::Decode;
use super::encode::Encode;
use super::value::Value;
use crate::error::Error;
use crate::reader::Reader;
use crate::schema::FieldType;
use crate::writer::Writer;

macro_rules! number {
    ($($type:ty: $schema:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Value for $type {
            const TYPE: FieldType = FieldType::$schema;
            const MIN_SIZE: usize = size_of::<$type>();
            const HOLDS_ERROR_CODES: bool = false;

            #[inline]
            fn is_default(&self) -> bool {
                // By bits, so that -0.0 and NaN count as set.
                self.to_be_bytes() == [0; size_of::<$type>()]
            }
        }

        #[diagnostic::do_not_recommend]
        impl Encode for $type {
            #[inline]
            fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error> {
                w.put(&self.to_be_bytes());
                Ok(())
            }
        }

        #[diagnostic::do_not_recommend]
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

#[diagnostic::do_not_recommend]
impl Value for bool {
    const TYPE: FieldType = FieldType::Bool;
    const MIN_SIZE: usize = 1;
    const HOLDS_ERROR_CODES: bool = false;

    #[inline]
    fn is_default(&self) -> bool {
        !self
    }
}

#[diagnostic::do_not_recommend]
impl Encode for bool {
    #[inline]
    fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error> {
        w.put(&[u8::from(*self)]);
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<'de> Decode<'de> for bool {
    #[inline]
    fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error> {
        let [byte] = r.array()?;
        *self = byte != 0;
        Ok(())
    }
}
