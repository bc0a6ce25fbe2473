//! A proxy between Kafka's clients and brokers, as an example of `libkafka-protocol` without the
//! client: a server, a client and a rewriter of frames, on tokio.
//!
//! Clients connect to the proxy, which connects to a broker for each of them. In responses it
//! replaces the address of every broker with its own, with a port for each, so that clients always
//! come back to it: in Metadata, FindCoordinator, DescribeCluster and, since KIP-951, the responses
//! of Produce, Fetch, ShareFetch and ShareAcknowledge that name a new leader. It also renames one
//! topic: clients know it by one name, brokers by another.
//!
//! Everything else is passed on byte for byte. A frame is encoded again only if something in it
//! was changed, and then keeps its header, its unknown tagged fields, and what follows the message.
//!
//! # Limits
//!
//! - Names within opaque bytes are not changed: those that the members of a classic group send to
//!   each other, all of which know the topic by the clients' name, and those in the logs of
//!   brokers.
//! - Regular expressions that a broker evaluates see the brokers' name.
//! - It does not support TLS. SASL passes through.
//! - It holds one frame in each direction of a connection, of at most [`MAX_FRAME`], and what
//!   that takes once it is decoded; [`MAX_CONNECTIONS`] connections, [`MAX_BROKERS`] brokers.
#![forbid(unsafe_code)]

mod change;
mod connection;
mod frames;
mod messages;
mod proxy;
mod rename;
mod rewrite;
mod routes;

pub use frames::MAX_FRAME;
pub use proxy::{MAX_CONNECTIONS, Proxy};
pub use rename::Rename;
pub use routes::MAX_BROKERS;
