//! A crate that depends on libkafka-protocol and nothing else, without the
//! standard library: what the derive writes needs neither. Its tests hold
//! structs of every kind that a user may write against bytes written by hand.
#![no_std]

use libkafka_protocol::KafkaWire;

/// Nothing in it is owned, and no allocation is made for it.
#[derive(Debug, Clone, PartialEq, KafkaWire)]
#[kafka(versions = "0-1", flexible = "1+")]
pub struct Greeting<'a> {
    /// Who greets.
    pub name: &'a str,
    /// With what, since version 1.
    #[kafka(versions = "1+")]
    pub gift: Option<&'a [u8]>,
}
