//! Bytes and JSON made by Kafka 4.4.0's own classes: random instances of every message in every
//! version.

mod inspect_message;
mod messages;
mod vector;
