//! A proxy between Kafka's clients and brokers, as an example of `libkafka-protocol` without the
//! client: a server, a client and a rewriter of frames, on tokio.
//!
//! Clients connect to the proxy, which connects to a broker for each of them. In responses it
//! puts itself in place of every broker, each by a port of its own, so that clients come back to
//! it whatever they are told: by Metadata, FindCoordinator, DescribeCluster, and since KIP-951 by
//! the responses of Produce, Fetch, ShareFetch and ShareAcknowledge that name a new leader. And it
//! renames one topic: clients know it by one name, brokers by another.
//!
//! Everything else is passed on byte for byte. A frame is encoded again only if something in it
//! was changed, and then keeps its header, its unknown tagged fields, and what follows the message.
//!
//! # Limits
//!
//! - Names within opaque bytes stay as they are: those that the members of a classic group send to
//!   each other, which all know the topic by the clients' name, and those in the logs of brokers.
//! - Regular expressions that a broker evaluates see the brokers' name.
//! - It speaks no TLS. SASL passes through.
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
