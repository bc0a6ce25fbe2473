//! What the targets share: every message, to be picked by the first bytes of
//! the input.
#![forbid(unsafe_code)]

use std::fmt::Debug;

use arbitrary::{Arbitrary, Unstructured};
use libkafka_protocol::generate::{Generate, InVersion};
use libkafka_protocol::testing::{check_bytes, check_value};
use libkafka_protocol::wire::Decode;
use libkafka_protocol::{KafkaWire, Versions, for_each_message, messages::*};

/// A message of any type.
pub struct Message {
    kind: &'static str,
    versions: Versions,
    check_bytes: fn(i16, &[u8]),
    check_value: fn(&[u8]) -> arbitrary::Result<()>,
}

impl Message {
    const fn of<M>(kind: &'static str) -> Self
    where
        M: KafkaWire + for<'a> Decode<'a> + for<'a> Generate<'a> + PartialEq + Debug,
    {
        Self {
            kind,
            versions: M::VERSIONS,
            check_bytes: check_bytes::<M>,
            check_value: |bytes| {
                let made = InVersion::<M>::arbitrary(&mut Unstructured::new(bytes))?;
                check_value(made.version, &made.message);
                Ok(())
            },
        }
    }
}

macro_rules! messages {
    ($($kind:ident $message:ident;)*) => {
        /// All of them.
        static MESSAGES: &[Message] = &[$(Message::of::<$message>(stringify!($kind))),*];
    };
}
for_each_message!(messages);

/// Takes the input for a message of one of these kinds: the first byte says
/// which, the second in which version, and the rest is the message.
pub fn message(kinds: &[&str], input: &[u8]) {
    let [which, version, bytes @ ..] = input else {
        return;
    };
    let Some(message) = pick(*which, |message| kinds.contains(&message.kind)) else {
        return;
    };
    let Versions { min, max } = message.versions;
    let version = min + i16::from(*version) % (max - min + 1);
    (message.check_bytes)(version, bytes);
}

/// Makes a message of the input: the first byte says which.
pub fn value(input: &[u8]) {
    if let [which, bytes @ ..] = input
        && let Some(message) = pick(*which, |_| true)
    {
        // Too few bytes to pick a version.
        let _ = (message.check_value)(bytes);
    }
}

fn pick(which: u8, eligible: impl Fn(&Message) -> bool) -> Option<&'static Message> {
    let eligible: Vec<_> = MESSAGES
        .iter()
        .filter(|message| eligible(message))
        .collect();
    let index = usize::from(which).checked_rem(eligible.len())?;
    eligible.get(index).copied()
}
