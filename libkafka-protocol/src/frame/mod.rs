//! Frames: a length of four bytes, a header, and a message.
//!
//! | | request | response |
//! | --- | --- | --- |
//! | append to a buffer | [`encode_request`] | [`encode_response`] |
//! | build for one vectored write | [`request_frame`] | [`response_frame`] |
//! | decode, from any sender | [`decode_request`] | [`decode_response`] |
//! | decode, refusing every fault | [`decode_request_exact`] | [`decode_response_exact`] |
//!
//! The arguments come in the order of the frame: the version and the correlation id, or the header
//! that contains both; then the message; then the buffer. The functions that decode take a frame
//! without its length field.
//!
//! # Which function to decode with
//!
//! Servers, clients and proxies talk to programs that others wrote. [`decode_request`] and
//! [`decode_response`] are for them: like Kafka's own brokers and clients they overlook bytes after
//! the message, and they report how many there were. The exact functions are for tests, and for
//! programs that check what others send.
//!
//! ```
//! use libkafka_protocol::messages::{HeartbeatRequest, RequestHeader};
//! use libkafka_protocol::{ApiKey, Bytes, frame};
//!
//! let header = RequestHeader {
//!     request_api_key: ApiKey::HEARTBEAT,
//!     request_api_version: 4,
//!     correlation_id: 1,
//!     ..Default::default()
//! };
//! let mut out = Vec::new();
//! frame::encode_request(&header, &HeartbeatRequest::default(), &mut out)?;
//!
//! // On the other side, where someone appended a byte:
//! out.push(0);
//! let received = Bytes::from(out).slice(frame::LENGTH_SIZE..);
//! let (header, request, overlooked) = frame::decode_request::<HeartbeatRequest>(&received)?;
//! assert_eq!((header.correlation_id, request), (1, HeartbeatRequest::default()));
//! assert_eq!(overlooked.trailing_bytes, 1);
//! # Ok::<(), libkafka_protocol::Error>(())
//! ```

mod decode;
mod encode;
mod refusal;
mod vectored;

pub use self::decode::{
    decode_request, decode_request_exact, decode_request_header, decode_response,
    decode_response_exact,
};
pub use self::encode::{
    LENGTH_SIZE, encode_request, encode_response, request_frame, response_frame,
};
pub use self::vectored::Frame;
