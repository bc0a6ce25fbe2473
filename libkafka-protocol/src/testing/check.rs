//! The whole test of a message.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Debug;

use proptest::collection::vec;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};

use super::damage::{Damage, byte, damage};
use super::round_trip::{check_encoded, check_prefixes, encode, followed, hex};
use crate::KafkaWire;
use crate::generate::strategy::entropy;
use crate::generate::{Generate, message, versions};
use crate::wire::Decode;

/// Most attempts to make a failing value simpler, unless the caller says otherwise.
const MAX_SHRINKS: u32 = 4096;

/// Bytes of noise that are taken for a message.
const MAX_NOISE: usize = 96;

/// Tests encode and decode of a message in all its versions.
///
/// In each of them, of many values that it can carry:
///
/// - a value becomes bytes, these the same value, and that the same bytes,
///   whether the input is a [`Bytes`](crate::Bytes) or a slice;
/// - what follows the message is left to the caller, or an error where it must
///   take up all;
/// - every prefix of the bytes is an error;
/// - the bytes with some of them changed, left out or added, and bytes that
///   never were a message, are an error or a message that encodes, decodes and
///   encodes to the same bytes again; nothing panics.
///
/// ```
/// use libkafka_protocol::{KafkaWire, UnknownTags};
///
/// /// What our own application keeps in a group's metadata.
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
/// Cases are the default of proptest, 256 to a version, or `PROPTEST_CASES`.
///
/// A struct with a lifetime is checked as `Assignment<'static>`. As it may
/// borrow from them for good, the bytes of each case stay allocated until the
/// process ends: some kilobytes to a case.
///
/// # Panics
/// If any of it does not hold, with the simplest value that was found for it.
pub fn check<T>()
where
    T: KafkaWire + Generate<'static> + Decode<'static> + PartialEq + Debug,
{
    check_with::<T>(Config::default());
}

/// As [`check`], with proptest configured by the caller; cases are those of
/// each version.
///
/// # Panics
/// As [`check`].
pub fn check_with<T>(config: Config)
where
    T: KafkaWire + Generate<'static> + Decode<'static> + PartialEq + Debug,
{
    let config = Config {
        // The message and its bytes are what to put into a test, not a seed.
        failure_persistence: None,
        // The default is four to a case, which is little where cases are few.
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
            let (value, _) = message::<T>(version, leak(entropy));
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
    let (value, _) = message::<T>(version, leak(entropy));
    let bytes = check_encoded(
        version,
        &value,
        Box::leak(Box::new(followed(version, &value)?)),
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

/// As [`check_bytes`](super::check_bytes), of a struct that may borrow.
fn check_hostile<T>(version: i16, bytes: Vec<u8>) -> Result<(), String>
where
    T: KafkaWire + Decode<'static> + PartialEq + Debug,
{
    match T::decode(version, leak(bytes)) {
        Ok((value, _)) => {
            let followed = followed(version, &value)?;
            check_encoded(version, &value, Box::leak(Box::new(followed))).map(|_| ())
        }
        Err(_) => Ok(()),
    }
}

/// A struct may borrow from its bytes, and nothing but `'static` says so of a
/// type parameter.
fn leak(bytes: Vec<u8>) -> &'static [u8] {
    Box::leak(bytes.into_boxed_slice())
}
