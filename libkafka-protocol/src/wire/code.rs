//! `ErrorCode` and `ApiKey`: an `int16` each.

use super::decode::Decode;
use super::encode::Encode;
use super::value::Value;
use crate::api_key::ApiKey;
use crate::error::Error;
use crate::error_code::ErrorCode;
use crate::reader::Reader;
use crate::schema::FieldType;
use crate::writer::Writer;

macro_rules! code {
    ($type:ident, $is_error_code:literal, $self:ident, $visit:ident, $errors:expr) => {
        #[diagnostic::do_not_recommend]
        impl Value for $type {
            const TYPE: FieldType = FieldType::Int16;
            const MIN_SIZE: usize = 2;
            const HOLDS_ERROR_CODES: bool = $is_error_code;

            #[inline]
            fn is_default(&self) -> bool {
                self.0 == 0
            }

            #[inline]
            fn error_codes(&$self, $visit: &mut dyn FnMut(ErrorCode)) {
                $errors
            }
        }

        #[diagnostic::do_not_recommend]
        impl Encode for $type {
            #[inline]
            fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error> {
                self.0.write(w)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<'de> Decode<'de> for $type {
            #[inline]
            fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error> {
                self.0.read(r)
            }
        }
    };
}

code!(ErrorCode, true, self, visit, visit(*self));
code!(ApiKey, false, self, _visit, ());
