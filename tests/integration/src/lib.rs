//! Suites that run the crates against the embedded broker and real Apache Kafka

/// The examples in the workspace's README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
