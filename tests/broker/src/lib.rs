//! A Kafka broker in memory, for tests: as strict as a real one, started in a millisecond, and
//! able to fail on purpose.
//!
//! ```
//! use libkafka_testbroker::Broker;
//!
//! let broker = Broker::builder().nodes(3).topic("orders", 4).start()?;
//! println!("point a client at {}", broker.bootstrap());
//! # Ok::<(), libkafka_testbroker::Error>(())
//! ```
//!
//! It listens on real sockets, so any client in any language can use it; the program of the same
//! name is for clients that are not written in Rust.
//!
//! - [`Builder`]: the number of nodes, topics, listeners and the configuration.
//! - [`Broker`]: the handle, with everything that a test can do to a cluster.
//! - [`Fault`]: which requests should fail, and how.
//!
//! # Time
//!
//! Session timeouts, transaction timeouts and timestamps depend on the broker's own clock. It runs
//! like any other until a test [stops](Broker::freeze_clock) it or [moves](Broker::advance_clock)
//! it forward, so no test needs to sleep.
//!
//! # Features
//!
//! - `cli` (default): the program.
//! - `tls`: listeners with TLS. Its cryptography is that of `ring`, which needs a C compiler to
//!   build.
#![forbid(unsafe_code)]

/// The example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod api;
mod broker;
mod budget;
mod builder;
mod clock;
mod connection;
mod control;
mod error;
mod fault;
mod listener;
mod log_line;
mod peer;
mod release;
mod sasl;
mod server;
mod shared;
mod state;
mod timer;
#[cfg(feature = "tls")]
mod tls;
mod transport;

pub use broker::Broker;
pub use builder::Builder;
pub use control::FaultHandle;
pub use error::Error;
pub use fault::{ArmedFault, Fault};
pub use listener::Listener;
pub use release::{KAFKA_2_8, Release};
#[cfg(feature = "tls")]
pub use tls::Tls;
