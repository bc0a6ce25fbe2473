//! `Arbitrary`: messages for fuzz targets.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::source::Generate;
use super::versioned::{InVersion, message_from_bytes, versions};
use crate::message::KafkaWire;

/// A message in any version that it exists in.
///
/// ```
/// use libkafka_protocol::generate::InVersion;
/// use libkafka_protocol::messages::FetchRequest;
/// use libkafka_protocol::testing::check_value;
///
/// // The body of a `fuzz_target!`.
/// fn survives(input: InVersion<FetchRequest>) {
///     check_value(input.version, &input.message);
/// }
/// # use arbitrary::{Arbitrary, Unstructured};
/// # let mut bytes = Unstructured::new(&[7; 300]);
/// # survives(InVersion::arbitrary(&mut bytes).unwrap());
/// ```
impl<'a, T: KafkaWire + Generate<'a>> Arbitrary<'a> for InVersion<T> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let versions = versions::<T>();
        let version = u.int_in_range(versions.min..=versions.max)?;
        let bytes = u.peek_bytes(u.len()).unwrap_or_default();
        let (message, rest) = message_from_bytes(version, bytes);
        u.bytes(bytes.len() - rest.len())?;
        Ok(Self { version, message })
    }
}
