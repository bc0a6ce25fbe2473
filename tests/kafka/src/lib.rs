//! Starts and stops real Apache Kafka, any version, from Maven Central, for tests.
//!
//! Needs a JDK of 17 or later and Maven, on Linux or macOS, and a Python of 3.8 or later for
//! librdkafka. What Maven and pip fetch is kept in the user's cache folder, or in
//! `LIBKAFKA_CACHE`. A test that needs it starts with [`require!`], and then [`Kafka::shared`] or
//! [`Kafka::start`].

#![forbid(unsafe_code)]

mod builder;
pub mod cache;
mod certificates;
mod classes;
mod cluster;
mod error;
mod group_oracle;
mod guard;
mod jars;
mod java;
mod kafka;
mod listener;
mod mechanism;
mod one_shot;
mod oracle;
mod ports;
mod probe;
mod process;
mod properties;
pub mod python;
mod require;
mod security;
mod server_properties;
mod session;
mod settings;
mod storage;
mod tier;
mod tool;
mod user;
mod version;
mod zookeeper;

pub use builder::Builder;
pub use certificates::{Certificates, Identity};
pub use error::Error;
pub use group_oracle::GroupOracle;
pub use jars::{broker_jars, tools_jars};
pub use kafka::Kafka;
pub use listener::Listener;
pub use mechanism::Mechanism;
pub use one_shot::one_shot;
pub use oracle::{Accepted, JsonLines, Oracle, Refused};
pub use session::Session;
pub use tool::{Printed, Tool};
pub use user::User;
pub use version::Version;

#[doc(hidden)]
pub use require::{Skipped as __Skipped, available as __available, needs as __needs};
