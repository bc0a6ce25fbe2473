//! The JSON of every type that a field may have: numbers, text, bytes, arrays and null.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::Value;

use super::convert::{FromJson, ToJson};
use crate::api_key::ApiKey;
use crate::error::{Error, ErrorKind};
use crate::error_code::ErrorCode;
use crate::wire::{BrokerIds, Nullable, Uuid};

/// The most characters of a JSON string that an error quotes.
const QUOTED: usize = 40;

/// The error for `json` that is not what was expected.
#[cold]
pub(crate) fn unexpected(expected: &'static str, json: &Value) -> Error {
    let found = match json {
        Value::Null | Value::Bool(_) | Value::Number(_) => json.to_string(),
        Value::String(text) => match text.char_indices().nth(QUOTED) {
            Some((end, _)) => format!("{:?}...", &text[..end]),
            None => format!("{text:?}"),
        },
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    };
    Error::new(ErrorKind::UnexpectedJson { expected, found }, None)
}

macro_rules! integer {
    ($($type:ty: $expected:literal),*) => {$(
        #[diagnostic::do_not_recommend]
        impl ToJson for $type {
            fn write_json(&self, _: i16) -> Result<Value, Error> {
                Ok(Value::from(*self))
            }
        }

        #[diagnostic::do_not_recommend]
        impl FromJson for $type {
            fn read_json(_: i16, json: &Value) -> Result<Self, Error> {
                json.as_i64()
                    .and_then(|number| number.try_into().ok())
                    .ok_or_else(|| unexpected($expected, json))
            }
        }
    )*};
}

integer!(
    i8: "a number from -128 to 127",
    i16: "a number from -32768 to 32767",
    u16: "a number from 0 to 65535",
    i32: "a number from -2147483648 to 2147483647",
    u32: "a number from 0 to 4294967295",
    i64: "a number of 64 bits"
);

#[diagnostic::do_not_recommend]
impl ToJson for f64 {
    fn write_json(&self, _: i16) -> Result<Value, Error> {
        Ok(if self.is_finite() {
            Value::from(*self)
        } else if self.is_nan() {
            Value::from("NaN")
        } else if *self > 0.0 {
            Value::from("Infinity")
        } else {
            Value::from("-Infinity")
        })
    }
}

#[diagnostic::do_not_recommend]
impl FromJson for f64 {
    fn read_json(_: i16, json: &Value) -> Result<Self, Error> {
        let number = match json {
            Value::String(text) => match text.as_str() {
                "NaN" => Some(f64::NAN),
                "Infinity" => Some(f64::INFINITY),
                "-Infinity" => Some(f64::NEG_INFINITY),
                _ => None,
            },
            _ => json.as_f64(),
        };
        number.ok_or_else(|| unexpected("a number, \"NaN\", \"Infinity\" or \"-Infinity\"", json))
    }
}

#[diagnostic::do_not_recommend]
impl ToJson for bool {
    fn write_json(&self, _: i16) -> Result<Value, Error> {
        Ok(Value::Bool(*self))
    }
}

#[diagnostic::do_not_recommend]
impl FromJson for bool {
    fn read_json(_: i16, json: &Value) -> Result<Self, Error> {
        json.as_bool()
            .ok_or_else(|| unexpected("true or false", json))
    }
}

#[diagnostic::do_not_recommend]
impl ToJson for ErrorCode {
    fn write_json(&self, version: i16) -> Result<Value, Error> {
        self.0.write_json(version)
    }
}

#[diagnostic::do_not_recommend]
impl FromJson for ErrorCode {
    fn read_json(version: i16, json: &Value) -> Result<Self, Error> {
        FromJson::read_json(version, json).map(Self)
    }
}

#[diagnostic::do_not_recommend]
impl ToJson for ApiKey {
    fn write_json(&self, version: i16) -> Result<Value, Error> {
        self.0.write_json(version)
    }
}

#[diagnostic::do_not_recommend]
impl FromJson for ApiKey {
    fn read_json(version: i16, json: &Value) -> Result<Self, Error> {
        FromJson::read_json(version, json).map(Self)
    }
}

#[diagnostic::do_not_recommend]
impl ToJson for &str {
    fn write_json(&self, _: i16) -> Result<Value, Error> {
        Ok(Value::from(*self))
    }
}

#[diagnostic::do_not_recommend]
impl ToJson for String {
    fn write_json(&self, version: i16) -> Result<Value, Error> {
        self.as_str().write_json(version)
    }
}

#[diagnostic::do_not_recommend]
impl FromJson for String {
    fn read_json(_: i16, json: &Value) -> Result<Self, Error> {
        text("a string", json).map(str::to_owned)
    }
}

#[diagnostic::do_not_recommend]
impl ToJson for &[u8] {
    fn write_json(&self, _: i16) -> Result<Value, Error> {
        Ok(Value::from(STANDARD.encode(self)))
    }
}

#[diagnostic::do_not_recommend]
impl ToJson for Bytes {
    fn write_json(&self, version: i16) -> Result<Value, Error> {
        (&self[..]).write_json(version)
    }
}

#[diagnostic::do_not_recommend]
impl FromJson for Bytes {
    fn read_json(_: i16, json: &Value) -> Result<Self, Error> {
        let expected = "base64";
        match STANDARD.decode(text(expected, json)?) {
            Ok(bytes) => Ok(bytes.into()),
            Err(_) => Err(unexpected(expected, json)),
        }
    }
}

#[diagnostic::do_not_recommend]
impl ToJson for Uuid {
    fn write_json(&self, _: i16) -> Result<Value, Error> {
        Ok(Value::from(self.to_string()))
    }
}

#[diagnostic::do_not_recommend]
impl FromJson for Uuid {
    fn read_json(_: i16, json: &Value) -> Result<Self, Error> {
        let expected = "a uuid: 22 characters of unpadded, URL-safe base64";
        text(expected, json)?
            .parse()
            .map_err(|_| unexpected(expected, json))
    }
}

#[diagnostic::do_not_recommend]
impl<T: ToJson> ToJson for Vec<T> {
    fn write_json(&self, version: i16) -> Result<Value, Error> {
        array(self, version)
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromJson> FromJson for Vec<T> {
    fn read_json(version: i16, json: &Value) -> Result<Self, Error> {
        elements(version, json)
    }
}

#[diagnostic::do_not_recommend]
impl ToJson for BrokerIds {
    fn write_json(&self, version: i16) -> Result<Value, Error> {
        array(self, version)
    }
}

#[diagnostic::do_not_recommend]
impl FromJson for BrokerIds {
    fn read_json(version: i16, json: &Value) -> Result<Self, Error> {
        elements(version, json)
    }
}

#[diagnostic::do_not_recommend]
impl<T: ToJson + Nullable> ToJson for Option<T> {
    fn write_json(&self, version: i16) -> Result<Value, Error> {
        match self {
            Some(value) => value.write_json(version),
            None => Ok(Value::Null),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromJson + Nullable> FromJson for Option<T> {
    fn read_json(version: i16, json: &Value) -> Result<Self, Error> {
        match json {
            Value::Null => Ok(None),
            _ => T::read_json(version, json).map(Some),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<T: ToJson> ToJson for Box<T> {
    fn write_json(&self, version: i16) -> Result<Value, Error> {
        (**self).write_json(version)
    }
}

#[diagnostic::do_not_recommend]
impl<T: FromJson> FromJson for Box<T> {
    fn read_json(version: i16, json: &Value) -> Result<Self, Error> {
        T::read_json(version, json).map(Self::new)
    }
}

fn text<'v>(expected: &'static str, json: &'v Value) -> Result<&'v str, Error> {
    json.as_str().ok_or_else(|| unexpected(expected, json))
}

fn array<T: ToJson>(elements: &[T], version: i16) -> Result<Value, Error> {
    elements
        .iter()
        .enumerate()
        .map(|(i, element)| {
            element
                .write_json(version)
                .map_err(|error| error.at_index(i))
        })
        .collect()
}

fn elements<T: FromJson, C: FromIterator<T>>(version: i16, json: &Value) -> Result<C, Error> {
    let Value::Array(elements) = json else {
        return Err(unexpected("an array", json));
    };
    elements
        .iter()
        .enumerate()
        .map(|(i, element)| T::read_json(version, element).map_err(|error| error.at_index(i)))
        .collect()
}
