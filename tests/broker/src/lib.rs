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
//! It listens on real sockets, so that any client in any language can use it; the program of the
//! same name is for those that are not written in Rust.
//!
//! - [`Builder`]: how many nodes, which topics, which listeners, which configuration.
//! - [`Broker`]: the handle, with all that a test does to a cluster.
//! - [`Fault`]: which requests are to fail, and how.
//!
//! # Time
//!
//! Session timeouts, transaction timeouts and timestamps go by a clock of the broker's own. It
//! runs like any other until a test [holds](Broker::freeze_clock) it or
//! [moves](Broker::advance_clock) it on; no test needs to sleep.
//!
//! # Features
//!
//! - `cli` (default): the program.
//! - `tls`: listeners with TLS. Its cryptography is that of `ring`, which takes a C compiler to
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
