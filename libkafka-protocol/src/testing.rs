//! The test of a message, yours or Kafka's, in one line (feature `proptest`).

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Debug;

use bytes::Bytes;
use proptest::arbitrary::any;
use proptest::collection::vec;
use proptest::sample::{Index, select};
use proptest::strategy::{Just, Strategy};
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use proptest::{prop_assert, prop_assert_eq, prop_oneof};

use crate::generate::strategy::entropy;
use crate::generate::{Generate, message, versions};
use crate::wire::Decode;
use crate::{ErrorKind, KafkaWire};

/// Most prefixes of one encoding that are tried; of a longer one, as many
/// spread over it.
const MAX_PREFIXES: usize = 96;

/// Most attempts to make a failing value simpler, unless the caller says otherwise.
const MAX_SHRINKS: u32 = 4096;

/// Bytes of noise that are taken for a message.
const MAX_NOISE: usize = 96;

/// Tests encode and decode of a message in all its versions.
///
/// In each of them, of many values that it can carry:
///
/// - a value becomes bytes, these the same value, and that the same bytes,
///   whether the input is a [`Bytes`] or a slice;
/// - what follows the message is left to the caller, or an error where it must
///   take up all;
/// - every prefix of the bytes is an error;
/// - the bytes with some of them changed, left out or added, and bytes that
///   never were a message, are an error or a message that encodes, decodes and
///   encodes to the same bytes again; nothing panics.
///
/// Decoding keeps to the default [`Limits`](crate::Limits): a struct that needs
/// more memory than they allow fails here.
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
        let (value, _) = message::<T>(version, leak(entropy));
        let bytes = check_value(version, &value)?;
        check_prefixes::<T>(version, bytes)?;
        let mut damaged = bytes.to_vec();
        for damage in damages {
            damage.apply(&mut damaged);
            check_hostile::<T>(version, leak(damaged.clone()))?;
        }
        check_hostile::<T>(version, leak(noise))
    });
    match result {
        Ok(()) => {}
        Err(TestError::Fail(reason, (entropy, damages, noise))) => {
            let (value, _) = message::<T>(version, leak(entropy));
            panic!(
                "{} v{version}: {reason}\nvalue: {value:?}\nbytes: {}\ndamage: {damages:?}\n\
                 noise: {}",
                T::SCHEMA.name,
                encode(version, &value).map_or_else(|error| format!("{error}"), |b| hex(&b)),
                hex(&noise),
            )
        }
        Err(error) => panic!("{} v{version}: {error}", T::SCHEMA.name),
    }
}

/// A struct may borrow from its bytes, and nothing but `'static` says so of a
/// type parameter.
fn leak(bytes: Vec<u8>) -> &'static [u8] {
    Box::leak(bytes.into_boxed_slice())
}

fn encode<T: KafkaWire>(version: i16, value: &T) -> Result<Vec<u8>, TestCaseError> {
    let mut bytes = Vec::new();
    match value.encode(version, &mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) => Err(TestCaseError::fail(format!("does not encode: {error}"))),
    }
}

fn decode<T>(version: i16, bytes: &'static [u8]) -> Result<T, TestCaseError>
where
    T: KafkaWire + Decode<'static>,
{
    T::decode_exact(version, bytes)
        .map_err(|error| TestCaseError::fail(format!("does not decode: {error}")))
}

/// Value to bytes to value to bytes; the bytes are returned.
fn check_value<T>(version: i16, value: &T) -> Result<&'static [u8], TestCaseError>
where
    T: KafkaWire + Decode<'static> + PartialEq + Debug,
{
    let bytes = leak(encode(version, value)?);
    let decoded: T = decode(version, bytes)?;
    prop_assert_eq!(&*encode(version, &decoded)?, bytes, "the bytes changed");
    // A value with NaN is not even itself.
    #[allow(clippy::eq_op)]
    let is_itself = value == value;
    if is_itself {
        prop_assert_eq!(&decoded, value, "the value changed");
    }

    // Where there is a `Bytes`, what is decoded may be slices of it.
    let followed = [bytes, b"rest"].concat();
    let source: &'static Bytes = Box::leak(Box::new(Bytes::from(followed)));
    match T::decode(version, source) {
        Ok((decoded, rest)) => {
            prop_assert_eq!(rest, b"rest", "not all of it was read, or too much");
            prop_assert_eq!(
                &*encode(version, &decoded)?,
                bytes,
                "of `Bytes` it is another"
            );
        }
        Err(error) => return Err(TestCaseError::fail(format!("of `Bytes`: {error}"))),
    }
    let trailing = T::decode_exact(version, source).err();
    prop_assert_eq!(
        trailing.as_ref().map(|error| error.kind()),
        Some(&ErrorKind::TrailingBytes(4))
    );
    Ok(bytes)
}

fn check_prefixes<T>(version: i16, bytes: &'static [u8]) -> Result<(), TestCaseError>
where
    T: KafkaWire + Decode<'static> + Debug,
{
    let step = bytes.len().div_ceil(MAX_PREFIXES).max(1);
    for length in (0..bytes.len()).step_by(step) {
        let decoded = T::decode_exact(version, &bytes[..length]);
        prop_assert!(
            decoded.is_err(),
            "the first {length} bytes of {} are a message too: {decoded:?}",
            bytes.len()
        );
    }
    Ok(())
}

/// Bytes that may be anything fail to decode, or are a message that stays the
/// same from there on.
fn check_hostile<T>(version: i16, bytes: &'static [u8]) -> Result<(), TestCaseError>
where
    T: KafkaWire + Decode<'static> + PartialEq + Debug,
{
    match T::decode(version, bytes) {
        Ok((value, _)) => check_value(version, &value).map(|_| ()),
        Err(_) => Ok(()),
    }
}

/// What happens to the bytes of a message on the way.
#[derive(Debug, Clone)]
struct Damage {
    at: Index,
    kind: DamageKind,
}

#[derive(Debug, Clone)]
enum DamageKind {
    Set(u8),
    Insert(u8),
    Remove,
    Truncate,
}

fn damage() -> impl Strategy<Value = Damage> {
    let kind = prop_oneof![
        8 => byte().prop_map(DamageKind::Set),
        2 => byte().prop_map(DamageKind::Insert),
        2 => Just(DamageKind::Remove),
        1 => Just(DamageKind::Truncate),
    ];
    (any::<Index>(), kind).prop_map(|(at, kind)| Damage { at, kind })
}

/// A byte, often one that means something in a length.
fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![
        0..4_u8,
        select(&[0x7f, 0x80, 0x81, 0xfe, 0xff][..]),
        any::<u8>(),
    ]
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let at = self.at.index(bytes.len());
        match self.kind {
            DamageKind::Set(byte) => bytes[at] = byte,
            DamageKind::Insert(byte) => bytes.insert(at, byte),
            DamageKind::Remove => drop(bytes.remove(at)),
            DamageKind::Truncate => bytes.truncate(at),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
