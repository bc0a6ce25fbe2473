//! Every request and response of Apache Kafka as plain structs, encoded and
//! decoded in every version.
//!
//! - [`messages`]: the messages, a module for each API.
//! - [`KafkaWire`]: encode and decode; the derive of the same name makes a
//!   message of a struct of your own.
//! - [`frame`]: length, header and message in one.
//! - [`ApiKey`], [`ErrorCode`]: what the numbers mean; [`constants`]: those of fields.
//! - [`StructSchema`]: the schema of a message as data.
//!
//! # Decoding is safe
//!
//! Whatever the bytes, decoding returns a message or an [`Error`] that names
//! message, version, field and byte offset. It does not panic, takes time
//! linear in the input, and takes at most [`Limits::memory_factor`] times its
//! length in memory.
//!
//! [`KafkaWire`](trait@KafkaWire#which-function-to-decode-with) says which
//! function to use for bytes that other people's programs sent.
//!
//! # Features
//!
//! - `std` (default). Without it the crate is `no_std` with `alloc`.
//! - `json`: messages as JSON, in the form of Kafka's own tools; the module `json`.
//! - `proptest`: strategies for every message and every struct of yours, and
//!   `testing::check`, the whole test of one in a line.
//! - `arbitrary`: `generate::InVersion` of either for a fuzz target, and
//!   `testing::check_bytes` and `testing::check_value` to do with it.
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

extern crate alloc;
// Derived code names this crate by its name, here as elsewhere.
extern crate self as libkafka_protocol;

/// The example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[doc(hidden)]
pub mod __derive;
mod api_key;
pub mod constants;
mod consumer_protocol;
mod error;
mod error_code;
mod failure;
mod features;
pub mod frame;
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
pub mod generate;
mod input;
#[cfg(feature = "json")]
pub mod json;
mod limits;
mod message;
// A field whose name says what it is needs no line of docs.
#[allow(missing_docs)]
pub mod messages;
mod overlooked;
mod reader;
mod request;
mod schema;
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
pub mod testing;
mod versions;
pub mod wire;
mod writer;

pub use bytes::Bytes;
pub use libkafka_derive::KafkaWire;

pub use self::api_key::ApiKey;
pub use self::error::{Error, ErrorKind};
pub use self::error_code::ErrorCode;
pub use self::input::Input;
pub use self::limits::Limits;
pub use self::message::{KafkaWire, WireStruct};
pub use self::overlooked::Overlooked;
pub use self::reader::Reader;
pub use self::request::{Request, Response, TargetKind};
pub use self::schema::{FieldSchema, FieldType, StructSchema};
pub use self::versions::Versions;
pub use self::wire::{BrokerIds, ParseUuidError, UnknownTags, Uuid};
pub use self::writer::Writer;
