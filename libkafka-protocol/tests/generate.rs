//! Values made up for tests: what they are, and what their test finds.

use std::panic::catch_unwind;

use libkafka_protocol::generate::{InVersion, any_version, message_from_bytes, strategy, versions};
use libkafka_protocol::messages::{AlterClientQuotasRequest, MetadataResponse, RequestHeader};
use libkafka_protocol::testing::{check, check_bytes, check_value, check_with};
use libkafka_protocol::wire::{Decode, Encode};
use libkafka_protocol::{Bytes, KafkaWire, Uuid, Versions};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};

/// A thousand values, the same ones in every run.
fn thousand<S: Strategy>(strategy: &S) -> impl Iterator<Item = S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..1000).map(move |_| strategy.new_tree(&mut runner).unwrap().current())
}

#[test]
fn no_bytes_make_the_simplest_value_of_the_version() {
    let (header, rest) = message_from_bytes::<RequestHeader>(1, &[]);
    let simplest = RequestHeader {
        client_id: None,
        ..RequestHeader::default()
    };
    assert_eq!(header, simplest);
    assert!(rest.is_empty());
}

#[test]
fn the_same_bytes_make_the_same_value_and_leave_what_they_do_not_need() {
    let bytes: Vec<u8> = (0..=255).cycle().skip(60).take(600).collect();
    let (value, rest) = message_from_bytes::<MetadataResponse>(12, &bytes);
    let used = bytes.len() - rest.len();
    assert!((1..600).contains(&used), "{used} bytes were used");
    assert_eq!(message_from_bytes(12, &bytes[..used]), (value, &[][..]));
}

#[test]
fn values_reach_every_edge_of_a_message() {
    let mut met = [false; 9];
    for response in thousand(&strategy::<MetadataResponse>(12)) {
        let topics = &response.topics;
        let partitions = || topics.iter().flat_map(|topic| &topic.partitions);
        let names = || topics.iter().filter_map(|topic| topic.name.as_deref());
        for (met, now) in met.iter_mut().zip([
            topics.is_empty(),
            topics.len() > 120,
            topics.iter().any(|topic| topic.name.is_none()),
            names().any(str::is_empty),
            names().any(|name| name.len() == i16::MAX as usize),
            names().any(|name| !name.is_ascii()),
            partitions().any(|p| p.replica_nodes.len() > 4),
            partitions().any(|p| p.leader_id == i32::MIN),
            !response.unknown_tags.is_empty(),
        ]) {
            *met |= now;
        }
    }
    assert_eq!(met, [true; 9]);
}

#[test]
fn values_reach_the_odd_floats() {
    let values = || {
        thousand(&strategy::<AlterClientQuotasRequest>(1))
            .flat_map(|request| request.entries)
            .flat_map(|entry| entry.ops)
            .map(|op| op.value)
            .collect::<Vec<f64>>()
    };
    assert!(values().iter().any(|value| value.is_nan()));
    assert!(values().iter().any(|value| value.is_infinite()));
    assert!(
        values()
            .iter()
            .any(|value| value.to_bits() == (-0.0_f64).to_bits())
    );
}

#[test]
fn any_version_draws_every_version() {
    let mut versions: Vec<i16> = thousand(&any_version::<MetadataResponse>())
        .map(|InVersion { version, .. }| version)
        .collect();
    versions.sort();
    versions.dedup();
    assert!(versions.into_iter().eq(MetadataResponse::VERSIONS.iter()));
}

#[test]
#[should_panic(expected = "MetadataResponse does not exist in version 99")]
fn a_strategy_for_a_version_that_does_not_exist_says_so() {
    let _ = strategy::<MetadataResponse>(99);
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "1+", flexible = "3+")]
struct Own<'a, T> {
    name: &'a str,
    #[kafka(versions = "2+", nullable = "4+", ignorable)]
    payload: Option<&'a [u8]>,
    #[kafka(versions = "3-6", default = [1, 2])]
    numbers: Vec<u16>,
    #[kafka(versions = "5+", tag = 3, default = "x")]
    text: String,
    id: Id,
    child: Option<Box<Child>>,
    generic: Vec<T>,
}

/// No unknown tags are kept in it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct Child {
    #[kafka(nullable = "none")]
    bytes: Option<Bytes>,
    children: Vec<Child>,
    next: Option<Box<Child>>,
    #[kafka(not_flexible)]
    old: String,
}

#[derive(Debug, Clone, PartialEq, KafkaWire)]
struct Id(Uuid);

#[test]
fn a_users_own_struct_is_checked_in_one_line() {
    check::<Own<'static, i64>>();
}

#[test]
fn an_open_range_ends_behind_the_last_change() {
    assert_eq!(versions::<Own<i64>>(), Versions::new(1, 7));
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(versions = "2+")]
    struct Unchanged {
        field: i8,
    }
    assert_eq!(versions::<Unchanged>(), Versions::new(2, 3));
    assert_eq!(versions::<RequestHeader>(), RequestHeader::VERSIONS);
}

/// What the check says of a message that has `T` for a field.
fn verdict<T>() -> String
where
    T: for<'a> libkafka_protocol::generate::Generate<'a>
        + Encode
        + for<'a> Decode<'a>
        + Default
        + PartialEq
        + std::fmt::Debug
        + 'static,
{
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(versions = "0-1", flexible = "1+")]
    struct Message<T> {
        value: T,
    }
    let checked = catch_unwind(|| check_with::<Message<T>>(Config::with_cases(64)));
    match checked {
        Ok(()) => "fine".into(),
        Err(panic) => panic.downcast_ref::<String>().cloned().unwrap_or_default(),
    }
}

/// A number whose codec is `write` and `read`.
macro_rules! flawed {
    ($name:ident, |$value:ident, $w:ident| $write:expr, |$r:ident| $read:expr) => {
        #[derive(Debug, Clone, Copy, PartialEq, Default)]
        struct $name(i16);

        impl libkafka_protocol::wire::Value for $name {
            const TYPE: libkafka_protocol::FieldType = libkafka_protocol::FieldType::Int16;
            const MIN_SIZE: usize = 1;
            fn is_default(&self) -> bool {
                self.0 == 0
            }
        }

        impl Encode for $name {
            fn write<'w>(
                &'w self,
                $w: &mut libkafka_protocol::Writer<'w>,
            ) -> Result<(), libkafka_protocol::Error> {
                let $value = self.0;
                $write;
                Ok(())
            }
        }

        impl<'de> Decode<'de> for $name {
            fn read(
                &mut self,
                $r: &mut libkafka_protocol::Reader<'de>,
            ) -> Result<(), libkafka_protocol::Error> {
                self.0 = $read;
                Ok(())
            }
        }

        impl<'a> libkafka_protocol::generate::Generate<'a> for $name {
            fn generate(source: &mut libkafka_protocol::generate::Source<'a>) -> Self {
                Self(i16::generate(source))
            }
        }
    };
}

#[test]
fn the_check_finds_a_codec_that_loses_something() {
    flawed!(Sound, |value, w| w.put(&value.to_be_bytes()), |r| {
        i16::from_be_bytes(r.array()?)
    });
    assert_eq!(verdict::<Sound>(), "fine");

    flawed!(Lossy, |value, w| w.put(&[value as u8]), |r| i16::from(
        r.array::<1>()?[0]
    ));
    let verdict = verdict::<Lossy>();
    assert!(verdict.contains("Message v0: "), "{verdict}");
    assert!(verdict.contains("the value changed"), "{verdict}");
}

#[test]
fn the_check_finds_a_decoder_that_is_content_with_less_or_panics() {
    flawed!(
        Content,
        |value, w| w.put(&value.to_be_bytes()),
        |r| match r.rest().len() {
            0 => 0,
            1 => i16::from(r.array::<1>()?[0]),
            _ => i16::from_be_bytes(r.array()?),
        }
    );
    let found = verdict::<Content>();
    assert!(found.contains("are a message too"), "{found}");

    flawed!(Panics, |value, w| w.put(&value.to_be_bytes()), |r| {
        i16::from_be_bytes([r.rest()[0], r.take(2)?[1]])
    });
    let found = verdict::<Panics>();
    assert!(found.contains("index out of bounds"), "{found}");
}

#[test]
fn what_a_fuzz_target_calls_finds_a_flaw_in_values_and_in_bytes() {
    flawed!(Drifts, |value, w| w.put(&value.to_be_bytes()), |r| {
        i16::from_be_bytes(r.array()?).wrapping_add(1)
    });
    #[derive(Debug, Clone, PartialEq, KafkaWire)]
    #[kafka(versions = "0")]
    struct Message<T> {
        value: T,
    }
    let value = Message { value: Drifts(7) };
    assert!(catch_unwind(|| check_value(0, &value)).is_err());
    assert!(catch_unwind(|| check_bytes::<Message<Drifts>>(0, &[0, 7])).is_err());
    // Too few bytes for a message are as good as any that are refused.
    check_bytes::<Message<Drifts>>(0, &[0]);
}
