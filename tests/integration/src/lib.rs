//! Suites that run the crates against the embedded broker and real Apache Kafka, and here what
//! several of them need.

mod access;
mod records;

pub use access::{config, token, with_sasl};
pub use records::{batch, values};

/// The examples in the workspace's README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
