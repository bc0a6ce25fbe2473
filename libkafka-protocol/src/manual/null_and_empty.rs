//! Null and empty, which are different values.
//!
//! A field that can be null is an `Option`. Kafka often gives null a meaning of its own: a
//! `MetadataRequest` with `topics: None` asks for all topics, and with `Some(vec![])` for none.
//! Neither encoding nor decoding ever turns one into the other.
//!
//! ```
//! use libkafka_protocol::KafkaWire;
//! use libkafka_protocol::messages::MetadataRequest;
//!
//! for topics in [None, Some(vec![])] {
//!     let request = MetadataRequest { topics, ..Default::default() };
//!     let mut body = Vec::new();
//!     request.encode(12, &mut body)?;
//!     assert_eq!(MetadataRequest::decode_exact(12, &body)?, request);
//! }
//! # Ok::<(), libkafka_protocol::Error>(())
//! ```
//!
//! Some fields existed before they became nullable. In versions before that, `None` is an error
//! when encoding ([`UnexpectedNull`](crate::ErrorKind::UnexpectedNull)), and so is null when
//! decoding; [lenient decoding](super::strict_and_lenient) reads a null array as an empty one.
//!
//! `None` always means "null" and never "not in this version": a field that the version lacks has
//! its [default](super::versions).
