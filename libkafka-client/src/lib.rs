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
mod bootstrap;
mod broker;
mod call_time;
mod cluster;
mod config;
mod connection;
mod deadline;
mod error;
mod error_text;
mod escaped;
mod exchange;
mod fetch;
mod group;
mod learnt;
mod net;
mod place;
mod producer;
mod retry;
mod retryable;
mod sasl;
mod sasl_error;
mod timings;
mod topic_partition;
mod within;

pub use libkafka_batch as batch;
pub use libkafka_protocol as protocol;
#[cfg(feature = "tls")]
pub use rustls;

pub use self::address::{Address, ParseAddressError};
pub use self::admin::{
    ClusterDescription, ConfigEntry, ConfigResource, DescribedGroup, ListedGroup, NewTopic,
};
pub use self::broker::Broker;
pub use self::call_time::CallTime;
pub use self::cluster::{
    Changes, Client, Leader, LeaderHint, PartitionMetadata, RefreshPacing, ReplacedTopic, Target,
    TopicMetadata, Topology,
};
pub use self::config::Config;
pub use self::deadline::Deadline;
pub use self::error::{Error, RetryMethod};
pub use self::exchange::{Exchange, Observer};
pub use self::fetch::{
    EpochEndOffset, FetchOptions, FetchPosition, Fetched, Isolation, OffsetAndTimestamp,
    OffsetSpec, PartitionFetcher,
};
pub use self::group::{
    Commit, Committed, Group, Joined, Member, Span, Tracker, Watermark, assignor, membership,
};
#[cfg(feature = "tls")]
pub use self::net::Tls;
pub use self::net::{
    ConnectError, Connecting, Connector, Interest, Readiness, Ready, Socket, TcpConnector,
    TcpOptions, Transport, Waitable, Waker, wait,
};
#[cfg(feature = "dns")]
pub use self::net::{Dns, Srv};
pub use self::place::{Phase, Place};
pub use self::producer::{
    Acks, LaneBatch, LaneOutcome, PartitionLoad, PartitionProducer, PartitionState, ProduceLane,
    ProduceLaneOptions, Produced, ProducerOptions, StickyPartitioner,
};
pub use self::retry::{Retry, RetryPolicy};
pub use self::retryable::Retryable;
#[cfg(feature = "scram")]
pub use self::sasl::Scram;
pub use self::sasl::{OauthBearer, Plain, SaslMechanism, SaslSession, Token};
pub use self::sasl_error::SaslError;
pub use self::timings::Timings;
pub use self::topic_partition::TopicPartition;
pub use self::within::Within;
