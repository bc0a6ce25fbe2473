//! Values of our own making: encoded here, read and written again by Kafka.

use std::cell::{Cell, RefCell};
use std::fmt::Debug;

use libkafka_protocol::generate::{Generate, strategy};
use libkafka_protocol::json::ToJson;
use libkafka_protocol::{KafkaWire, for_each_message, messages::*};
use libkafka_testkafka::{Oracle, require};
use proptest::prop_assert_eq;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::json::without_records;

/// Values of each message in each version.
const CASES: u32 = 8;

#[test]
fn values_of_every_message_are_to_kafka_what_they_are_here() {
    require!();
    let oracle = RefCell::new(Oracle::start().expect("an oracle"));
    let mut versions = 0;
    macro_rules! compare_each {
        ($($kind:ident $message:ident;)*) => {
            $(
                for version in $message::VERSIONS.iter() {
                    compare::<$message>(version, &oracle);
                    versions += 1;
                }
            )*
        };
    }
    for_each_message!(compare_each);
    assert_eq!(versions, 640);
}

fn compare<M>(version: i16, oracle: &RefCell<Oracle>)
where
    M: KafkaWire + ToJson + for<'a> Generate<'a> + Debug,
{
    let name = M::SCHEMA.name;
    let failed = |error: &dyn ToString| TestCaseError::fail(error.to_string());
    let compared = Cell::new(0);
    let result = runner().run(&strategy::<M>(version), |value| {
        let mut bytes = Vec::new();
        value.encode(version, &mut bytes).map_err(|e| failed(&e))?;
        let kafkas = oracle
            .borrow_mut()
            .check(name, version, &bytes)
            .map_err(|e| failed(&e))?
            .map_err(|e| failed(&e))?;
        prop_assert_eq!(kafkas.trailing, 0);
        prop_assert_eq!(kafkas.bytes, bytes);
        let mut json = value.to_json(version).map_err(|e| failed(&e))?;
        without_records(&mut json, &kafkas.json);
        prop_assert_eq!(json, kafkas.json);
        compared.set(compared.get() + 1);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{name} v{version}: {error}");
    }
    assert_eq!(compared.get(), CASES);
}

/// Fresh values in each run; what fails is shown, at its simplest.
fn runner() -> TestRunner {
    TestRunner::new(Config {
        cases: CASES,
        failure_persistence: None,
        max_shrink_iters: 4096,
        ..Config::default()
    })
}
