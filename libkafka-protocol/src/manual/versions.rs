//! Versions: which one two sides speak, and what happens to fields that it lacks.
//!
//! Each API has its own versions, counted from 0. A client asks for the ranges that a broker
//! serves (`ApiVersions`, KIP-35), and sends each request in the highest version that both have:
//!
//! ```
//! use libkafka_protocol::messages::MetadataRequest;
//! use libkafka_protocol::{KafkaWire, Versions};
//!
//! let served_by_the_broker = Versions::new(0, 9);
//! let both = MetadataRequest::VERSIONS.intersect(served_by_the_broker);
//! assert_eq!((both.is_empty(), both.max), (false, 9));
//! ```
//!
//! `libkafka-client` does this on every connection. A broker that does not know the version of an
//! `ApiVersions` request answers in version 0 with the error `UNSUPPORTED_VERSION`, so that the
//! client can ask again. When it receives any other request of an unknown version, it closes the
//! connection.
//!
//! One struct serves all versions of a message. A field that the version lacks has its default
//! after decoding. When encoding, it is an error to set a field that the version lacks
//! ([`NotInVersion`](crate::ErrorKind::NotInVersion)), because the peer would not see it. Fields
//! that are *ignorable* are dropped without an error, as in Kafka's own classes: they are a hint,
//! not an instruction.
//!
//! ```
//! use libkafka_protocol::messages::MetadataRequest;
//! use libkafka_protocol::{ErrorKind, KafkaWire};
//!
//! // Version 3 always allows topics to be created, and cannot be told otherwise.
//! let request = MetadataRequest { allow_auto_topic_creation: false, ..Default::default() };
//! let error = request.encode(3, &mut Vec::new()).unwrap_err();
//! assert_eq!(error.kind(), &ErrorKind::NotInVersion);
//! assert!(error.to_string().contains("allow_auto_topic_creation"));
//! assert!(request.encode(4, &mut Vec::new()).is_ok());
//! ```
//!
//! The doc comment of each message says what its versions added.
