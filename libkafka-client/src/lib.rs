//! A thin synchronous Kafka client: no runtime, no hidden threads, a deadline on every call.
//!
//! All work happens within a call, in the caller's thread. Nothing is retried or committed, and no
//! offset moves, unless you say so; and every error says what to do about it.
//!
//! # Produce
//!
//! A [`Producer`] sends [records](ProducerRecord) to all partitions of any topics, in batches, over
//! one connection to each broker. Each record is stored exactly once and in order, whatever fails.
//! Any number of threads may share it; a thread that waits does the work.
//!
//! ```no_run
//! use std::time::Duration;
//! use libkafka_client::{Config, Producer, ProducerConfig, ProducerRecord};
//!
//! let producer = Producer::new(Config::new("localhost:9092"), ProducerConfig::new())?;
//! let wait = Duration::from_secs(10);
//! producer.send(&ProducerRecord::new("orders", "order-1", "paid"), wait)?;
//! for lost in producer.close(wait) {
//!     eprintln!("{lost}");
//! }
//! # Ok::<(), libkafka_client::Error>(())
//! ```
//!
//! A [`PartitionProducer`] sends record batches to one partition, each when you say so.
//! [`batch::Builder`] builds them, and [`ProducerOptions`] set when the broker answers and whether
//! the producer is idempotent. A [`ProduceLane`] sends batches for many partitions of one broker.
//!
//! ```no_run
//! use libkafka_client::{Client, Config, batch::Builder};
//!
//! let mut client = Client::new(Config::new("localhost:9092"))?;
//! let mut producer = client.producer("orders", 0)?;
//! let mut builder = Builder::new();
//! builder.add("order-1", "paid")?;
//! let produced = producer.produce(builder.build_bytes()?)?;
//! println!("at offset {:?}", produced.base_offset);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Read a partition
//!
//! A [`PartitionFetcher`] fetches batches from one partition, as slices of the buffer that the
//! response was read into. Its position changes only when you call
//! [`seek`](PartitionFetcher::seek). [`visible_batches`](Fetched::visible_batches) leaves out what
//! no application should see: records before the position, markers of transactions and, if only
//! committed records are read, aborted ones.
//!
//! ```no_run
//! # use libkafka_client::{Client, Config};
//! use libkafka_client::OffsetSpec;
//!
//! # let mut client = Client::new(Config::new("localhost:9092"))?;
//! let mut fetcher = client.fetcher("orders", 0)?;
//! fetcher.seek_to(OffsetSpec::Earliest)?;
//! let fetched = fetcher.fetch()?;
//! let mut batches = fetched.visible_batches();
//! for batch in &mut batches {
//!     for record in &batch?.records()? {
//!         println!("{}", record?.value_text().unwrap_or_default());
//!     }
//! }
//! fetcher.seek(batches.next_offset());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A [`FetchLane`] reads many partitions of a broker over one connection with shared requests; one
//! thread waits for several lanes with [`wait`]. A [`Topology`] says which broker leads which
//! partition, after one request for all topics.
//!
//! # Read topics
//!
//! A [`Consumer`] reads whole topics, as a member of a group that shares them or on its own. One
//! call, [`poll`](Consumer::poll), returns what happened next as a value: [records](ClaimedBatch),
//! partitions that were assigned, are being revoked or were lost, and [trouble](Polled::Trouble)
//! with one of them. Meanwhile it fetches, follows leaders, sends heartbeats and rebalances, all in
//! your thread. Only what is [handled](ClaimedBatch::handled) is ever committed, and nothing is
//! skipped unless you say so.
//!
//! ```no_run
//! # use libkafka_client::{Client, Config};
//! use std::time::Duration;
//! use libkafka_client::membership::{ConsumerOptions as Protocol, Membership, Subscription};
//! use libkafka_client::{ConsumerOptions, Polled};
//!
//! # let client = Client::new(Config::new("localhost:9092"))?;
//! // A member of KIP-848, by an id of its own; `Membership::classic` for Kafka before 4.0.
//! let topics = Subscription::topics(["orders"]);
//! let membership = Membership::consumer("billing", "member-1", topics, Protocol::default());
//! let mut consumer = client.consumer(membership, ConsumerOptions::new())?;
//! loop {
//!     match consumer.poll(Duration::from_secs(1))? {
//!         Polled::Records(batch) => {
//!             for record in &batch.records()? {
//!                 println!("{}", record?.value_text().unwrap_or_default());
//!             }
//!             batch.handled();
//!         }
//!         Polled::Trouble { claim, error, .. } => eprintln!("{claim:?}: {error}"),
//!         Polled::Stopped { .. } => break,
//!         _ => {}
//!     }
//! }
//! consumer.close(Duration::from_secs(10))?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Workers`] are several threads of yours that handle what one consumer reads, each partition in
//! order. If a handler may take longer than the session timeout, give the consumer one more thread
//! that keeps its partitions meanwhile: a [`Keeper`], or [`Workers::keep`]. The examples
//! `group_worker`, `parallel` and `mirror` are complete programs.
//!
//! # Be in a group
//!
//! A [`GroupMember`] is a member of a group, with the classic protocol or with KIP-848: it joins,
//! sends heartbeats and rebalances while you call it, and returns what happens to its partitions as
//! [events](membership::Event). [`Offsets`] commits and looks up how far the group has read, a
//! [`Tracker`] says what can be committed when records are handled out of order, and a [`Keeper`]
//! keeps a member alive on a thread that you give it. Use [`Group`] to send each request yourself.
//!
//! ```no_run
//! # use libkafka_client::{Client, Config};
//! use std::time::Duration;
//! use libkafka_client::assignor::CooperativeSticky;
//! use libkafka_client::membership::{ClassicOptions, Event, Membership, Subscription};
//!
//! # let mut client = Client::new(Config::new("localhost:9092"))?;
//! let options = ClassicOptions::default().assignor(CooperativeSticky);
//! let membership = Membership::classic("billing", Subscription::topics(["orders"]), options);
//! let mut member = client.group_member(membership);
//! while !member.is_over() {
//!     member.polled();
//!     match member.wait(Duration::from_secs(1))? {
//!         Some(Event::Assigned { claims }) => println!("to be read: {claims:?}"),
//!         Some(Event::Revoking { claims, .. }) => member.release(&claims), // commit before
//!         Some(event) => println!("{event:?}"),
//!         None => {} // read and handle records
//!     }
//! }
//! # Ok::<(), libkafka_client::Error>(())
//! ```
//!
//! # Call anything
//!
//! [`Client::call`] sends any [`Request`](protocol::Request) of [`protocol`], or one of your own,
//! in the highest version that both sides have. [`Client::call_to`] takes the broker to send it to.
//! Topics, configs, groups and the cluster have methods of their own, such as
//! [`Client::create_topic`]; [`Client::group`] is a member of a group.
//!
//! ```no_run
//! # use libkafka_client::{Client, Config};
//! use libkafka_client::Target;
//! use libkafka_client::protocol::messages::{DescribeClusterRequest, ListGroupsRequest};
//!
//! # let mut client = Client::new(Config::new("localhost:9092"))?;
//! let cluster = client.call(&DescribeClusterRequest::default())?;
//! for broker in &cluster.brokers {
//!     let target = Target::Broker(broker.broker_id);
//!     let groups = client.call_to(target, &ListGroupsRequest::default())?;
//!     println!("broker {}: {} groups", broker.broker_id, groups.groups.len());
//! }
//! # Ok::<(), libkafka_client::Error>(())
//! ```
//!
//! # Retry
//!
//! [`Error::retry_method`] says whether the same call may succeed later, and
//! [`Error::possibly_written`] whether it may already have taken effect. A [`RetryPolicy`]
//! considers both. For one call, [`Client::within`] overrides [`Config::timeout`].
//!
//! ```no_run
//! # use libkafka_client::{Client, Config};
//! use std::time::Duration;
//! use libkafka_client::RetryPolicy;
//!
//! # let mut client = Client::new(Config::new("localhost:9092"))?;
//! let policy = RetryPolicy::for_idempotent_calls();
//! let mut fetcher = client.fetcher("orders", 0)?;
//! let fetched = policy.run(Duration::from_secs(60), &mut fetcher, |fetcher| fetcher.fetch())?;
//! # Ok::<(), libkafka_client::Error>(())
//! ```
//!
//! # Wait for several brokers
//!
//! [`wait`] waits for lanes, members and anything else that is [`Waitable`], in one system call. A
//! broker that stalls does not delay the others. A [`Waker`] ends the wait from another thread or
//! from a signal handler.
//!
//! # Secure
//!
//! [`Config::sasl`] authenticates every connection, with [`Plain`], `Scram`, [`OauthBearer`] or a
//! [`SaslMechanism`] of your own. `Config::tls` encrypts them (features `tls`, `tls-ring` and
//! `tls-graviola`).
//!
#![cfg_attr(
    all(feature = "scram", any(feature = "tls-ring", feature = "tls-graviola")),
    doc = "```no_run",
    doc = "use libkafka_client::{Client, Config, Scram, Tls};",
    doc = "",
    doc = "let config = Config::new(\"kafka-1.example:9093\")",
    doc = "    .tls(Tls::trusting(\"/etc/ssl/certs/ca-certificates.crt\")?)",
    doc = "    .sasl(Scram::sha_512(\"alice\", \"secret\"));",
    doc = "let mut client = Client::new(config)?;",
    doc = "# Ok::<(), libkafka_client::Error>(())",
    doc = "```"
)]
//!
//! # Threads
//!
//! [`Client`], [`PartitionProducer`], [`PartitionFetcher`], [`Consumer`], [`Group`] and the lanes
//! are [`Send`]: each may move to another thread, and is used by one at a time. To use several
//! threads, give each its own client, producer or fetcher. [`Producer`] is [`Sync`] and meant to be
//! shared. [`Config`] and [`Error`] are [`Send`] and [`Sync`], and clients made from clones of one
//! configuration share what they learn about addresses.
//!
//! # Features
//!
//! - `scram` (default): the SASL mechanisms SCRAM-SHA-256 and -512. The other mechanisms are always
//!   available.
//! - `dns`: finds brokers through DNS SRV records, and resolves names within the deadline.
//! - `log`: log lines through the `log` crate, for connections made and exchanges that failed
//!   (`debug`) and for every exchange (`trace`).
//! - `gzip`, `snappy`, `lz4`, `zstd`, `crc-fast` (default), `zstd-structured` and `zstd-c`: the
//!   features of [`libkafka-batch`](batch#features) with the same names, so one dependency line is
//!   enough. Without default features, the batch crate has none either.
//! - `tls`: TLS through rustls, with your own `rustls::ClientConfig` and therefore with any
//!   cryptography provider. It includes none.
//! - `tls-ring`: `tls` with ring, which needs a C compiler to build. The only other feature that
//!   needs one is `zstd-c`.
//! - `tls-graviola`: `tls` with graviola, which needs no C compiler. It runs on aarch64 with the
//!   AES instructions, and on x86-64 with AVX2 and ADX (Intel since 2014, AMD since 2017). On other
//!   processors `Tls` returns [`Error::Config`]. It needs Rust 1.89.
//!
//!   What either costs a client, on an AMD EPYC (Zen 4), with AES-256-GCM; the handshake is one of
//!   TLS 1.3 in full, against a certificate of P-256:
//!
//!   | | ring | graviola |
//!   | --- | ---: | ---: |
//!   | handshake with X25519 | 199 µs | 188 µs |
//!   | handshake with the key exchange that it prefers | 198 µs | 178 µs |
//!   | encrypt and send 64 KiB | 11.1 µs | 11.0 µs |
//!   | receive and decrypt 64 KiB | 11.8 µs | 29.6 µs |
//!
//!   So graviola costs a producer nothing, and a consumer of much data should prefer ring.
#![forbid(unsafe_code)]
// Says on each item which feature it needs, where docs.rs builds the page.
#![cfg_attr(docsrs, feature(doc_cfg))]

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
mod consumer;
mod deadline;
mod error;
mod error_text;
mod escaped;
mod exchange;
mod fetch;
mod group;
mod learnt;
mod net;
mod partition_results;
mod place;
mod producer;
mod retry;
mod retryable;
mod sasl;
mod sasl_error;
mod timings;
mod topic_partition;
mod wire_value;
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
pub use self::consumer::{
    ClaimStatus, ClaimedBatch, Commits, Consumer, ConsumerOptions, ConsumerSource, Cursor, Flow,
    OnCorruptBatch, OnOutOfRange, OnTruncation, Polled, StartAt, Work, Workers,
};
pub use self::deadline::Deadline;
pub use self::error::{Error, RetryMethod};
pub use self::exchange::{Exchange, Observer};
pub use self::fetch::{
    EpochEndOffset, FetchBudget, FetchLane, FetchLaneOptions, FetchOptions, FetchOutcome,
    FetchPosition, Fetched, Isolation, LaneFetch, OffsetAndTimestamp, OffsetSpec, PartitionFetcher,
};
pub use self::group::{
    Commit, Committed, Group, GroupMember, GroupOptions, Joined, Keeper, Lag, LockedMember, Member,
    Offsets, OffsetsOptions, SharedMember, Span, Tracker, Watermark, assignor, membership,
};
#[cfg(feature = "tls")]
pub use self::net::Tls;
pub use self::net::{
    ConnectError, Connecting, Connector, Interest, Readiness, Ready, Socket, Stop, TcpConnector,
    TcpOptions, Transport, Waitable, Waker, wait,
};
#[cfg(feature = "dns")]
pub use self::net::{Dns, Srv};
pub use self::partition_results::PartitionResults;
pub use self::place::{Phase, Place};
pub use self::producer::{
    Acks, Delivery, DeliveryCounts, LaneBatch, LaneOutcome, PartitionFunction, PartitionLoad,
    PartitionProducer, PartitionState, Partitioner, ProduceLane, ProduceLaneOptions, Produced,
    Producer, ProducerConfig, ProducerOptions, ProducerRecord, StickyPartitioner, Ticket,
};
/// What a [`Delivery`] says of a batch.
pub mod delivery {
    pub use crate::producer::{Closed, Failure, Reason, Tries, Try};
}
pub use self::retry::{Retry, RetryPolicy};
pub use self::retryable::Retryable;
#[cfg(feature = "scram")]
pub use self::sasl::Scram;
pub use self::sasl::{OauthBearer, Plain, SaslMechanism, SaslSession, Token};
pub use self::sasl_error::SaslError;
pub use self::timings::Timings;
pub use self::topic_partition::TopicPartition;
pub use self::within::Within;
