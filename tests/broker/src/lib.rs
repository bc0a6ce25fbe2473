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
#![forbid(unsafe_code)]

mod api;
mod broker;
mod builder;
mod clock;
mod connection;
mod control;
mod error;
mod fault;
mod listener;
mod log_line;
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
pub use error::Error;
pub use fault::{ArmedFault, Fault, FaultHandle};
pub use listener::Listener;
pub use release::{KAFKA_2_8, Release};
#[cfg(feature = "tls")]
pub use tls::Tls;
