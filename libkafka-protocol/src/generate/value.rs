//! `Generate` for every type that a field may have.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use bytes::Bytes;

use super::source::{Generate, Source};
use crate::api_key::ApiKey;
use crate::error_code::ErrorCode;
use crate::limits::MAX_STRING;
use crate::wire::{BrokerIds, Uuid};

macro_rules! number {
    ($($type:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Generate<'_> for $type {
            /// Small, at an edge of this type, of a smaller one or of a varint, or anything.
            fn generate(source: &mut Source<'_>) -> Self {
                const EDGES: &[$type] = &[
                    (0 as $type).wrapping_sub(1),
                    <$type>::MIN,
                    <$type>::MAX,
                    <$type>::MIN + 1,
                    <$type>::MAX - 1,
                    127,
                    128_u8 as $type,
                    255_u8 as $type,
                    256_i64 as $type,
                    16_383_i64 as $type,
                    16_384_i64 as $type,
                    32_767_i64 as $type,
                    32_768_i64 as $type,
                    65_536_i64 as $type,
                    2_097_151_i64 as $type,
                    2_097_152_i64 as $type,
                ];
                match source.byte() {
                    small @ 0..96 => small as $type,
                    96..176 => source.choose(EDGES),
                    _ => <$type>::from_be_bytes(source.array()),
                }
            }
        }
    )*};
}

number!(i8, i16, u16, i32, u32, i64);

#[diagnostic::do_not_recommend]
impl Generate<'_> for f64 {
    fn generate(source: &mut Source<'_>) -> Self {
        const EDGES: &[f64] = &[
            -0.0,
            1.0,
            -1.0,
            0.1,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::MIN,
            f64::MAX,
            f64::MIN_POSITIVE,
            5e-324,
            f64::EPSILON,
        ];
        match source.byte() {
            small @ 0..96 => f64::from(small),
            96..176 => source.choose(EDGES),
            _ => f64::from_be_bytes(source.array()),
        }
    }
}

#[diagnostic::do_not_recommend]
impl Generate<'_> for bool {
    fn generate(source: &mut Source<'_>) -> Self {
        source.byte() >= 128
    }
}

#[diagnostic::do_not_recommend]
impl Generate<'_> for ErrorCode {
    fn generate(source: &mut Source<'_>) -> Self {
        Self(i16::generate(source))
    }
}

#[diagnostic::do_not_recommend]
impl Generate<'_> for ApiKey {
    fn generate(source: &mut Source<'_>) -> Self {
        Self(i16::generate(source))
    }
}

#[diagnostic::do_not_recommend]
impl Generate<'_> for Uuid {
    fn generate(source: &mut Source<'_>) -> Self {
        match source.byte() {
            0..32 => Self::ZERO,
            small @ 32..96 => Self::from(u128::from(small)),
            96..112 => Self([0xff; 16]),
            _ => Self(source.array()),
        }
    }
}

/// Lengths at which a varint grows, short enough for many in one message.
const LENGTHS: [usize; 7] = [126, 127, 128, 129, 254, 255, 256];

/// Lengths at which a varint takes its third byte, and the maximum of a string.
const LONG_LENGTHS: [usize; 5] = [16_382, 16_383, 16_384, MAX_STRING - 1, MAX_STRING];

/// Strings and byte strings of these lengths are slices of it.
static FILLER: [u8; MAX_STRING] = [b'x'; MAX_STRING];

/// `x`, repeated to one of the lengths above.
fn filler(source: &mut Source<'_>, choice: u8) -> &'static [u8] {
    let length = match choice {
        u8::MAX => source.choose(&LONG_LENGTHS),
        _ => source.choose(&LENGTHS),
    };
    &FILLER[..length]
}

#[diagnostic::do_not_recommend]
impl<'source: 'a, 'a> Generate<'source> for &'a str {
    fn generate(source: &mut Source<'source>) -> Self {
        const WORDS: [&str; 12] = [
            "topic",
            "group-1",
            " ",
            "\0",
            "\"\\/\u{7f}",
            "é",
            "a\u{301}",
            "主题",
            "\u{ffff}",
            "🦀",
            "-_.",
            "null",
        ];
        match source.byte() {
            0..32 => "",
            length @ 32..96 => valid_start(source.take(usize::from(length) - 32)),
            96..240 => source.choose(&WORDS),
            choice => valid_start(filler(source, choice)),
        }
    }
}

/// The longest start of `bytes` that is text.
fn valid_start(bytes: &[u8]) -> &str {
    match core::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => core::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}

#[diagnostic::do_not_recommend]
impl<'source: 'a, 'a> Generate<'source> for &'a [u8] {
    fn generate(source: &mut Source<'source>) -> Self {
        match source.byte() {
            0..48 => &[],
            length @ 48..240 => source.take(usize::from(length) - 48),
            choice => filler(source, choice),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<'a> Generate<'a> for String {
    fn generate(source: &mut Source<'a>) -> Self {
        <&str>::generate(source).to_owned()
    }
}

#[diagnostic::do_not_recommend]
impl<'a> Generate<'a> for Bytes {
    fn generate(source: &mut Source<'a>) -> Self {
        Self::copy_from_slice(Generate::generate(source))
    }
}

#[diagnostic::do_not_recommend]
impl<'a, T: Generate<'a>> Generate<'a> for Vec<T> {
    fn generate(source: &mut Source<'a>) -> Self {
        collect(source)
    }
}

#[diagnostic::do_not_recommend]
impl Generate<'_> for BrokerIds {
    fn generate(source: &mut Source<'_>) -> Self {
        collect::<i32, _>(source)
    }
}

fn collect<'a, T: Generate<'a>, C: FromIterator<T>>(source: &mut Source<'a>) -> C {
    let count = source.count();
    (0..count)
        .map_while(|_| source.deeper(T::generate))
        .collect()
}

#[diagnostic::do_not_recommend]
impl<'a, T: Generate<'a>> Generate<'a> for Option<T> {
    fn generate(source: &mut Source<'a>) -> Self {
        match source.byte() {
            0..64 => None,
            _ => source.deeper(T::generate),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<'a, T: Generate<'a>> Generate<'a> for Box<T> {
    fn generate(source: &mut Source<'a>) -> Self {
        Self::new(T::generate(source))
    }
}
