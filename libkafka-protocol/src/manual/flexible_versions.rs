//! Flexible versions: compact lengths and tagged fields (KIP-482).
//!
//! From a certain version on, which differs from API to API
//! ([`FLEXIBLE`](crate::KafkaWire::FLEXIBLE)), lengths and counts are varints of one more than the
//! length (0 is null), and each struct ends with tagged fields: optional fields, which a peer that
//! does not know them skips.
//!
//! ```
//! use libkafka_protocol::KafkaWire;
//! use libkafka_protocol::messages::HeartbeatRequest;
//!
//! let request = HeartbeatRequest { group_id: "g".into(), ..Default::default() };
//! let (mut rigid, mut flexible) = (Vec::new(), Vec::new());
//! request.encode(3, &mut rigid)?;
//! request.encode(4, &mut flexible)?;
//! assert_eq!(HeartbeatRequest::FLEXIBLE.min, 4);
//! assert_eq!((&rigid[..3], &flexible[..2]), (&b"\0\x01g"[..], &b"\x02g"[..]));
//! # Ok::<(), libkafka_protocol::Error>(())
//! ```
//!
//! The header is flexible if the message is: requests have header 2 instead of 1, responses header
//! 1 instead of 0. The one exception is the response to `ApiVersions`, which has header 0 in every
//! version, since the client does not know yet what the broker understands. [`frame`](crate::frame)
//! takes care of all that.
