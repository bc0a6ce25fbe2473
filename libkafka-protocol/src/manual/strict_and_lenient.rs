//! Strict and lenient decoding.
//!
//! Some clients send a few bytes too many, and some brokers send null where the schema does not
//! allow it. Kafka's own programs overlook that, so a program that talks to them must do so too.
//! Two faults are overlooked and [counted](crate::Overlooked), and no others: bytes after the end
//! of the message, and arrays that are null but must not be, which are read as empty.
//!
//! | bytes from | use | mode |
//! | --- | --- | --- |
//! | clients and brokers of others | [`frame::decode_request`](crate::frame::decode_request), [`frame::decode_response`](crate::frame::decode_response), [`decode_lenient`](crate::KafkaWire::decode_lenient) | lenient |
//! | your own program, or Kafka's classes | [`decode_exact`](crate::KafkaWire::decode_exact), [`frame::decode_request_exact`](crate::frame::decode_request_exact) | strict |
//! | a program that you test | the strict functions: they report each fault as an error | strict |
//! | a stream in which more may follow | [`decode`](crate::KafkaWire::decode), which returns the rest | strict, except that more may follow |
//!
//! ```
//! use libkafka_protocol::messages::HeartbeatResponse;
//! use libkafka_protocol::{KafkaWire, Limits};
//!
//! let body = b"\0\0\0\0\0\0\0extra";
//! let (_, overlooked) = HeartbeatResponse::decode_lenient(4, body, Limits::default())?;
//! assert_eq!(overlooked.trailing_bytes, 5);
//! assert!(HeartbeatResponse::decode_exact(4, body).is_err());
//! # Ok::<(), libkafka_protocol::Error>(())
//! ```
