//! Limits: what a frame can cost before it is refused.
//!
//! No length or count is trusted. A count that the remaining bytes cannot hold is refused at once
//! ([`CountTooLarge`](crate::ErrorKind::CountTooLarge)). A count that they can hold may still be
//! expensive, since an element of one byte on the wire can be a struct of a hundred in memory: so
//! arrays and boxes together take at most [`memory_factor`](crate::Limits::memory_factor) times the
//! length of the input ([`MemoryLimit`](crate::ErrorKind::MemoryLimit)), and are nested at most
//! [`depth`](crate::Limits::depth) levels deep ([`TooDeep`](crate::ErrorKind::TooDeep)). Strings
//! and bytes do not count: they take what they took of the input. Fields of type
//! [`Bytes`](crate::Bytes) take nothing if the input is `Bytes`, since they are slices of it.
//!
//! ```
//! use libkafka_protocol::messages::MetadataRequest;
//! use libkafka_protocol::{ErrorKind, KafkaWire, Limits};
//!
//! // A compact array that claims 268,435,454 topics in the one byte that follows.
//! let error = MetadataRequest::decode_exact(12, b"\xff\xff\xff\x7f\0").unwrap_err();
//! assert!(matches!(error.kind(), ErrorKind::CountTooLarge { .. }));
//!
//! // The worst valid frame of Kafka takes 35 times its length; these are tighter.
//! let limits = Limits::default().memory_factor(8).depth(4);
//! # let _ = MetadataRequest::decode_with(12, b"\0\x01\0\0", limits)?;
//! # Ok::<(), libkafka_protocol::Error>(())
//! ```
//!
//! The length of a frame must be limited by the program that reads it from a socket:
//! `libkafka-client` has `Config::max_response_bytes` for that, and a server needs a limit like
//! Kafka's `socket.request.max.bytes`.
