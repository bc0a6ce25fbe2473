//! `check`: the complete test of a message.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Debug;

use proptest::collection::vec;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use super::damage::{Damage, byte, damage};
use super::round_trip::{check_encoded, check_prefixes, encode, encode_with_rest, hex};
use crate::generate::strategy::entropy;
use crate::generate::{Generate, message_from_bytes, versions};
use crate::message::KafkaWire;
use crate::wire::Decode;

/// The most attempts to simplify a failing value, unless the caller sets a number.
const MAX_SHRINKS: u32 = 4096;

/// The most bytes of noise that are decoded as a message.
const MAX_NOISE: usize = 96;

/// Tests encoding and decoding a message in all its versions.
///
/// In each version, for many values that it can carry:
///
/// - a value is encoded, decoded to the same value and encoded to the same bytes again, whether the
///   input is a [`Bytes`](crate::Bytes) or a slice;
/// - bytes after the message are returned by `decode`, counted by `decode_lenient` and refused by
///   `decode_exact`;
/// - every prefix of the bytes is an error;
/// - bytes of which some were changed, removed or added, and bytes that never were a message, are
///   an error or a message that survives the round trip above; nothing panics.
///
/// ```
/// use libkafka_protocol::{KafkaWire, UnknownTags};
///
/// /// The assignment that our own application keeps in a group.
/// #[derive(Debug, Clone, PartialEq, KafkaWire)]
/// #[kafka(versions = "0-2", flexible = "1+")]
/// struct Assignment {
///     topics: Vec<String>,
///     #[kafka(versions = "1+", nullable = "2+", ignorable)]
///     user_data: Option<Vec<i64>>,
///     #[kafka(versions = "2+", tag = 0, default = -1)]
///     epoch: i32,
///     unknown_tags: UnknownTags,
/// }
///
/// # fn main() {
/// libkafka_protocol::testing::check::<Assignment>();
/// # }
/// ```
///
/// The number of cases is proptest's default, 256 for each version, or `PROPTEST_CASES`.
///
/// A struct with a lifetime is checked as `Assignment<'static>`. Since it may borrow from them, the
/// bytes of each case stay allocated until the process ends: a few kilobytes for each.
///
/// # Panics
/// If any of this fails, with the simplest value found that fails.
pub fn check<T>()
where
    T: KafkaWire + Generate<'static> + Decode<'static> + PartialEq + Debug,
{
    check_with::<T>(Config::default());
}

/// Like [`check`], with a configuration of proptest. Its number of cases is for each version.
///
/// # Panics
/// If [`check`] does.
pub fn check_with<T>(config: Config)
where
    T: KafkaWire + Generate<'static> + Decode<'static> + PartialEq + Debug,
{
    let config = Config {
        // A failure prints the message and its bytes, which a test can use. A seed is not needed.
        failure_persistence: None,
        // The default is four for each case, too few if there are few cases.
        max_shrink_iters: match config.max_shrink_iters {
            u32::MAX => MAX_SHRINKS,
            max => max,
        },
        ..config
    };
    for version in versions::<T>().iter() {
        check_version::<T>(version, config.clone());
    }
}

fn check_version<T>(version: i16, config: Config)
where
    T: KafkaWire + Generate<'static> + Decode<'static> + PartialEq + Debug,
{
    let inputs = (entropy(), vec(damage(), 0..12), vec(byte(), 0..=MAX_NOISE));
    let result = TestRunner::new(config).run(&inputs, |(entropy, damages, noise)| {
        check_case::<T>(version, entropy, &damages, noise).map_err(TestCaseError::fail)
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, (entropy, damages, noise))) => {
            let (value, _) = message_from_bytes::<T>(version, leak(entropy));
            let bytes = encode(version, &value).map_or_else(|error| error, |bytes| hex(&bytes));
            panic!(
                "{} v{version}: {reason}\nvalue: {value:?}\nbytes: {bytes}\n\
                 damage: {damages:?}\nnoise: {}",
                T::SCHEMA.name,
                hex(&noise),
            )
        }
        Err(error) => panic!("{} v{version}: {error}", T::SCHEMA.name),
    }
}

fn check_case<T>(
    version: i16,
    entropy: Vec<u8>,
    damages: &[Damage],
    noise: Vec<u8>,
) -> Result<(), String>
where
    T: KafkaWire + Generate<'static> + Decode<'static> + PartialEq + Debug,
{
    let (value, _) = message_from_bytes::<T>(version, leak(entropy));
    let bytes = check_encoded(
        version,
        &value,
        Box::leak(Box::new(encode_with_rest(version, &value)?)),
    )?;
    check_prefixes::<T>(version, bytes)?;
    let mut damaged = bytes.to_vec();
    for damage in damages {
        damage.apply(&mut damaged);
        check_hostile::<T>(version, damaged.clone())
            .map_err(|reason| format!("of {}: {reason}", hex(&damaged)))?;
    }
    check_hostile::<T>(version, noise)
}

/// Like [`check_bytes`](super::check_bytes), for a struct that may borrow.
fn check_hostile<T>(version: i16, bytes: Vec<u8>) -> Result<(), String>
where
    T: KafkaWire + Decode<'static> + PartialEq + Debug,
{
    match T::decode(version, leak(bytes)) {
        Ok((value, _)) => {
            let with_rest = encode_with_rest(version, &value)?;
            check_encoded(version, &value, Box::leak(Box::new(with_rest))).map(|_| ())
        }
        Err(_) => Ok(()),
    }
}

/// A struct may borrow from its bytes, which a type parameter can only express with `'static`.
fn leak(bytes: Vec<u8>) -> &'static [u8] {
    Box::leak(bytes.into_boxed_slice())
}
