//! Every message, from and to Kafka's bytes and JSON.

use libkafka_protocol::json::FromJson;
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{Bytes, KafkaWire, messages::*};
use serde_json::Value;

use crate::vector::{Vector, vectors};

/// Any message.
trait Message: KafkaWire + FromJson + for<'de> Decode<'de> {
    fn decoded(vector: &Vector) -> Self {
        Self::decode_exact(vector.version, &vector.bytes)
            .unwrap_or_else(|error| panic!("{}: {error}", vector.label()))
    }

    fn encoded(&self, vector: &Vector) -> Bytes {
        let mut bytes = Vec::new();
        self.encode(vector.version, &mut bytes)
            .unwrap_or_else(|error| panic!("{}: {error}", vector.label()));
        bytes.into()
    }
}

impl<M: KafkaWire + FromJson + for<'de> Decode<'de>> Message for M {}

/// Something to check of a vector whose message is `M`.
trait Check {
    fn check<M: Message>(vector: &Vector);
}

fn for_each_vector<C: Check>() {
    let mut count = 0;
    for vector in vectors() {
        macro_rules! dispatch {
            ($($kind:ident $message:ident;)*) => {
                match &*vector.name {
                    $(stringify!($message) => C::check::<$message>(&vector),)*
                    name => panic!("no such message: {name}"),
                }
            };
        }
        libkafka_protocol::for_each_message!(dispatch);
        count += 1;
    }
    assert_eq!(count, 3840);
}

#[test]
fn every_message_of_kafkas_own_decodes_and_encodes_to_the_same_bytes() {
    struct RoundTrip;
    impl Check for RoundTrip {
        fn check<M: Message>(vector: &Vector) {
            let again = M::decoded(vector).encoded(vector);
            assert_eq!(again, vector.bytes, "{}", vector.label());
        }
    }
    for_each_vector::<RoundTrip>();
}

#[test]
fn every_message_becomes_the_json_that_kafka_makes_of_it() {
    struct ToKafkasJson;
    impl Check for ToKafkasJson {
        fn check<M: Message>(vector: &Vector) {
            let json = M::decoded(vector).to_json(vector.version);
            assert_eq!(json, Ok(vector.json()), "{}", vector.label());
        }
    }
    for_each_vector::<ToKafkasJson>();
}

#[test]
fn kafkas_json_becomes_the_message_that_kafka_made_it_of() {
    struct FromKafkasJson;
    impl Check for FromKafkasJson {
        fn check<M: Message>(vector: &Vector) {
            let message = M::from_json(vector.version, &vector.json())
                .unwrap_or_else(|error| panic!("{}: {error}", vector.label()));
            let bytes = message.encoded(vector);
            if vector.tagged_structs().next().is_none() {
                return assert_eq!(bytes, vector.bytes, "{}", vector.label());
            }
            // The message comes back without the unknown tags, which JSON has no place for. All
            // else is there if these other bytes, too, are of a message with this JSON...
            let again = M::decode_exact(vector.version, &bytes)
                .and_then(|message| message.to_json(vector.version))
                .unwrap_or_else(|error| panic!("{}: {error}", vector.label()));
            let mut expected = vector.json();
            // ... but for structs that only those tags told from their default.
            for pointer in vector.tagged_structs() {
                let (parent, field) = pointer.rsplit_once('/').unwrap_or_default();
                if again.pointer(pointer).is_none()
                    && let Some(Value::Object(parent)) = expected.pointer_mut(parent)
                {
                    parent.remove(field);
                }
            }
            assert_eq!(again, expected, "{}", vector.label());
        }
    }
    for_each_vector::<FromKafkasJson>();
}
