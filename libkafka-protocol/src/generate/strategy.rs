//! `strategy`, `any_version`: strategies for proptest.

use alloc::vec::Vec;

use proptest::arbitrary::any;
use proptest::collection::vec;
use proptest::strategy::Strategy;

use super::source::Generate;
use super::versioned::{InVersion, message_from_bytes, versions};
use crate::message::KafkaWire;

/// The most bytes that a message is generated from. Most messages need fewer.
const MAX_ENTROPY: usize = 1024;

/// Values that `version` can carry.
///
/// ```
/// use libkafka_protocol::KafkaWire;
/// use libkafka_protocol::generate::strategy;
/// use libkafka_protocol::messages::HeartbeatRequest;
/// use proptest::prelude::*;
///
/// proptest!(|(request in strategy::<HeartbeatRequest>(2))| {
///     let mut body = Vec::new();
///     request.encode(2, &mut body).unwrap();
///     // Added in version 3.
///     prop_assert_eq!(request.group_instance_id, None);
/// });
/// ```
///
/// # Panics
/// If the message does not exist in the version.
pub fn strategy<T>(version: i16) -> impl Strategy<Value = T> + Clone
where
    T: KafkaWire + for<'a> Generate<'a> + core::fmt::Debug,
{
    assert!(
        T::VERSIONS.contains(version),
        "{} does not exist in version {version}, but in {}",
        T::SCHEMA.name,
        T::VERSIONS
    );
    entropy().prop_map(move |bytes| message_from_bytes(version, &bytes).0)
}

/// Values in any version of their message. They simplify towards the first version.
///
/// ```
/// use libkafka_protocol::KafkaWire;
/// use libkafka_protocol::generate::{InVersion, any_version};
/// use libkafka_protocol::messages::FetchRequest;
/// use proptest::prelude::*;
///
/// proptest!(|(InVersion { version, message } in any_version::<FetchRequest>())| {
///     prop_assert!(message.encode(version, &mut Vec::new()).is_ok());
/// });
/// ```
pub fn any_version<T>() -> impl Strategy<Value = InVersion<T>> + Clone
where
    T: KafkaWire + for<'a> Generate<'a> + core::fmt::Debug,
{
    let versions = versions::<T>();
    (versions.min..=versions.max, entropy()).prop_map(|(version, bytes)| {
        let (message, _) = message_from_bytes(version, &bytes);
        InVersion { version, message }
    })
}

/// The bytes that messages are generated from.
pub(crate) fn entropy() -> impl Strategy<Value = Vec<u8>> + Clone {
    vec(any::<u8>(), 0..=MAX_ENTROPY)
}
