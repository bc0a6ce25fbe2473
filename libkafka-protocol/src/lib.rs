//! Every request and response of Apache Kafka as plain structs, encoded and
//! decoded in every version.
//!
//! # Encode and decode
//!
//! A message is a struct with public fields. One struct serves all versions; the version is an
//! argument.
//!
//! ```
//! use libkafka_protocol::KafkaWire;
//! use libkafka_protocol::messages::HeartbeatRequest;
//!
//! let request = HeartbeatRequest {
//!     group_id: "checkout".into(),
//!     generation_id: 7,
//!     ..Default::default()
//! };
//! let mut body = Vec::new();
//! request.encode(4, &mut body)?;
//! assert_eq!(HeartbeatRequest::decode_exact(4, &body)?, request);
//! # Ok::<(), libkafka_protocol::Error>(())
//! ```
//!
//! [`messages`] has a module for each API. [`ApiKey`] and [`ErrorCode`] name the API keys and error
//! codes, and [`constants`] names the values of some fields. [`StructSchema`] has the names,
//! versions and defaults of fields as data.
//!
//! # Read and write frames
//!
//! [`frame`] joins length, header and message, and takes them apart again. A server or a proxy
//! looks at the header first:
//!
//! ```
//! use libkafka_protocol::messages::{FindCoordinatorRequest, RequestHeader};
//! use libkafka_protocol::{ApiKey, Bytes, frame};
//! # let header = RequestHeader {
//! #     request_api_key: ApiKey::FIND_COORDINATOR,
//! #     request_api_version: 4,
//! #     ..Default::default()
//! # };
//! # let mut out = Vec::new();
//! # frame::encode_request(&header, &FindCoordinatorRequest::default(), &mut out)?;
//! # let received = Bytes::from(out).slice(frame::LENGTH_SIZE..);
//!
//! let (header, _body) = frame::decode_request_header(&received)?;
//! match header.request_api_key {
//!     ApiKey::FIND_COORDINATOR => {
//!         let (_, request, _) = frame::decode_request::<FindCoordinatorRequest>(&received)?;
//!         println!("coordinators of {:?} are asked for", request.coordinator_keys);
//!     }
//!     other => println!("passed on: {other}"),
//! }
//! # Ok::<(), libkafka_protocol::Error>(())
//! ```
//!
//! # A message of your own
//!
//! The annotations are those of Kafka's schemas; [`KafkaWire`](macro@KafkaWire) explains each.
//!
//! ```
//! use libkafka_protocol::KafkaWire;
//!
//! #[derive(Debug, Clone, PartialEq, KafkaWire)]
//! #[kafka(api_key = 1000, versions = "0-1", flexible = "1+", response = AuditResponse)]
//! pub struct AuditRequest {
//!     /// Null for everyone.
//!     pub user: Option<String>,
//!     #[kafka(versions = "1+", default = 100)]
//!     pub max_entries: i32,
//! }
//!
//! #[derive(Debug, Clone, PartialEq, KafkaWire)]
//! #[kafka(api_key = 1000, versions = "0-1", flexible = "1+")]
//! pub struct AuditResponse {
//!     pub entries: Vec<String>,
//! }
//! ```
//!
//! # Decoding is safe
//!
//! Whatever the bytes, decoding returns a message or an [`Error`] that names the message, the
//! version, the field and the byte offset. It never panics, takes time linear in the length of the
//! input, and takes at most [`Limits::memory_factor`] times that length in memory.
//!
//! # Questions about the protocol
//!
//! Which version do two sides speak? What are flexible versions? Null and empty, unknown tags,
//! limits, strict and lenient decoding: the [`manual`] has a page for each.
//!
//! # Features
//!
//! - `std` (default). Without it the crate is `no_std` with `alloc`.
//! - `json`: messages as JSON, in the form of Kafka's own tools, in the module `json`.
//! - `proptest`: strategies for every message and for every struct of yours, and `testing::check`,
//!   which tests one completely in a single line.
//! - `arbitrary`: `generate::InVersion` of either for a fuzz target, and `testing::check_bytes` and
//!   `testing::check_value` to use there.
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
// Says on each item which feature it needs, where docs.rs builds the page.
#![cfg_attr(docsrs, feature(doc_cfg))]

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
pub mod manual;
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
