//! `Uuid`: the 128-bit ids of topics, directories and members.

use core::fmt;
use core::str::FromStr;

use super::decode::Decode;
use super::encode::Encode;
use super::value::Value;
use crate::error::Error;
use crate::reader::Reader;
use crate::schema::FieldType;
use crate::writer::Writer;

/// The 128-bit id of a topic, a directory or a member.
///
/// Displayed and parsed in the form of Kafka's tools: 22 characters of unpadded, URL-safe base64.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Uuid(pub [u8; 16]);

impl Uuid {
    /// All zeros, which means no id.
    pub const ZERO: Self = Self([0; 16]);

    /// Returns whether this is [`ZERO`](Self::ZERO).
    #[inline]
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The number of characters in the text form; they hold four bits more than the id has.
const TEXT: usize = 22;

impl fmt::Display for Uuid {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = u128::from_be_bytes(self.0);
        let mut text = [0; TEXT];
        for (i, character) in text.iter_mut().enumerate() {
            // The last character holds the last two bits, followed by four zeros.
            let shift = 122 - 6 * i as i32;
            let bits = if shift < 0 { id << -shift } else { id >> shift };
            *character = ALPHABET[(bits & 63) as usize];
        }
        f.write_str(core::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Uuid {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The error for text that is not the 22 characters of a [`Uuid`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseUuidError;

impl fmt::Display for ParseUuidError {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a uuid is 22 characters of unpadded, URL-safe base64")
    }
}

impl core::error::Error for ParseUuidError {}

impl FromStr for Uuid {
    type Err = ParseUuidError;

    #[inline]
    fn from_str(text: &str) -> Result<Self, ParseUuidError> {
        if text.len() != TEXT {
            return Err(ParseUuidError);
        }
        let mut id = 0u128;
        for (i, character) in text.bytes().enumerate() {
            let bits = ALPHABET
                .iter()
                .position(|c| *c == character)
                .ok_or(ParseUuidError)?;
            id = if i + 1 < TEXT {
                id << 6 | bits as u128
            } else if bits & 15 == 0 {
                id << 2 | (bits >> 4) as u128
            } else {
                return Err(ParseUuidError);
            };
        }
        Ok(Self(id.to_be_bytes()))
    }
}

impl From<[u8; 16]> for Uuid {
    #[inline]
    fn from(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

impl From<u128> for Uuid {
    #[inline]
    fn from(id: u128) -> Self {
        Self(id.to_be_bytes())
    }
}

#[diagnostic::do_not_recommend]
impl Value for Uuid {
    const TYPE: FieldType = FieldType::Uuid;
    const MIN_SIZE: usize = 16;
    const HOLDS_ERROR_CODES: bool = false;

    #[inline]
    fn is_default(&self) -> bool {
        self.is_zero()
    }
}

#[diagnostic::do_not_recommend]
impl Encode for Uuid {
    #[inline]
    fn write<'a>(&'a self, w: &mut Writer<'a>) -> Result<(), Error> {
        w.put(&self.0);
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl<'de> Decode<'de> for Uuid {
    #[inline]
    fn read(&mut self, r: &mut Reader<'de>) -> Result<(), Error> {
        self.0 = r.array()?;
        Ok(())
    }
}
