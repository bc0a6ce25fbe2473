//! A thin synchronous Kafka client: no runtime, no hidden threads, a deadline on every call.
//!
//! - [`Client`]: any request to the broker that it has to go to.
//! - [`PartitionProducer`] and [`PartitionFetcher`]: the ends of one partition.
//! - [`Group`]: a member of a group, or who commits offsets for one.
//! - [`Config`]: how to reach a cluster, and within what limits.
//! - [`Error`]: what happened, where, and what to do about it.
//!
//! - `Tls` and [`SaslMechanism`]: how to be safe on the way and known on arrival.
//!
//! Records are built and read by [`batch`], requests and responses are those of [`protocol`].
//!
//! # Features
//!
//! - `scram` (default): the SASL mechanisms SCRAM-SHA-256 and -512. The others are always there.
//! - `dns`: brokers found by DNS SRV records, and names resolved within the deadline.
//! - `log`: lines by the `log` crate for connections made and exchanges that failed (`debug`) and
//!   for every exchange (`trace`).
//! - `tls`: TLS by rustls. Its cryptography is that of `ring`, which takes a C compiler to build;
//!   nothing else here does.
#![forbid(unsafe_code)]

/// The example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod address;
mod admin;
mod at;
mod client;
mod cluster;
mod config;
mod connection;
mod deadline;
mod dial;
#[cfg(feature = "dns")]
mod dns;
mod error;
mod exchange;
mod fetched;
mod fetcher;
mod group;
mod group_offsets;
mod idempotence;
mod negotiate;
mod offsets;
mod partition;
mod producer;
mod response_reader;
mod retry;
mod route;
mod sasl;
mod tcp;
#[cfg(feature = "tls")]
mod tls;
mod transport;

pub use libkafka_batch as batch;
pub use libkafka_protocol as protocol;
#[cfg(feature = "tls")]
pub use rustls;

pub use self::address::{Address, ParseAddressError};
pub use self::admin::{
    ClusterDescription, ConfigEntry, ConfigResource, DescribedGroup, ListedGroup, NewTopic,
};
pub use self::at::{At, Phase};
pub use self::client::Client;
pub use self::config::Config;
pub use self::deadline::Deadline;
#[cfg(feature = "dns")]
pub use self::dns::{Dns, Srv};
pub use self::error::{Error, RetryMethod};
pub use self::exchange::{Broker, Exchange, Observer, Timings};
pub use self::fetched::{Fetched, Isolation};
pub use self::fetcher::PartitionFetcher;
pub use self::group::{Group, Joined, Member};
pub use self::group_offsets::{Commit, Committed};
pub use self::idempotence::Sequence;
pub use self::offsets::{EpochEnd, FoundOffset, Position};
pub use self::partition::Leader;
pub use self::producer::{Acks, PartitionProducer, Produced};
pub use self::retry::{Refresh, Retry, RetryPolicy};
pub use self::route::Target;
#[cfg(feature = "scram")]
pub use self::sasl::Scram;
pub use self::sasl::{OauthBearer, Plain, SaslError, SaslMechanism, SaslSession, Token};
pub use self::tcp::{TcpConnector, TcpOptions};
#[cfg(feature = "tls")]
pub use self::tls::Tls;
pub use self::transport::{ConnectError, Connector, Transport};
