//! Unknown tags: tagged fields that a newer peer sent.
//!
//! Every struct of a flexible version may end with tagged fields, and a program skips the tags that
//! it does not know. This library keeps what it skips, in the field `unknown_tags` of each struct,
//! and writes it again. A proxy that decodes a frame, changes it and encodes it loses nothing.
//!
//! ```
//! use libkafka_protocol::KafkaWire;
//! use libkafka_protocol::messages::HeartbeatRequest;
//!
//! // Group, generation, member, no instance id, one tag: 9, of two bytes.
//! let body = b"\x02g\0\0\0\0\x01\0\x01\x09\x02hi";
//! let request = HeartbeatRequest::decode_exact(4, body)?;
//! assert_eq!(request.unknown_tags.get(9), Some(&b"hi"[..]));
//! let mut again = Vec::new();
//! request.encode(4, &mut again)?;
//! assert_eq!(again, body);
//! # Ok::<(), libkafka_protocol::Error>(())
//! ```
//!
//! Clear them before you encode in a version that is not flexible
//! ([`TagsNotInVersion`](crate::ErrorKind::TagsNotInVersion)). A struct of your own keeps unknown
//! tags if it has a field `unknown_tags: UnknownTags`, and skips them otherwise.
