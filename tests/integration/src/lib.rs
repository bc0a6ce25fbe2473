//! Suites that run the crates against the embedded broker and real Apache Kafka, and here what
//! several of them need.

mod access;
pub mod cluster;
mod example;
mod lane_reader;
mod patience;
mod records;
pub mod strangers;
mod topics;
pub mod wire;

pub use access::{config, token, with_sasl, with_tls};
pub use example::example;
pub use lane_reader::LaneReader;
pub use libkafka_testdeadline::fails_within;
pub use patience::{PATIENCE, patiently, try_patiently, until, until_ok};
pub use records::{batch, batch_at, committed_values, values};
pub use topics::create;

/// The examples in the workspace's README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
